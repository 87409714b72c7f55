/** Connections of the gRPC port that HTTP/2 has given up, or has ended, and whose peers stay. */

import { once } from 'node:events';
import { type ClientHttp2Stream, connect as connectHttp2 } from 'node:http2';
import { connect, Socket } from 'node:net';
import { pingTimeoutMs } from '../../server/protocols/grpc/session-watch';
import { bounds } from '../../shared/limits';
import { password } from '../harness/world';
import { GrpcStage } from './grpc-stage';

let stage: GrpcStage;
let socket: Socket;

beforeEach(async () => {
  stage = await GrpcStage.open();
  socket = new Socket();
});

afterEach(() => {
  socket.destroy();
  stage.close();
});

const type = { data: 0, headers: 1, settings: 4, ping: 6, goaway: 7 } as const;
const acknowledgement = 1;
const endStream = 1;
const endHeaders = 4;

function frame(kind: number, flags: number, stream: number, payload: Uint8Array = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = kind;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** A message as gRPC has it: not compressed, behind its length. */
function framed(message: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** A text behind its length, in one byte. */
const counted = (text: string): Buffer => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)]);

const bobsAccount = Buffer.concat([Buffer.from([0x0a]), counted('bob'), Buffer.from([0x12]), counted(password)]);

/** Logs in as bob by hand: resolves once the server has him online. */
async function enter(): Promise<void> {
  stage.account('bob');
  socket = connect(stage.listener.port, '127.0.0.1');
  const headers = [
    [':method', 'POST'],
    [':scheme', 'http'],
    [':path', '/grpc.ChatService/LoginAccount'],
    [':authority', 'test'],
    ['content-type', 'application/grpc'],
    ['te', 'trailers'],
  ].flatMap(([name = '', value = '']) => [Buffer.from([0]), counted(name), counted(value)]);
  socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
  socket.write(frame(type.settings, 0, 0));
  socket.write(frame(type.headers, endHeaders, 1, Buffer.concat(headers)));
  socket.write(frame(type.data, endStream, 1, framed(bobsAccount)));
  while (!isOnline()) await new Promise(setImmediate);
}

const isOnline = (): boolean => stage.world.chat.accounts.who('bob').names.length > 0;

/** Resolves once the server has said goodbye. */
async function farewell(): Promise<void> {
  let heard = Buffer.alloc(0);
  for (;;) {
    const [bytes] = (await once(socket, 'data')) as [Buffer];
    heard = Buffer.concat([heard, bytes]);
    for (let at = 0; at + 9 <= heard.length; at += 9 + heard.readUIntBE(at, 3)) {
      if (heard[at + 3] === type.goaway) return;
    }
  }
}

test.each([
  ['a frame that is too long', frame(type.data, 0, 1, Buffer.alloc(20_000))],
  ['a ping that is too short', frame(type.ping, 0, 0, Buffer.alloc(3))],
  ['headers that are none', frame(type.headers, endHeaders, 3, Buffer.alloc(6, 0xff))],
  ['data of no stream', frame(type.data, 0, 0, Buffer.alloc(1))],
])('after %s the connection is closed soon, and its login with it', async (_, bytes) => {
  await enter();
  const goodbye = farewell();
  socket.write(bytes);
  await goodbye;
  const closed = once(socket, 'close');
  expect(isOnline()).toBe(true);
  // The sweep that sees what was read, the one that finds silence and asks, and those that see the question stay.
  stage.world.clock.advance(2 * bounds.sweepMs + pingTimeoutMs);
  await closed;
  while (isOnline()) await new Promise(setImmediate);
});

test('after a GOAWAY of the client its login is over, and the connection is closed though the client stays', async () => {
  await enter();
  socket.allowHalfOpen = true;
  const goodbye = farewell();
  const ended = once(socket, 'end');
  socket.write(frame(type.goaway, 0, 0, Buffer.alloc(8)));
  await goodbye;
  await ended;
  while (isOnline()) await new Promise(setImmediate);
  stage.world.clock.advance(bounds.lingerMs);
  // Resolves when no connection is left: no time passes here that would end its patience.
  await stage.listener.close();
  expect(socket.writable).toBe(true);
});

test('after a GOAWAY of the client the stream that it has open still brings what comes', async () => {
  stage.account('bob');
  const client = connectHttp2(`http://127.0.0.1:${stage.listener.port}`);
  const call = (method: string, request: Uint8Array): ClientHttp2Stream => {
    const path = `/grpc.ChatService/${method}`;
    const headers = { ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' };
    return client.request(headers).end(framed(request));
  };
  let heard = '';
  call('ChatStream', Buffer.alloc(0)).on('data', (bytes: Buffer) => {
    heard += bytes;
  });
  call('LoginAccount', bobsAccount).resume();
  while (!isOnline()) await new Promise(setImmediate);
  client.goaway();
  const carol = await stage.enter('carol');
  for (const text of ['first', 'second']) {
    stage.world.clock.advance(2 * pingTimeoutMs);
    await stage.send(carol, 'bob', text);
    while (!heard.includes(text)) await new Promise(setImmediate);
  }
  expect(isOnline()).toBe(true);
  client.destroy();
  while (isOnline()) await new Promise(setImmediate);
});

test('a client that falls silent and is well stays', async () => {
  await enter();
  const asked = new Promise<Buffer>((resolve) => {
    let heard = Buffer.alloc(0);
    socket.on('data', (bytes: Buffer) => {
      heard = Buffer.concat([heard, bytes]);
      for (let at = 0; at + 9 <= heard.length; at += 9 + heard.readUIntBE(at, 3)) {
        if (heard[at + 3] === type.ping) resolve(heard.subarray(at + 9, at + 17));
      }
    });
  });
  stage.world.clock.advance(2 * bounds.sweepMs);
  const question = await asked;
  // It takes its time.
  stage.world.clock.advance(2 * pingTimeoutMs);
  await new Promise(setImmediate);
  expect(isOnline()).toBe(true);
  socket.write(frame(type.ping, acknowledgement, 0, question));
  const carol = await stage.enter('carol');
  await stage.send(carol, 'bob', 'still there?');
  stage.world.clock.advance(2 * pingTimeoutMs);
  await new Promise(setImmediate);
  expect(isOnline()).toBe(true);
});
