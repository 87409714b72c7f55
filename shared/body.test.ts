import fc from 'fast-check';
import { unescapeBody, writeEscapedBody } from './body';
import { ByteWriter } from './bytes';
import { ChatError } from './errors';

function escaped(body: Uint8Array): Uint8Array {
  const out = new ByteWriter(0);
  writeEscapedBody(out, body);
  return out.take();
}

/** Text that holds what is escaped far more often than chance would have it. */
const text = fc.string({ unit: fc.oneof(fc.constantFrom('\n', '\r', '\\', 'n', 'r'), fc.string({ unit: 'binary' })) });
const body = fc.oneof(
  text.map((value) => new Uint8Array(Buffer.from(value))),
  fc.uint8Array(),
);

describe('what is escaped', () => {
  test.each([
    ['nothing', '', ''],
    ['no escapes', 'hello', 'hello'],
    ['a line feed', '\n', '\\n'],
    ['a carriage return', '\r', '\\r'],
    ['a backslash', '\\', '\\\\'],
    ['a backslash before an n', '\\n', '\\\\n'],
    ['one at the start', '\nhi', '\\nhi'],
    ['one at the end', 'hi\n', 'hi\\n'],
    ['several in a row', 'a\r\n\\\\b', 'a\\r\\n\\\\\\\\b'],
    ['what stands between two', '\nbetween\n', '\\nbetween\\n'],
    ['a tab, which is not', 'a\tb', 'a\tb'],
  ])('%s', (_, plain, onTheWire) => {
    expect(Buffer.from(escaped(Buffer.from(plain))).toString()).toBe(onTheWire);
    expect(Buffer.from(unescapeBody(Buffer.from(onTheWire))).toString()).toBe(plain);
  });
});

test('every body comes back as it was', () => {
  fc.assert(
    fc.property(body, (bytes) => expect(Buffer.from(unescapeBody(escaped(bytes)))).toEqual(Buffer.from(bytes))),
  );
});

test('an escaped body stands on one line and is at most twice as long', () => {
  fc.assert(
    fc.property(body, (bytes) => {
      const line = escaped(bytes);
      expect(line.includes(0x0a) || line.includes(0x0d)).toBe(false);
      expect(line.length).toBeLessThanOrEqual(2 * bytes.length);
    }),
  );
});

test('whatever can be read is written the same way again', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('\\', '\\\\', '\\n', '\\r', 'n', 'r', 'é') }), (line) => {
      let read: Uint8Array;
      try {
        read = unescapeBody(Buffer.from(line));
      } catch (error) {
        expect(error).toMatchObject({ code: 'escape_unknown' });
        return;
      }
      expect(Buffer.from(escaped(read)).toString()).toBe(line);
    }),
  );
});

test('any other byte after a backslash is refused', () => {
  for (let byte = 0; byte < 0x100; byte += 1) {
    const read = () => unescapeBody(Uint8Array.of(0x61, 0x5c, byte, 0x62));
    if ([0x5c, 0x6e, 0x72].includes(byte)) expect(read()).toHaveLength(3);
    else expect(read).toThrow(new ChatError('escape_unknown'));
  }
});

test('a backslash at the end is refused', () => {
  expect(() => unescapeBody(Buffer.from('a\\\\\\'))).toThrow(new ChatError('escape_unknown'));
});

test('a body without an escape is not copied', () => {
  const line = Buffer.from('hello');
  expect(unescapeBody(line)).toBe(line);
});

test('what was read is left as it was', () => {
  const line = Buffer.from('a\\nb');
  unescapeBody(line);
  expect(line.toString()).toBe('a\\nb');
});
