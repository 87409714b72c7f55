import fc from 'fast-check';
import { isPlainUtf8 } from './bytes';
import { LineDecoder } from './lines';

type Taken = string | 'too_long';

/** What comes of these pieces, up to a line that is too long. */
function take(decoder: LineDecoder, pieces: readonly Uint8Array[]): Taken[] {
  const taken: Taken[] = [];
  for (const piece of pieces) {
    decoder.push(piece);
    for (let line = decoder.next(); line !== undefined; line = decoder.next()) {
      if (line === 'too_long') return [...taken, 'too_long'];
      taken.push(`=${Buffer.from(line).toString('latin1')}`);
    }
  }
  return taken;
}

function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'));
}

function oneByOne(text: string): Uint8Array[] {
  return [...bytesOf(text)].map((byte) => Uint8Array.of(byte));
}

/** In one push, byte by byte, and in two pieces at every place. */
function everyWay(text: string): Uint8Array[][] {
  const bytes = bytesOf(text);
  const ways = [[bytes], oneByOne(text)];
  for (let at = 1; at < bytes.length; at += 1) ways.push([bytes.slice(0, at), bytes.slice(at)]);
  return ways;
}

describe.each([
  ['LF', 'a\n', ['=a']],
  ['CRLF', 'a\r\n', ['=a']],
  ['a blank line', '\n', ['=']],
  ['a blank line that ends in CRLF', '\r\n', ['=']],
  ['several lines', 'a\nbc\r\n\n\r\nd\n', ['=a', '=bc', '=', '=', '=d']],
  ['a CR inside a line', 'a\rb\n', ['=a\rb']],
  ['a CR at the start of a line', '\ra\n', ['=\ra']],
  ['two CR at the end of a line', 'a\r\r\n', ['=a\r']],
  ['a CR alone on a line', '\r\r\n', ['=\r']],
  ['a CR without LF', 'a\r', []],
  ['a line that has not ended', 'a\nb', ['=a']],
  ['nothing', '', []],
  ['bytes of any kind', '\0\xff\n\x80\r\n', ['=\0\xff', '=\x80']],
  ['a line of exactly the maximum', '12345678\n', ['=12345678']],
  ['a line of exactly the maximum that ends in CRLF', '12345678\r\n', ['=12345678']],
  ['a line of exactly the maximum that ends in a CR of its own', '1234567\r\r\n', ['=1234567\r']],
  ['a line of exactly the maximum that has not ended', '12345678', []],
  ['a line of exactly the maximum and a CR', '12345678\r', []],
  ['a line of one more', '123456789\n', ['too_long']],
  ['a line of one more that ends in CRLF', '123456789\r\n', ['too_long']],
  ['a line of one more by a CR of its own', '12345678\r\r\n', ['too_long']],
  ['a line of one more by a CR inside', '1234567\r8\n', ['too_long']],
  ['a line of one more that has not ended', '123456789', ['too_long']],
  ['a CR that turns out not to belong to a line end', '12345678\rx', ['too_long']],
  ['a line that is too long after one that is not', 'a\n12345678\r\n123456789\nb\n', ['=a', '=12345678', 'too_long']],
])('%s', (_, text, expected) => {
  test('is read in whatever pieces it comes, up to 8 bytes a line', () => {
    for (const pieces of everyWay(text)) expect(take(new LineDecoder(8), pieces)).toEqual(expected);
  });
});

test('any bytes in any pieces are the lines that splitting the whole at line ends gives', () => {
  const text = fc.string({ unit: fc.constantFrom('\n', '\r', '\r\n', 'a', 'b', '\xff'), maxLength: 60 });
  const cuts = fc.array(fc.nat({ max: 120 }), { maxLength: 12 });
  fc.assert(
    fc.property(text, cuts, (whole, places) => {
      const bytes = bytesOf(whole);
      const borders = [0, ...places.filter((at) => at < bytes.length).sort((a, b) => a - b), bytes.length];
      const pieces = borders.slice(1).map((border, index) => bytes.slice(borders[index], border));
      const lines = whole
        .split('\n')
        .slice(0, -1)
        .map((line) => `=${line.replace(/\r$/, '')}`);
      expect(take(new LineDecoder(1_000), pieces)).toEqual(lines);
    }),
    { numRuns: 500 },
  );
});

describe('a line that is known to be plain', () => {
  /** Whether each line of these pieces is known to be plain, and whether it is. */
  function plainness(pieces: readonly Uint8Array[]): { known: boolean; is: boolean }[] {
    const decoder = new LineDecoder(10_000);
    const found: { known: boolean; is: boolean }[] = [];
    for (const piece of pieces) {
      decoder.push(piece);
      for (let line = decoder.next(); line instanceof Uint8Array; line = decoder.next()) {
        found.push({ known: decoder.isPlain, is: isPlainUtf8(line) });
      }
    }
    return found;
  }

  test('is UTF-8 without NUL, in whatever pieces lines come', () => {
    const line = fc.constantFrom('x'.repeat(300), 'é'.repeat(200), '\u{1f388}'.repeat(150), 'a', '');
    const wrong = fc.constantFrom('\0', '\xff', 'y'.repeat(300)).map((text) => Buffer.from(text, 'latin1'));
    const bytes = fc.oneof({ weight: 5, arbitrary: line.map((text) => Buffer.from(text)) }, wrong);
    const cuts = fc.array(fc.nat({ max: 5_000 }), { maxLength: 4 });
    fc.assert(
      fc.property(fc.array(bytes, { maxLength: 12 }), cuts, (lines, places) => {
        const whole = Buffer.concat(lines.flatMap((each) => [each, Buffer.from('\n')]));
        const borders = [0, ...places.filter((at) => at < whole.length).sort((a, b) => a - b), whole.length];
        const pieces = borders.slice(1).map((border, index) => whole.subarray(borders[index], border));
        const found = plainness(pieces);
        expect(found).toHaveLength(lines.length);
        expect(found.filter(({ known, is }) => known && !is)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('lies in one large piece that is plain all over; of others nobody knows', () => {
    const lines = Buffer.from(`${'é'.repeat(150)}\n`.repeat(2));
    const known = (...pieces: Uint8Array[]): boolean[] => plainness(pieces).map((line) => line.known);
    expect(known(lines)).toEqual([true, true]);
    expect(known(lines.subarray(0, 401), Buffer.concat([lines.subarray(401), lines]))).toEqual([
      false,
      false,
      true,
      true,
    ]);
    expect(known(Buffer.concat([lines, Buffer.from('\0')]))).toEqual([false, false]);
    expect(known(Buffer.from('short\n'))).toEqual([false]);
  });
});

test('empty pieces between others change nothing', () => {
  const pieces = oneByOne('ab\r\ncd\n').flatMap((piece) => [new Uint8Array(0), piece, new Uint8Array(0)]);
  expect(take(new LineDecoder(8), pieces)).toEqual(['=ab', '=cd']);
});

test('asking again when more bytes are needed changes nothing', () => {
  const decoder = new LineDecoder(8);
  expect(decoder.next()).toBeUndefined();
  decoder.push(bytesOf('ab'));
  expect(decoder.next()).toBeUndefined();
  expect(decoder.next()).toBeUndefined();
  expect(take(decoder, [bytesOf('c\n')])).toEqual(['=abc']);
});

test('a line that came in pieces stays as it was when the next ones come', () => {
  const decoder = new LineDecoder(100);
  decoder.push(bytesOf('fir'));
  expect(decoder.next()).toBeUndefined();
  decoder.push(bytesOf('st\nsec'));
  const first = decoder.next() as Uint8Array;
  expect(decoder.next()).toBeUndefined();
  decoder.push(bytesOf('ond\n'));
  const second = decoder.next() as Uint8Array;
  expect([first, second].map((line) => Buffer.from(line).toString())).toEqual(['first', 'second']);
});

test('a piece that was looked at to its end may be changed by its owner', () => {
  const decoder = new LineDecoder(100);
  const piece = bytesOf('first');
  decoder.push(piece);
  expect(decoder.next()).toBeUndefined();
  piece.fill(0x78);
  expect(take(decoder, [bytesOf('\n')])).toEqual(['=first']);
});

test('a line that came in one piece is not copied', () => {
  const decoder = new LineDecoder(100);
  const piece = bytesOf('first\n');
  decoder.push(piece);
  expect((decoder.next() as Uint8Array).buffer).toBe(piece.buffer);
});

describe('the bound', () => {
  test('may rise between two lines of one piece', () => {
    const decoder = new LineDecoder(4);
    decoder.push(bytesOf('1234\n12345678\n'));
    expect(decoder.next()).toEqual(bytesOf('1234'));
    decoder.lineBytesMax = 8;
    expect(decoder.next()).toEqual(bytesOf('12345678'));
  });

  test('may fall between two lines of one piece', () => {
    const decoder = new LineDecoder(8);
    decoder.push(bytesOf('12345678\n12345\n'));
    expect(decoder.next()).toEqual(bytesOf('12345678'));
    decoder.lineBytesMax = 4;
    expect(decoder.next()).toBe('too_long');
  });

  test('holds for the part of a line that came before it fell', () => {
    const decoder = new LineDecoder(8);
    expect(take(decoder, [bytesOf('12345')])).toEqual([]);
    decoder.lineBytesMax = 4;
    expect(decoder.next()).toBe('too_long');
  });
});

describe('1 MB without a line end', () => {
  const megabyte = 1_048_576;
  const bound = 65_696;

  test('is refused in one piece', () => {
    expect(take(new LineDecoder(bound), [new Uint8Array(megabyte).fill(0x61)])).toEqual(['too_long']);
  });

  test.each([1, 7, 1_024, 65_536])('is refused in pieces of %i as soon as the bound is passed', (pieceBytes) => {
    const decoder = new LineDecoder(bound);
    const piece = new Uint8Array(pieceBytes).fill(0x61);
    let pushedBytes = 0;
    for (let answer = decoder.next(); answer === undefined; answer = decoder.next()) {
      if (pushedBytes > bound) throw new Error('not refused');
      decoder.push(piece);
      pushedBytes += pieceBytes;
    }
    expect(pushedBytes).toBeGreaterThan(bound);
    expect(pushedBytes - pieceBytes).toBeLessThanOrEqual(bound);
  });

  test('is never held: what a line in pieces takes is at most twice the bound', () => {
    const decoder = new LineDecoder(bound);
    const piece = new Uint8Array(64).fill(0x61);
    for (let round = 0; round < 3; round += 1) {
      for (let pushedBytes = 0; pushedBytes + 64 <= bound; pushedBytes += 64) {
        decoder.push(piece);
        expect(decoder.next()).toBeUndefined();
      }
      decoder.push(bytesOf('\n'));
      const line = decoder.next() as Uint8Array;
      expect(line.length).toBeGreaterThan(bound - 64);
      expect(line.buffer.byteLength).toBeLessThanOrEqual(2 * bound);
    }
  });

  test('is not copied byte by byte when it comes so', () => {
    const decoder = new LineDecoder(megabyte);
    const memories = new Set<ArrayBufferLike>();
    for (let i = 0; i < 10_000; i += 1) {
      decoder.push(Uint8Array.of(0x61));
      expect(decoder.next()).toBeUndefined();
      memories.add((decoder as unknown as { partial: Uint8Array }).partial.buffer);
    }
    expect(memories.size).toBe(15);
  });
});

describe('the head of a line that is too long', () => {
  const line = 'send bob 12345678901234567890';

  test.each([
    ['that ended', `${line}\nnext line\n`],
    ['that ended in CRLF', `${line}\r\nnext line\n`],
    ['that has not ended', line],
    ['by one byte, that ended', 'send bob 1\nnext line\n'],
    ['by one byte, that has not ended', 'send bob 1'],
  ])('%s is the same in whatever pieces it comes', (_, text) => {
    for (const pieces of everyWay(text)) {
      const decoder = new LineDecoder(9);
      expect(take(decoder, pieces)).toEqual(['too_long']);
      for (const bytesMax of [0, 1, 5, 9]) {
        expect(Buffer.from(decoder.head(bytesMax)).toString()).toBe('send bob 1'.slice(0, bytesMax));
      }
    }
  });

  test('is that line even after others in its piece', () => {
    const decoder = new LineDecoder(9);
    expect(take(decoder, [bytesOf('ok\nli'), bytesOf('st\nsend bob 12345\n')])).toEqual(['=ok', '=list', 'too_long']);
    expect(Buffer.from(decoder.head(8)).toString()).toBe('send bob');
  });

  test('is no longer than what came', () => {
    const decoder = new LineDecoder(2);
    expect(take(decoder, [bytesOf('ab'), bytesOf('c')])).toEqual(['too_long']);
    expect(Buffer.from(decoder.head(16)).toString()).toBe('abc');
  });

  test('can be looked at without the line being taken for another', () => {
    for (const pieces of everyWay(`${line}\n`)) {
      const decoder = new LineDecoder(9);
      take(decoder, pieces);
      decoder.head(4);
      expect(decoder.next()).toBe('too_long');
    }
  });
});
