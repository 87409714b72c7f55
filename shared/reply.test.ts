import fc from 'fast-check';
import { ByteWriter } from './bytes';
import { type CommandSpec, commands } from './cmap';
import { limits } from './limits';
import { type Incoming, ReplyDecoder, writeBlockEnd, writeItem, writeMessage, writeNotice, writeStatus } from './reply';

const login = commands[2];
const list = commands[1];
const ping = commands[18];

function decoderFor(...asked: CommandSpec[]): ReplyDecoder {
  const decoder = new ReplyDecoder();
  for (const spec of asked) decoder.expect(spec);
  return decoder;
}

function read(decoder: ReplyDecoder, ...pieces: Uint8Array[]): Incoming[] {
  const came: Incoming[] = [];
  for (const piece of pieces) {
    decoder.push(piece);
    for (let incoming = decoder.next(); incoming !== undefined; incoming = decoder.next()) came.push(incoming);
  }
  return came;
}

const name = fc.string({ unit: fc.constantFrom(...'aZ09_.-'), minLength: 1, maxLength: limits.usernameLengthMax });
const line = fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => text.replace(/[\r\n]/g, ' '));
const status = fc.integer({ min: 100, max: 999 });
const body = fc
  .oneof(
    fc.uint8Array(),
    fc.string({ unit: fc.constantFrom('\n', '\r', '\\', ' ', '*', 'é') }).map((text) => Buffer.from(text)),
  )
  .map((bytes) => new Uint8Array(bytes));
const message = fc.record({ seq: fc.maxSafeNat(), at: fc.maxSafeNat(), from: name, body });
const roomName = fc.string({ unit: fc.constantFrom(...'aZ09_.-'), minLength: 1, maxLength: limits.roomNameLengthMax });
const to = fc.oneof(
  name,
  roomName.map((text) => `#${text}`),
);

/** A conversation: what is written, what is asked for, and what a client must make of it. */
interface Part {
  readonly asked: readonly CommandSpec[];
  readonly came: readonly Incoming[];
  write(out: ByteWriter): void;
}

const lineReply = fc.tuple(status, line).map(
  ([code, text]): Part => ({
    asked: [ping],
    came: [{ kind: 'status', status: code, text }],
    write: (out) => writeStatus(out, code, text),
  }),
);
const messageEvent = fc.tuple(message, to).map(
  ([value, recipient]): Part => ({
    asked: [],
    came: [{ kind: 'message', message: value, to: recipient, event: true }],
    write: (out) => writeMessage(out, value, recipient),
  }),
);
const noticeEvent = fc.tuple(status, line).map(
  ([code, text]): Part => ({
    asked: [],
    came: [{ kind: 'notice', status: code, text }],
    write: (out) => writeNotice(out, code, text),
  }),
);
const messageBlock = fc.tuple(status, line, fc.array(fc.tuple(message, to))).map(
  ([code, text, messages]): Part => ({
    asked: [login],
    came: [
      { kind: 'status', status: code, text },
      ...messages.map(
        ([value, recipient]) => ({ kind: 'message', message: value, to: recipient, event: false }) as const,
      ),
      { kind: 'end' },
    ],
    write: (out) => {
      writeStatus(out, code, text);
      for (const [value, recipient] of messages) writeMessage(out, value, recipient);
      writeBlockEnd(out);
    },
  }),
);
const nameBlock = fc.tuple(status, line, fc.array(line.filter((text) => text !== ''))).map(
  ([code, text, items]): Part => ({
    asked: [list],
    came: [
      { kind: 'status', status: code, text },
      ...items.map((item) => ({ kind: 'item', text: item }) as const),
      { kind: 'end' },
    ],
    write: (out) => {
      writeStatus(out, code, text);
      for (const item of items) writeItem(out, item);
      writeBlockEnd(out);
    },
  }),
);

test('whatever a server writes, in whatever pieces it comes, a client reads', () => {
  const parts = fc.array(fc.oneof(lineReply, messageEvent, noticeEvent, messageBlock, nameBlock));
  fc.assert(
    fc.property(parts, fc.integer({ min: 1, max: 64 }), (conversation, pieceBytes) => {
      const out = new ByteWriter();
      for (const part of conversation) part.write(out);
      const bytes = out.take();
      const pieces: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; at += pieceBytes) pieces.push(bytes.slice(at, at + pieceBytes));
      const came = read(decoderFor(...conversation.flatMap(({ asked }) => asked)), ...pieces);
      expect(came).toEqual(conversation.flatMap((part) => part.came));
    }),
  );
});

test('no body can forge the end of a burst', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(message, to)), (messages) => {
      const out = new ByteWriter();
      writeStatus(out, 200, 'bob');
      for (const [value, recipient] of messages) writeMessage(out, value, recipient);
      writeBlockEnd(out);
      const burst = Buffer.from(out.take());
      expect(burst.indexOf('\r\n\r\n')).toBe(burst.length - 4);
    }),
  );
});

test('the longest body comes, even if all of it is escaped', () => {
  for (const content of ['x', '\n', '\\']) {
    const value = {
      seq: Number.MAX_SAFE_INTEGER,
      at: 8_640_000_000_000_000,
      from: 'a'.repeat(limits.usernameLengthMax),
      body: Buffer.alloc(limits.bodyBytesMax, content),
    };
    const out = new ByteWriter();
    writeMessage(out, value, `#${'b'.repeat(limits.roomNameLengthMax)}`);
    const [came] = read(decoderFor(), out.take());
    expect(came).toMatchObject({ kind: 'message', event: true });
    if (came?.kind === 'message') expect(Buffer.from(value.body).equals(came.message.body)).toBe(true);
  }
});

test.each([
  ['in one piece', 1_048_576],
  ['in pieces', 4_096],
])('a line without end is given up, %s', (_, pieceBytes) => {
  const decoder = decoderFor(ping);
  const piece = new Uint8Array(pieceBytes).fill(0x32);
  let pushedBytes = 0;
  expect(() => {
    for (; pushedBytes < 1_048_576; pushedBytes += pieceBytes) read(decoder, piece);
  }).toThrow(expect.objectContaining({ name: 'ReplyError', message: 'the server sent a line that is too long' }));
  expect(pushedBytes).toBeLessThanOrEqual(2 * limits.bodyBytesMax + limits.headBytesMax);
});

test('a line of exactly the longest a server writes is read, one more byte is not', () => {
  const longest = 2 * limits.bodyBytesMax + limits.headBytesMax;
  const text = 'x'.repeat(longest - '200 '.length);
  expect(read(decoderFor(ping), Buffer.from(`200 ${text}\r\n`))).toEqual([{ kind: 'status', status: 200, text }]);
  expect(() => read(decoderFor(ping), Buffer.from(`200 ${text}x\r\n`))).toThrow(
    'the server sent a line that is too long',
  );
});

test('what made a line unreadable is kept as the cause', () => {
  expect(() => read(decoderFor(ping), Buffer.from('200 \xff\r\n', 'latin1'))).toThrow(
    expect.objectContaining({ cause: expect.objectContaining({ name: 'TypeError' }) }),
  );
  expect(() => read(decoderFor(), Buffer.from('* 1 5 a b \\x\r\n'))).toThrow(
    expect.objectContaining({ cause: expect.objectContaining({ code: 'escape_unknown' }) }),
  );
});

test('a status may be written without a text', () => {
  const out = new ByteWriter();
  writeStatus(out, 200);
  expect(Buffer.from(out.take()).toString()).toBe('200\r\n');
});

test('a message that was read does not change when more comes', () => {
  const decoder = decoderFor();
  const [first] = read(decoder, Buffer.from('* 1 5 a b on'), Buffer.from('e\r\n'));
  read(decoder, Buffer.from('* 2 5 a b tw'), Buffer.from('o\r\n'));
  expect(first).toMatchObject({ message: { seq: 1, body: new Uint8Array(Buffer.from('one')) } });
});
