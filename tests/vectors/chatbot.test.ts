import fc from 'fast-check';
import { toField } from '../../server/protocols/chatbot/ascii';
import {
  type ChatbotRequest,
  FrameDecoder,
  writeListResponse,
  writeResponse,
  writeSend,
} from '../../server/protocols/chatbot/codec';
import { ByteWriter } from '../../shared/bytes';
import { ChatError, type ErrorCode } from '../../shared/errors';
import type { RoomName } from '../../shared/names';
import {
  type ChatbotAnswer,
  chatbotAnswerVectors,
  chatbotAsciiVectors,
  chatbotRequestVectors,
  vectorDataBytesMax,
} from './chatbot-vectors';
import { fragments } from './fragments';
import { splits } from './wire';

const unreadable: ReadonlySet<ErrorCode> = new Set(['version_unknown', 'command_unknown', 'line_too_long']);

/** Everything in `chunks`, up to what cannot be read any further. */
function decode(chunks: readonly Uint8Array[]): (ChatbotRequest | ErrorCode)[] {
  const decoder = new FrameDecoder(vectorDataBytesMax);
  const decoded: (ChatbotRequest | ErrorCode)[] = [];
  for (const chunk of chunks) {
    decoder.push(chunk);
    for (let frame = decoder.next(); frame !== undefined; frame = decoder.next()) {
      const value = frame instanceof ChatError ? frame.code : frame;
      decoded.push(value);
      if (typeof value === 'string' && unreadable.has(value)) return decoded;
    }
  }
  return decoded;
}

function encode(answer: ChatbotAnswer): Uint8Array {
  const out = new ByteWriter();
  if (answer.command === 'send') writeSend(out, answer);
  else if (answer.command === 'response') writeResponse(out, answer.text);
  else writeListResponse(out, answer.usernames);
  return out.take();
}

/** A frame written without the codec. */
function frame(opcode: number, data: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(42 + data.length);
  bytes[1] = opcode;
  bytes.writeUInt32BE(data.length, 38);
  bytes.set(data, 42);
  return bytes;
}

test.each(chatbotRequestVectors)('$name is decoded', ({ bytes, value }) => {
  expect(decode([bytes])).toEqual(value);
});

test.each(chatbotRequestVectors)('$name is decoded in two pieces, wherever it is cut, and byte by byte', (vector) => {
  for (const chunks of splits(vector.bytes)) expect(decode(chunks)).toEqual(vector.value);
});

test.each(chatbotAnswerVectors)('$name is encoded', ({ bytes, value }) => {
  expect(Buffer.from(encode(value))).toEqual(Buffer.from(bytes));
});

test.each(chatbotAsciiVectors)('from other wires: $name', ({ bytes, value }) => {
  expect(Buffer.from(toField(bytes))).toEqual(Buffer.from(value));
});

/** Some with many bars. */
const ascii = fc.oneof(
  fc.uint8Array({ max: 0x7f, maxLength: 300 }),
  fc.string({ unit: fc.constantFrom('|', 'a', ' '), maxLength: 30 }).map((text) => Uint8Array.from(Buffer.from(text))),
);
const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$/, { size: 'max' });
const roomName = fc
  .stringMatching(/^#[A-Za-z0-9][A-Za-z0-9_.-]{0,253}$/, { size: 'max' })
  .map((text) => text as RoomName);

test('a message that is written is read with the same names and its own field, in any fragmentation', () => {
  const message = fc.record({ sender: name, recipient: name, message: ascii });
  fc.assert(
    fc.property(fc.array(message, { maxLength: 5 }), fc.array(fc.nat(200)), (messages, lengths) => {
      const bytes = Buffer.concat(messages.map((each) => encode({ command: 'send', ...each })));
      expect(decode(fragments(bytes, lengths))).toEqual(
        messages.map((each) => ({ command: 'send', ...each, message: toField(each.message) })),
      );
    }),
  );
});

test('a message that is written has three fields, split from the left or from the right, in a room or not', () => {
  fc.assert(
    fc.property(name, name, fc.option(roomName, { nil: undefined }), ascii, (sender, recipient, room, message) => {
      const data = Buffer.from(encode({ command: 'send', sender, recipient, room, message })).toString('latin1', 42);
      const fields = data.split('|||');
      const reversed = [...[...data].reverse().join('').split('|||')].map((field) => [...field].reverse().join(''));
      expect(fields.slice(0, 2)).toEqual([sender, recipient]);
      expect(fields).toHaveLength(3);
      expect(reversed.reverse()).toEqual(fields);
    }),
  );
});

test('requests of one string and of none are read as they were written', () => {
  interface Asked {
    readonly opcode: number;
    readonly data: string;
    readonly value: ChatbotRequest;
  }
  const text = fc.string({ unit: 'grapheme-ascii', maxLength: 200 });
  const request = fc.oneof(
    text.map((username): Asked => ({ opcode: 0, data: username, value: { command: 'create', username } })),
    text.map((pattern): Asked => ({ opcode: 1, data: pattern, value: { command: 'list', pattern } })),
    text.map((username): Asked => ({ opcode: 5, data: username, value: { command: 'login', username } })),
    fc.constant<Asked>({ opcode: 3, data: '', value: { command: 'deliver' } }),
    fc.constant<Asked>({ opcode: 4, data: '', value: { command: 'delete' } }),
  );
  fc.assert(
    fc.property(fc.array(request), (asked) => {
      const bytes = Buffer.concat(asked.map(({ opcode, data }) => frame(opcode, Buffer.from(data))));
      expect(decode([bytes])).toEqual(asked.map(({ value }) => value));
    }),
  );
});

test('any bytes at all are decoded to requests and failures, the same in one piece and byte by byte', () => {
  const header = fc.tuple(fc.nat(1), fc.nat(9), fc.nat(20), fc.uint8Array({ maxLength: 30 }));
  fc.assert(
    fc.property(fc.array(header), (frames) => {
      const bytes = Buffer.concat(
        frames.map(([version, opcode, length, data]) => {
          const bytes = Buffer.from(frame(opcode, data));
          bytes[0] = version;
          bytes.writeUInt32BE(length, 38);
          return bytes;
        }),
      );
      expect(decode([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(decode([bytes]));
    }),
  );
});

test('text of other wires becomes ASCII of as many characters as it has code points', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const expected = [...text].map((character) => ((character.codePointAt(0) ?? 0) < 0x80 ? character : '?'));
      const bars = expected.join('').replace(/^\|+|\|{3,}/g, (run) => '?'.repeat(run.length));
      expect(Buffer.from(toField(Buffer.from(text))).toString('latin1')).toBe(bars);
    }),
  );
});
