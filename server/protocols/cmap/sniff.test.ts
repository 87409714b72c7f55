import fc from 'fast-check';
import { commands } from '../../../shared/cmap';
import { type Speaker, sniff } from './sniff';

/** The first packet of a connection, and the protocol that it belongs to. */
const vectors: { name: string; bytes: Buffer; value: Speaker }[] = [
  ...[...'0123456789'].map((digit) => ({
    name: `version 1, opcode ${digit}`,
    bytes: Buffer.from(`1 ${digit} alice secret`),
    value: 'classic' as const,
  })),
  ...['1 6', '1 7', '1 66', '1 10', '1 7x', '1 9\n', '1 7 x\r\n'].map((request) => ({
    name: `version 1, ${JSON.stringify(request)}`,
    bytes: Buffer.from(request),
    value: 'classic' as const,
  })),
  ...['a', ' ', '\n', '*', '/', ':'].map((after) => ({
    name: `version 2, list and ${JSON.stringify(after)}`,
    bytes: Buffer.from(`1 ${after}\n`),
    value: 'modern' as const,
  })),
  { name: 'version 2, list alone', bytes: Buffer.from('1\n'), value: 'modern' },
  { name: 'version 2, list alone and CRLF', bytes: Buffer.from('1\r\n'), value: 'modern' },
  { name: 'version 2, an opcode of two digits', bytes: Buffer.from('10 bob\n'), value: 'modern' },
  { name: 'version 2, opcode 16 with a space', bytes: Buffer.from('16 a 2\n'), value: 'modern' },
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

/** First packets that are told apart by having a line feed or none: cut elsewhere, they are other packets. */
const packetVectors: typeof vectors = [
  ...['2 0 a b', '2 6', '2 7', '0 1 ', '3 3 bob hi', '9 9', '11 6', '99 1', '01 6', '1.0 6', '2.10 2 a b'].map(
    (request) => ({
      name: `another classic version, ${JSON.stringify(request)}`,
      bytes: Buffer.from(request),
      value: 'classic' as const,
    }),
  ),
  ...['2 0 a b\n', '2 6\r\n', '11 6\n', '2 0 a b\n2 0 a', '99 1\n'].map((request) => ({
    name: `version 2, a line feed in ${JSON.stringify(request)}`,
    bytes: Buffer.from(request),
    value: 'modern' as const,
  })),
  ...['2 0alice pw', '2 alice 7', '7 2 ack keys', '18 1', '2  0 a b', '2\t0 a b', 'help 1', '12345678901 0 a'].map(
    (start) => ({
      name: `version 2, the start of a line ${JSON.stringify(start)}`,
      bytes: Buffer.from(start),
      value: 'modern' as const,
    }),
  ),
  { name: 'version 2, a NUL and a line feed', bytes: Buffer.from('\0help\n'), value: 'modern' },
  { name: 'a chatbot login', bytes: Buffer.from(`\0\x05${'\0'.repeat(39)}\x05alice`), value: 'binary' },
  { name: 'a nick room packet', bytes: Buffer.from('\0\x05alice'), value: 'binary' },
  { name: 'a NUL', bytes: Buffer.of(0), value: 'binary' },
];

/** Bytes that could still become more than one. */
const undecided = [
  '',
  '1',
  '1 ',
  ...['GET', 'POST', 'HEAD', 'OPTIONS'].flatMap((method) => [...method].map((_, index) => method.slice(0, index + 1))),
];

test.each([...vectors, ...packetVectors])('$name', ({ bytes, value }) => {
  expect(sniff(bytes)).toBe(value);
});

/** What a connection that sends these packets is taken for: the bytes are kept until they decide. */
function sniffPackets(packets: readonly Buffer[]): Speaker | undefined {
  let received = Buffer.alloc(0);
  for (const packet of packets) {
    received = Buffer.concat([received, packet]);
    const speaker = sniff(received);
    if (speaker !== undefined) return speaker;
  }
  return undefined;
}

function inTwo(bytes: Buffer): [Buffer, Buffer][] {
  return [...bytes.keys()].slice(1).map((at) => [bytes.subarray(0, at), bytes.subarray(at)]);
}

const opcodes = [...Array(100).keys()];

describe('the first request of version 2', () => {
  test.each(opcodes)(
    'with opcode %i and words is version 2, in one packet, cut anywhere, or byte by byte',
    (opcode) => {
      for (const given of ['', ' alice', ' alice pw', ' a 7', ' 7up pw', ' * 7', ' #room alice', ' -1 x'].filter(
        (text) => opcode !== 1 || !/^ [0-9]/.test(text),
      )) {
        for (const end of ['\n', '\r\n', '']) {
          const line = Buffer.from(`${opcode}${given}${end}`);
          // A lone `1` may still become either version.
          const isOpen = line.toString() === '1';
          expect([line.toString(), sniff(line)]).toEqual([line.toString(), isOpen ? undefined : 'modern']);
          expect(sniffPackets([...line].map((byte) => Buffer.of(byte)))).toBe(isOpen ? undefined : 'modern');
          for (const packets of inTwo(line)) {
            // `2 7` of `2 7up pw` alone looks like a request of another classic version.
            if (/^[0-9]+ [0-9]$/.test(packets[0].toString()) && ![7, 18].includes(opcode)) continue;
            expect([packets.join('|'), sniffPackets(packets)]).toEqual([packets.join('|'), 'modern']);
          }
        }
      }
    },
  );

  test.each(opcodes)('with opcode %i and a digit is version 2, unless it is cut behind that digit', (opcode) => {
    for (const given of [' 7', ' 7 x', ' 2 ack keys', ' 0 a b']) {
      const line = Buffer.from(`${opcode}${given}\n`);
      expect([line.toString(), sniff(line)]).toEqual([line.toString(), opcode === 1 ? 'classic' : 'modern']);
      const behindDigit = `${opcode} 7`.length;
      for (const packets of inTwo(line)) {
        const isMistaken = packets[0].length >= behindDigit && ![7, 18].includes(opcode);
        const expected = opcode === 1 || isMistaken ? 'classic' : 'modern';
        expect([packets.join('|'), sniffPackets(packets)]).toEqual([packets.join('|'), expected]);
      }
    }
  });

  test.each(commands)('by its word $name is version 2, with a line feed and without, cut anywhere', ({ name }) => {
    for (const word of [name, name.toUpperCase()]) {
      for (const given of ['', ' 7', ' 0 a b', ' alice pw']) {
        for (const end of ['\n', '\r\n', '']) {
          const line = Buffer.from(`${word}${given}${end}`);
          expect([line.toString(), sniff(line)]).toEqual([line.toString(), 'modern']);
          for (const packets of inTwo(line)) expect(sniffPackets(packets)).toBe('modern');
        }
      }
    }
  });
});

describe('the first request of version 1', () => {
  test.each([...'0123456789'])('with opcode %s is version 1, in one packet, cut anywhere, or byte by byte', (digit) => {
    for (const given of ['', ' ', ' x', ' alice secret', ' bob hello there', '0', '0 x']) {
      for (const end of ['', '\n', '\r\n']) {
        const request = Buffer.from(`1 ${digit}${given}${end}`);
        expect([request.toString(), sniff(request)]).toEqual([request.toString(), 'classic']);
        expect(sniffPackets([...request].map((byte) => Buffer.of(byte)))).toBe('classic');
        for (const packets of inTwo(request)) expect(sniffPackets(packets)).toBe('classic');
      }
    }
  });

  test('with another version number is refused as version 1 refuses, but for the numbers of hello and ping', () => {
    for (const version of ['0', '2', '3', '9', '01', '10', '42', '100', '65536', '1.0', '2.0.1']) {
      for (const digit of '0123456789') {
        for (const given of ['', ' ', ' a b']) {
          const request = `${version} ${digit}${given}`;
          expect([request, sniff(Buffer.from(request))]).toEqual([request, 'classic']);
        }
      }
    }
    for (const request of ['7 2', '7 3 ack', '18 1']) expect(sniff(Buffer.from(request))).toBe('modern');
  });
});

test.each(vectors)('$name, however it is split', ({ bytes, value }) => {
  const decided = [...Array(bytes.length + 1).keys()].find((length) => sniff(bytes.subarray(0, length)) !== undefined);
  expect(decided).toBeLessThanOrEqual(8);
  for (let length = 0; length < (decided ?? 0); length += 1) {
    expect(undecided).toContain(bytes.toString('latin1', 0, length));
  }
  for (const packets of inTwo(bytes)) expect(sniffPackets(packets)).toBe(value);
});

test.each(undecided)('%j could still become more than one', (start) => {
  expect(sniff(Buffer.from(start))).toBeUndefined();
});

test('any bytes are decided by the eighth, and later bytes matter only for the line feed among them', () => {
  const start = fc.oneof(
    fc.uint8Array({ minLength: 8, maxLength: 16 }),
    fc
      .tuple(fc.constantFrom(...undecided, '2 0 ', '\0'), fc.uint8Array({ minLength: 8, maxLength: 16 }))
      .map(([known, rest]) => Buffer.concat([Buffer.from(known), rest])),
  );
  fc.assert(
    fc.property(start, fc.uint8Array(), (bytes, more) => {
      expect(sniff(bytes.subarray(0, 8))).toBeDefined();
      const whole = Buffer.concat([bytes, more]);
      const withLineFeed = sniff(Buffer.concat([whole, Buffer.from('\n')]));
      if (whole.includes(0x0a)) expect(sniff(whole)).toBe(withLineFeed);
      else expect([withLineFeed, 'classic', 'binary']).toContain(sniff(whole));
    }),
  );
});

test('a long first packet is decided too', () => {
  expect(sniff(Buffer.alloc(1_048_576, '1 2 '))).toBe('classic');
  expect(sniff(Buffer.alloc(1_048_576, '2 0 '))).toBe('classic');
  expect(sniff(Buffer.alloc(1_048_576, 'x'))).toBe('modern');
});
