import fc from 'fast-check';
import { type Speaker, sniff } from './sniff';

/** The first bytes of a connection, and who it turns out to be. */
const vectors: { name: string; bytes: Buffer; value: Speaker }[] = [
  ...['0', '1', '2', '3', '4', '5', '6'].map((digit) => ({
    name: `version 1, opcode ${digit}`,
    bytes: Buffer.from(`1 ${digit} alice secret`),
    value: 'classic' as const,
  })),
  { name: 'version 1, its shortest request', bytes: Buffer.from('1 6'), value: 'classic' },
  { name: 'version 1, an opcode of its own and more digits', bytes: Buffer.from('1 66'), value: 'classic' },
  ...['7', '8', '9', 'a', ' ', '\n', '*', '/', ':'].map((after) => ({
    name: `version 2, list and ${JSON.stringify(after)}`,
    bytes: Buffer.from(`1 ${after}\n`),
    value: 'modern' as const,
  })),
  { name: 'version 2, list alone', bytes: Buffer.from('1\n'), value: 'modern' },
  { name: 'version 2, list alone and CRLF', bytes: Buffer.from('1\r\n'), value: 'modern' },
  { name: 'version 2, an opcode of two digits', bytes: Buffer.from('10 bob\n'), value: 'modern' },
  { name: 'version 2, opcode 16 with a space', bytes: Buffer.from('16 1 2\n'), value: 'modern' },
  { name: 'version 2, hello', bytes: Buffer.from('7 2 ack keys\n'), value: 'modern' },
  { name: 'version 2, create by number', bytes: Buffer.from('0 alice pw\n'), value: 'modern' },
  { name: 'version 2, a word', bytes: Buffer.from('send bob hi\n'), value: 'modern' },
  { name: 'version 2, a word in capitals', bytes: Buffer.from('HELP\n'), value: 'modern' },
  { name: 'version 2, a method in small letters', bytes: Buffer.from('get / HTTP/1.1\r\n'), value: 'modern' },
  { name: 'version 2, a method without a space', bytes: Buffer.from('GET/ HTTP/1.1\r\n'), value: 'modern' },
  { name: 'version 2, a method and a line end', bytes: Buffer.from('POST\r\n'), value: 'modern' },
  { name: 'version 2, a longer word', bytes: Buffer.from('OPTIONSX *\r\n'), value: 'modern' },
  { name: 'version 2, a method that is not served', bytes: Buffer.from('PUT / HTTP/1.1\r\n'), value: 'modern' },
  { name: 'version 2, a method after a space', bytes: Buffer.from(' GET /\r\n'), value: 'modern' },
  { name: 'version 2, a blank line', bytes: Buffer.from('\n'), value: 'modern' },
  { name: 'version 2, a NUL', bytes: Buffer.of(0), value: 'modern' },
  { name: 'version 2, a space', bytes: Buffer.from(' '), value: 'modern' },
  { name: 'version 2, bytes beyond ASCII', bytes: Buffer.of(0xff, 0x16), value: 'modern' },
  { name: 'version 2, a TLS alert first', bytes: Buffer.of(0x15, 0x03, 0x01), value: 'modern' },
  { name: 'version 2, after TLS there is one more', bytes: Buffer.of(0x17, 0x03, 0x03), value: 'modern' },
  ...['GET', 'POST', 'HEAD', 'OPTIONS'].flatMap((method) => [
    { name: `HTTP, ${method}`, bytes: Buffer.from(`${method} / HTTP/1.1\r\n\r\n`), value: 'http' as const },
    { name: `HTTP, ${method} and no more`, bytes: Buffer.from(`${method} `), value: 'http' as const },
  ]),
  { name: 'TLS', bytes: Buffer.of(0x16, 0x03, 0x01, 0x02, 0x00), value: 'tls' },
  { name: 'TLS, one byte of it', bytes: Buffer.of(0x16), value: 'tls' },
];

/** Bytes that could still become more than one. */
const undecided = [
  '',
  '1',
  '1 ',
  ...['GET', 'POST', 'HEAD', 'OPTIONS'].flatMap((method) => [...method].map((_, index) => method.slice(0, index + 1))),
];

test.each(vectors)('$name', ({ bytes, value }) => {
  expect(sniff(bytes)).toBe(value);
});

test.each(vectors)('$name, however it is split', ({ bytes, value }) => {
  const answers = [...Array(bytes.length + 1).keys()].map((length) => sniff(bytes.subarray(0, length)));
  const decided = answers.findIndex((answer) => answer !== undefined);
  expect(decided).toBeLessThanOrEqual(8);
  // Once told, more bytes never tell another story.
  expect(new Set(answers.slice(decided))).toEqual(new Set([value]));
  for (let length = 0; length < decided; length += 1) {
    expect(undecided).toContain(bytes.toString('latin1', 0, length));
  }
});

test.each(undecided)('%j could still become more than one', (start) => {
  expect(sniff(Buffer.from(start))).toBeUndefined();
});

test('any bytes are told by the eighth, and by nothing that comes after', () => {
  const start = fc.oneof(
    fc.uint8Array({ minLength: 8, maxLength: 16 }),
    fc
      .tuple(fc.constantFrom(...undecided), fc.uint8Array({ minLength: 8, maxLength: 16 }))
      .map(([known, rest]) => Buffer.concat([Buffer.from(known), rest])),
  );
  fc.assert(
    fc.property(start, fc.uint8Array(), (bytes, more) => {
      const speaker = sniff(bytes.subarray(0, 8));
      expect(speaker).toBeDefined();
      expect(sniff(Buffer.concat([bytes.subarray(0, 8), more]))).toBe(speaker);
    }),
  );
});

test('a long first read is told too', () => {
  expect(sniff(Buffer.alloc(1_048_576, '1 2 '))).toBe('classic');
  expect(sniff(Buffer.alloc(1_048_576, 'x'))).toBe('modern');
});
