import fc from 'fast-check';
import { ByteWriter } from '../../../../shared/bytes';
import { messageText } from './codec';
import { alignBurstEnd, fillRead, writeAligned, writeBurstEnd } from './read-alignment';

const readBytes = 1_024;
const strict = new TextDecoder('utf-8', { fatal: true });

/** What a classic client sees of one write: reads of 1,024 bytes, each decoded by itself.
 *  @throws TypeError when a read is not UTF-8 */
function readsOf(write: Uint8Array): string[] {
  const reads: string[] = [];
  for (let at = 0; at < write.length; at += readBytes) reads.push(strict.decode(write.subarray(at, at + readBytes)));
  return reads;
}

/** The bytes of one write that holds `before` and then `text`. */
function written(text: string, before = ''): Uint8Array {
  const out = new ByteWriter();
  out.text(before);
  writeAligned(out, text);
  return out.take();
}

const scripts = { é: 2, 漢: 3, '🦊': 4 } as const;

describe.each(Object.entries(scripts))('a body of 4,000 bytes of %s', (character, bytes) => {
  const body = character.repeat(4_000 / bytes);

  test('is readable in reads of 1,024 bytes behind 0 to 1,024 bytes of ASCII', () => {
    for (let offset = 0; offset <= readBytes; offset += 1) {
      const write = written(messageText('alice', 'x'.repeat(offset) + body));
      const text = readsOf(write).join('');
      expect(text.replaceAll(' ', '')).toBe(messageText('alice', 'x'.repeat(offset) + body).replaceAll(' ', ''));
      // At most one padding for each boundary, each shorter than a character.
      expect(text.length).toBeLessThanOrEqual(text.replaceAll(' ', '').length + 2 + 5 * (bytes - 1));
    }
  });

  test('is readable behind other replies and messages in the same write', () => {
    for (let offset = 0; offset <= readBytes; offset += 1) {
      const write = written(messageText('alice', body), 'x'.repeat(offset));
      expect(readsOf(write).join('').replaceAll(' ', '')).toBe(
        `${'x'.repeat(offset)}${messageText('alice', body)}`.replaceAll(' ', ''),
      );
    }
  });
});

test('any text is readable in reads of 1,024 bytes, and differs from what was sent in spaces alone', () => {
  const unit = fc.oneof(
    fc.constantFrom(' ', 'a', 'é', '漢', '🦊', 'e\u0301', '🇨🇭', '👩‍👩‍👧', '\u200b'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  );
  const text = fc
    .tuple(fc.nat(1_100), fc.array(unit, { maxLength: 40 }), fc.integer({ min: 1, max: 60 }))
    .map(([ascii, units, times]) => 'a'.repeat(ascii) + units.join('').repeat(times));
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), (texts) => {
      const out = new ByteWriter();
      for (const one of texts) writeAligned(out, one);
      const write = out.take();
      expect(readsOf(write).join('').replaceAll(' ', '')).toBe(texts.join('').replaceAll(' ', ''));
      const surplus = write.length - Buffer.byteLength(texts.join(''));
      expect(surplus).toBeLessThanOrEqual(3 * Math.floor(write.length / readBytes));
    }),
  );
});

test('ASCII text is written as it is', () => {
  fc.assert(
    fc.property(fc.nat(3_000), fc.nat(3_000), (before, length) => {
      const text = 'lorem ipsum '.repeat(Math.ceil(length / 12)).slice(0, length);
      expect(Buffer.from(written(text, 'x'.repeat(before))).toString()).toBe('x'.repeat(before) + text);
    }),
  );
});

describe('the padding', () => {
  test('widens the last space before the boundary', () => {
    expect(Buffer.from(written(`one two ${'x'.repeat(1_015)}é three`)).toString()).toBe(
      `one two  ${'x'.repeat(1_015)}é three`,
    );
  });

  test('leaves the body as it was when the space is that behind the name of its sender', () => {
    const write = Buffer.from(written(messageText('bo', 'é'.repeat(2_000)))).toString();
    expect(write).toBe(`\nFrom bo: Message:  ${'é'.repeat(2_000)}`);
  });

  test('comes right before the character where there is no space', () => {
    const [first, second] = readsOf(written(`${'x'.repeat(1_022)}漢字`));
    expect([first, second]).toEqual([`${'x'.repeat(1_022)}  `, '漢字']);
  });

  test.each([
    ['an accent from its letter', 'e\u0301'],
    ['a family of emoji', '👩‍👩‍👧'],
    ['a flag', '🇨🇭'],
  ])('does not part %s', (_, grapheme) => {
    for (let offset = 1_000; offset <= readBytes; offset += 1) {
      const text = Buffer.from(written(`${'x'.repeat(offset)}${grapheme}y`)).toString();
      expect(text.replaceAll(' ', '')).toBe(`${'x'.repeat(offset)}${grapheme}y`);
      expect(text).toContain(grapheme);
    }
  });
});

test('the end of a burst is the end of a read, behind any number of bytes, with at most 3 spaces before it', () => {
  for (let before = 0; before <= 2 * readBytes; before += 1) {
    const out = new ByteWriter();
    out.text('x'.repeat(before));
    writeBurstEnd(out);
    const write = out.take();
    expect(readsOf(write).at(-1)?.slice(-4)).toBe('\r\n\r\n');
    expect(write.length - before - 4).toBe([3, 2, 1][(before % readBytes) - 1_021] ?? 0);
  }
});

test('a burst end that leaves in the next write is the end of a read too, if the client has read nothing by then', () => {
  for (let before = 0; before <= readBytes; before += 1) {
    const out = new ByteWriter();
    out.text('x'.repeat(before));
    alignBurstEnd(out);
    alignBurstEnd(out);
    const write = Buffer.concat([out.take(), Buffer.from('\r\n\r\n')]);
    expect(readsOf(write).at(-1)?.slice(-4)).toBe('\r\n\r\n');
  }
});

test('a write that is filled ends at a multiple of 1,024 bytes, and stays as it is if it does already', () => {
  for (let before = 0; before <= 2 * readBytes; before += 1) {
    const out = new ByteWriter();
    out.text('x'.repeat(before));
    fillRead(out);
    expect(out.take().length).toBe(Math.ceil(before / readBytes) * readBytes);
  }
});
