import { ByteWriter } from '../../shared/bytes';
import { type CommandName, type CommandSpec, commands } from '../../shared/cmap';
import {
  type Incoming,
  ReplyDecoder,
  ReplyError,
  writeBlockEnd,
  writeItem,
  writeMessage,
  writeNotice,
  writeStatus,
} from '../../shared/reply';
import { replyFailureVectors } from './reply-failure-vectors';
import { replyVectors, tolerantReplyVectors } from './reply-vectors';
import { splits } from './wire';

function decode(pieces: readonly Uint8Array[], asked: readonly CommandName[]): Incoming[] {
  const decoder = new ReplyDecoder();
  for (const name of asked) decoder.expect(commands.find((spec) => spec.name === name) as CommandSpec);
  const came: Incoming[] = [];
  for (const piece of pieces) {
    decoder.push(piece);
    for (let incoming = decoder.next(); incoming !== undefined; incoming = decoder.next()) came.push(incoming);
  }
  return came;
}

function write(out: ByteWriter, incoming: Incoming): void {
  switch (incoming.kind) {
    case 'status':
      writeStatus(out, incoming.status, incoming.text);
      break;
    case 'item':
      writeItem(out, incoming.text);
      break;
    case 'end':
      writeBlockEnd(out);
      break;
    case 'message':
      writeMessage(out, incoming.message, incoming.to);
      break;
    case 'notice':
      writeNotice(out, incoming.status, incoming.text);
  }
}

describe.each(replyVectors)('$name', ({ bytes, asked, value }) => {
  test('is read', () => {
    expect(decode([bytes], asked)).toEqual(value);
  });

  test('is written', () => {
    const out = new ByteWriter();
    for (const incoming of value) write(out, incoming);
    expect(out.take()).toEqual(bytes);
  });

  test('is read wherever it is split', () => {
    for (const pieces of splits(bytes)) expect(decode(pieces, asked)).toEqual(value);
  });

  test('is read from a Buffer, which is what a socket gives', () => {
    expect(decode([Buffer.from(bytes)], asked)).toEqual(value);
  });
});

test.each(tolerantReplyVectors)('$name is read wherever it is split', ({ bytes, asked, value }) => {
  for (const pieces of splits(bytes)) expect(decode(pieces, asked)).toEqual(value);
});

test('all of them are read from one push, in order', () => {
  const vectors = [...replyVectors, ...tolerantReplyVectors];
  const bytes = Buffer.concat(vectors.map((vector) => vector.bytes));
  const came = decode(
    [bytes],
    vectors.flatMap(({ asked }) => asked),
  );
  expect(came).toEqual(vectors.flatMap(({ value }) => value));
});

function failureOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

test.each(replyFailureVectors)('$name is a ReplyError: $value', ({ bytes, asked, value }) => {
  for (const pieces of splits(bytes)) {
    const failure = failureOf(() => decode(pieces, asked));
    expect(failure).toBeInstanceOf(ReplyError);
    expect(failure).toMatchObject({ name: 'ReplyError', message: value });
  }
});

test('a request may be announced when the reply to the one before has come', () => {
  const ping = commands[18];
  const decoder = new ReplyDecoder();
  for (const token of ['a', 'b']) {
    decoder.expect(ping);
    decoder.push(Buffer.from(`200 ${token}\r\n`));
    expect(decoder.next()).toEqual({ kind: 'status', status: 200, text: token });
    expect(decoder.next()).toBeUndefined();
  }
});
