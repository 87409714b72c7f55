import fc from 'fast-check';
import type { UnixMs } from '../../server/core/ports';
import {
  messageIn,
  nicknameIn,
  PacketDecoder,
  packetBytesMax,
  timestampOf,
  writeMessage,
  writeWord,
} from '../../server/protocols/nickroom/codec';
import { ByteWriter } from '../../shared/bytes';
import { ChatError } from '../../shared/errors';
import { fragments } from './fragments';
import {
  nickroomEventVectors,
  nickroomMessageVectors,
  nickroomNicknameVectors,
  nickroomPacketVectors,
  vectorContentBytesMax,
} from './nickroom-vectors';
import { splits } from './wire';

function decode(chunks: readonly Uint8Array[], contentBytesMax = vectorContentBytesMax): string[] {
  const decoder = new PacketDecoder(contentBytesMax);
  const decoded: string[] = [];
  for (const chunk of chunks) {
    decoder.push(chunk);
    for (let packet = decoder.next(); packet !== undefined; packet = decoder.next()) {
      decoded.push(typeof packet === 'string' ? packet : Buffer.from(packet).toString());
    }
  }
  return decoded;
}

function encodeMessage(message: string, nickname = 'alice'): Buffer {
  const out = new ByteWriter();
  writeMessage(out, { timestamp: '2026-01-02 03:04:05', nickname, message });
  return Buffer.from(out.take());
}

test.each(nickroomPacketVectors)('$name is decoded', ({ bytes, value }) => {
  expect(decode([bytes])).toEqual(value);
});

test.each(nickroomPacketVectors)('$name is decoded in two pieces, wherever it is cut, and byte by byte', (vector) => {
  for (const chunks of splits(vector.bytes)) expect(decode(chunks)).toEqual(vector.value);
});

test.each(nickroomNicknameVectors)('$name is read', ({ bytes, value }) => {
  expect(nicknameIn(bytes)).toBe(value);
});

test.each(nickroomMessageVectors)('of $name the message is read', ({ bytes, value }) => {
  if (value === undefined) expect(() => messageIn(bytes)).toThrow(new ChatError('malformed'));
  else expect(messageIn(bytes)).toBe(value);
});

test.each(nickroomEventVectors)('$name is encoded', ({ bytes, value }) => {
  const out = new ByteWriter();
  writeMessage(out, value);
  expect(Buffer.from(out.take()).equals(bytes)).toBe(true);
});

test('words are packets', () => {
  const out = new ByteWriter();
  writeWord(out, 'HELLO');
  expect(Buffer.from(out.take())).toEqual(Buffer.from('\0\x05HELLO'));
});

test('a time is written in UTC, to the second', () => {
  expect(timestampOf(Date.UTC(2026, 0, 2, 3, 4, 5, 999) as UnixMs)).toBe('2026-01-02 03:04:05');
});

const text = fc.string({ unit: 'binary', minLength: 0, maxLength: 200 });

test('a message that is written is read as it was, bare and with its length once more', () => {
  fc.assert(
    fc.property(text, (message) => {
      const packet = encodeMessage(message);
      expect(messageIn(packet.subarray(2))).toBe(message);
      expect(messageIn(packet)).toBe(message);
    }),
  );
});

test('packets are read as they were written, in any fragmentation', () => {
  fc.assert(
    fc.property(fc.array(text), fc.array(fc.nat(50)), (words, lengths) => {
      const out = new ByteWriter();
      for (const word of words) writeWord(out, word);
      const bytes = out.take();
      expect(decode(fragments(bytes, lengths), packetBytesMax)).toEqual(words);
    }),
  );
});

test('a message that is too long is cut to the last code point that fits, whatever it is made of', () => {
  const unit = fc.constantFrom('x', '"', '\\', '\n', '\u0001', '\u007f', '\u00e9', '\u2028', '\u{1f511}');
  fc.assert(
    fc.property(fc.array(unit, { minLength: 1, maxLength: 8 }), fc.nat(7), (units, offset) => {
      const whole = 'x'.repeat(offset) + units.join('').repeat(Math.ceil(66_000 / units.length));
      const packet = encodeMessage(whole);
      const shown = messageIn(packet.subarray(2));
      expect(packet.readUInt16BE(0)).toBe(packet.length - 2);
      expect(shown.endsWith('\u2026')).toBe(true);
      const kept = shown.slice(0, -1);
      expect(whole.startsWith(kept)).toBe(true);
      expect(kept).not.toMatch(/\p{Surrogate}/u);
      const next = [...whole.slice(kept.length, kept.length + 2)][0] ?? '';
      const withNext = packet.length - 2 + Buffer.byteLength(JSON.stringify(next)) - 2;
      expect(withNext).toBeGreaterThan(packetBytesMax);
    }),
    { numRuns: 30 },
  );
});
