/** HTTP/2 as bytes: frames with any content, and the calls of gRPC in them. */

import type { Random } from '../torture/random';
import { mutated, randomBytes } from './mutation';
import { attackerName } from './names';
import { accountMessage, messageBody } from './protobuf';
import { repeated, type Target } from './script';

const type = {
  data: 0,
  headers: 1,
  priority: 2,
  reset: 3,
  settings: 4,
  ping: 6,
  goaway: 7,
  window: 8,
  continuation: 9,
};
const flag = { endStream: 1, endHeaders: 4 } as const;
const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

const chat = [
  'CreateAccount',
  'LoginAccount',
  'LogoutAccount',
  'DeleteAccount',
  'ListAccounts',
  'SendMessage',
  'ChatStream',
  'DeliverMessages',
  'Ack',
  'Nothing',
].map((call) => `/grpc.ChatService/${call}`);
const cheap = chat.slice(5);
const others = [
  '/grpc.health.v1.Health/Check',
  '/grpc.health.v1.Health/Watch',
  '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo',
  '/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo',
  '/',
  '',
  '//',
  '/__proto__/constructor',
];

/** Calls whose requests are cut into many DATA frames, between frames of all other kinds. */
export function grpcTarget(port: number): Target {
  return {
    name: 'grpc',
    port,
    connections: 16,
    // Node's HTTP/2 does not see the end of a connection that it has given up: the server does, some seconds later.
    closePatienceMs: 2_000,
    framesPerConnection: 600,
    opening: (random, slot) => opening(random, slot),
    frames: framesOfCalls,
    breaking: (random) => brokenFrame(random),
  };
}

function opening(random: Random, slot: number): Buffer {
  const begin = [Buffer.from(preface), frameOf(type.settings, 0, 0, settings(random))];
  if (random.oneIn(3)) return Buffer.concat(begin);
  const account = message(accountMessage(attackerName('grpc', slot)));
  const names = random.oneIn(4) ? ['ChatStream', 'CreateAccount'] : ['ChatStream', 'LoginAccount'];
  const calls = names.flatMap((name, at) => [
    headersOf(2 * at + 1, `/grpc.ChatService/${name}`),
    frameOf(type.data, flag.endStream, 2 * at + 1, name === 'ChatStream' ? message(Buffer.alloc(0)) : account),
  ]);
  return Buffer.concat([...begin, ...calls]);
}

/** A call that goes on: what of its request was not sent yet. */
interface OpenCall {
  stream: number;
  rest: Buffer;
}

/** Frames of a connection whose first two calls are its opening's. */
function framesOfCalls(random: Random, slot: number, count: number): Buffer[] {
  const call: OpenCall = { stream: 3, rest: Buffer.alloc(0) };
  return repeated(count, () => {
    if (random.oneIn(8)) return between(random, call.stream);
    if (call.rest.length > 0) return nextPart(random, call);
    call.stream += 2;
    call.rest = requestOf(random, slot);
    return headersOf(call.stream, pathOf(random), random);
  });
}

function pathOf(random: Random): string {
  if (random.oneIn(12)) return random.pick(others);
  return random.oneIn(150) ? random.pick(chat) : random.pick(cheap);
}

function requestOf(random: Random, slot: number): Buffer {
  const body = message(messageBody(random, slot).subarray(0, 400));
  if (random.oneIn(20)) body.writeUInt32BE(random.whole(0, 0xffffffff), 1);
  if (random.oneIn(20)) body[0] = random.whole(1, 255);
  return random.oneIn(30) ? Buffer.concat([body, body]) : body;
}

function nextPart(random: Random, call: OpenCall): Buffer {
  const part = call.rest.subarray(0, random.oneIn(12) ? call.rest.length : random.whole(0, 4));
  call.rest = call.rest.subarray(part.length);
  const isEnd = call.rest.length === 0;
  return frameOf(type.data, isEnd ? flag.endStream : 0, call.stream, part);
}

/** A frame that may stand between two others of a call. */
function between(random: Random, stream: number): Buffer {
  switch (random.whole(0, 5)) {
    case 0:
      return frameOf(type.ping, 0, 0, randomBytes(random, 8));
    case 1:
      return frameOf(type.priority, 0, random.whole(1, 2_000) | 1, Buffer.from([0, 0, 0, 0, random.whole(0, 255)]));
    case 2:
      return frameOf(type.window, 0, random.oneIn(2) ? 0 : stream, Buffer.from([0, 0, 0, random.whole(1, 255)]));
    case 3:
      return frameOf(random.whole(12, 255), random.whole(0, 255), 0, randomBytes(random, random.whole(0, 40)));
    case 4:
      return frameOf(type.reset, 0, stream, Buffer.from([0, 0, 0, random.whole(0, 14)]));
    default:
      return frameOf(type.priority, 0, stream, randomBytes(random, 5).fill(0, 0, 4));
  }
}

function brokenFrame(random: Random): Buffer {
  const frame = frameOf(
    random.whole(0, 10),
    random.whole(0, 255),
    random.whole(0, 20),
    randomBytes(random, random.whole(0, 60)),
  );
  switch (random.whole(0, 5)) {
    case 0:
      frame.writeUIntBE(random.whole(0, 0xffffff), 0, 3);
      return frame;
    case 1:
      return headersOf(random.whole(0, 40), `/${randomBytes(random, 20).toString('latin1')}`, random);
    case 2:
      return Buffer.concat(
        Array.from({ length: random.whole(1, 40) }, () => frameOf(type.settings, 0, 0, settings(random))),
      );
    case 3:
      return frameOf(
        type.headers,
        random.whole(0, 255),
        2 * random.whole(0, 90) + 1,
        randomBytes(random, random.whole(0, 90)),
      );
    case 4:
      return randomBytes(random, random.whole(1, 300));
    default:
      return mutated(random, frame);
  }
}

function settings(random: Random): Buffer {
  const entries = Array.from({ length: random.whole(0, 3) }, () => {
    const entry = Buffer.alloc(6);
    entry.writeUInt16BE(random.pick([1, 3, 5, 6, 8, 99]), 0);
    entry.writeUInt32BE(random.pick([0, 1, 16_384, 65_535]), 2);
    return entry;
  });
  // Frames of the server may be no smaller than this: RFC 9113, 6.5.2.
  for (const entry of entries) if (entry.readUInt16BE(0) === 5) entry.writeUInt32BE(16_384, 2);
  for (const entry of entries) if (entry.readUInt16BE(0) === 8) entry.writeUInt32BE(1, 2);
  return Buffer.concat(entries);
}

function frameOf(kind: number, flags: number, stream: number, payload: Uint8Array): Buffer {
  const frame = Buffer.alloc(9 + payload.length);
  frame.writeUIntBE(payload.length, 0, 3);
  frame[3] = kind;
  frame[4] = flags;
  frame.writeUInt32BE(stream, 5);
  frame.set(payload, 9);
  return frame;
}

/** gRPC's own five bytes before a message. */
function message(body: Buffer): Buffer {
  const framed = Buffer.alloc(5 + body.length);
  framed.writeUInt32BE(body.length, 1);
  body.copy(framed, 5);
  return framed;
}

/** The headers of a call, written out: no table, no compression. With `random` some are not as they should be. */
function headersOf(stream: number, path: string, random?: Random): Buffer {
  const fields: (readonly [string, string])[] = [
    [':method', random?.oneIn(60) ? 'GET' : 'POST'],
    [':scheme', 'http'],
    [':path', path],
    [':authority', 'fuzz'],
    ['content-type', random?.oneIn(60) ? 'text/plain' : 'application/grpc'],
    ['te', 'trailers'],
  ];
  if (random?.oneIn(10)) fields.push(oddHeader(random));
  const block = Buffer.concat(fields.flatMap(([name, value]) => [Buffer.from([0]), literal(name), literal(value)]));
  return frameOf(type.headers, flag.endHeaders, stream, block);
}

function oddHeader(random: Random): readonly [string, string] {
  return random.pick([
    ['authorization', 'Bearer nobody'],
    ['authorization', ''],
    ['grpc-timeout', random.pick(['1n', '0S', '99999999H', '-1S', 'x'])],
    ['grpc-encoding', random.pick(['gzip', 'deflate', 'identity', 'x'])],
    ['x-bin', '!!!'],
    ['x', 'y'.repeat(random.whole(0, 1_000))],
  ] as const);
}

function literal(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  if (bytes.length < 127) return Buffer.concat([Buffer.from([bytes.length]), bytes]);
  const rest = bytes.length - 127;
  const lengths = rest < 128 ? [127, rest] : [127, (rest % 128) | 0x80, rest >> 7];
  return Buffer.concat([Buffer.from(lengths), bytes]);
}
