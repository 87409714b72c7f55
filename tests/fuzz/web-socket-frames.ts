/** JSON over WebSocket: upgrade requests, frames as RFC 6455 has them and as it has not, and what they hold. */

import { type FieldSpec, namedRequests, numericRequests } from '../../server/protocols/chateau/requests';
import type { Random } from '../torture/random';
import { mutated, randomBytes } from './mutation';
import { attackerName, attackerPassword, someName, someRoom, someText } from './names';
import { repeated, type Target } from './script';

const name = 'chateau';
const opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** Those that hash a password or read much: a few are enough. */
const rareTypes: ReadonlySet<string> = new Set([
  'CreateRequest',
  'LoginRequest',
  'PasswordRequest',
  'DeleteRequest',
  'LogoutRequest',
  'RegisterRequest',
  'ListRequest',
  'HistoryRequest',
]);

const named = Object.entries(namedRequests) as readonly (readonly [string, Readonly<Record<string, FieldSpec>>])[];
const numeric = Object.entries(numericRequests).map(([type, { fields }]) => [Number(type), fields] as const);
const common = named.filter(([type]) => !rareTypes.has(type));

/** WebSocket frames, text ones above all. */
export function webSocketTarget(port: number): Target {
  return {
    name,
    port,
    connections: 24,
    framesPerConnection: 700,
    opening: (random, slot) => Buffer.concat([Buffer.from(upgrade()), ...registration(random, slot)]),
    frames: (random, slot, count) => repeated(count, () => frame(random, slot)),
    breaking: (random) => brokenFrame(random),
  };
}

function upgrade(): string {
  return [
    'GET /ws HTTP/1.1',
    'Host: 127.0.0.1',
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version: 13',
    '',
    '',
  ].join('\r\n');
}

function registration(random: Random, slot: number): Buffer[] {
  const username = attackerName(name, slot);
  if (random.oneIn(4)) return [];
  if (random.oneIn(3)) return [textFrame(random, { type: 1, username: `${username}-${random.whole(0, 9_999)}` })];
  if (random.oneIn(2))
    return [textFrame(random, { type: 'RegisterRequest', username: `g-${random.whole(0, 99_999)}` })];
  const login = { type: 'LoginRequest', username, password: attackerPassword, takeover: true };
  if (!random.oneIn(4)) return [textFrame(random, login)];
  return [textFrame(random, { ...login, type: 'CreateRequest' }), textFrame(random, login)];
}

function textFrame(random: Random, value: unknown): Buffer {
  return framed(random, opcode.text, Buffer.from(JSON.stringify(value)));
}

/** One that the protocol allows, whatever it holds. */
function frame(random: Random, slot: number): Buffer {
  if (random.oneIn(40)) return framed(random, opcode.ping, randomBytes(random, random.whole(0, 125)));
  if (random.oneIn(40)) return framed(random, opcode.pong, randomBytes(random, random.whole(0, 125)));
  if (random.oneIn(40)) return framed(random, opcode.binary, randomBytes(random, random.whole(0, 300)));
  if (random.oneIn(60)) return framed(random, opcode.text, Buffer.from('keep alive'));
  const text = textOf(random, slot);
  if (!random.oneIn(30)) return framed(random, opcode.text, text);
  const middle = random.whole(0, text.length);
  return Buffer.concat([
    framed(random, opcode.text, text.subarray(0, middle), { isFinal: false }),
    ...(random.oneIn(2) ? [framed(random, opcode.ping, Buffer.alloc(0))] : []),
    framed(random, opcode.continuation, text.subarray(middle)),
  ]);
}

function textOf(random: Random, slot: number): Buffer {
  if (random.oneIn(60)) return Buffer.from(nested(random));
  const text = Buffer.from(JSON.stringify(request(random, slot)));
  if (random.oneIn(3)) return text;
  // Text that is not UTF-8 breaks the protocol: it comes with the broken ones.
  return Buffer.from(mutated(random, text).toString());
}

function request(random: Random, slot: number): object {
  const [type, fields] = random.oneIn(4)
    ? random.pick(numeric)
    : random.oneIn(40)
      ? random.pick(named)
      : random.pick(common);
  const value: Record<string, unknown> = { type };
  for (const [field, spec] of Object.entries(fields)) {
    if (!random.oneIn(8)) value[field] = fieldOf(random, field, spec, slot);
  }
  if (random.oneIn(4)) value.id = random.oneIn(3) ? strange(random) : random.whole(0, 99);
  if (random.oneIn(30)) value[random.pick(['__proto__', 'constructor', 'toString', 'type', ''])] = strange(random);
  return value;
}

function fieldOf(random: Random, field: string, spec: FieldSpec, slot: number): unknown {
  if (random.oneIn(8)) return strange(random);
  if (spec.startsWith('flag')) return random.oneIn(2);
  if (spec.startsWith('number')) return random.pick([0, 1, 50, 201, 2 ** 31, Number.MAX_SAFE_INTEGER]);
  if (spec.startsWith('names')) return Array.from({ length: random.whole(0, 4) }, () => someName(random, name));
  if (field === 'content') return someText(random);
  if (field === 'chatname') return random.oneIn(2) ? someRoom(random).slice(1) : someText(random).slice(0, 300);
  return random.oneIn(3) ? attackerName(name, slot) : someName(random, name);
}

function strange(random: Random): unknown {
  const values = [null, true, -1, 0.5, 1e308, '', [], {}, [[]], ['', null], { a: 1 }, '\ud800', '\u0000', '𝒳'];
  return random.oneIn(500) ? 'x'.repeat(random.whole(1_000, 100_000)) : random.pick(values);
}

/** JSON, or nearly, as deep as it is long. */
function nested(random: Random): string {
  const depth = random.oneIn(20) ? random.whole(1_000, 50_000) : random.whole(1, 200);
  const [open, close] = random.pick([
    ['[', ']'],
    ['{"type":', '}'],
    ['{"type":3,"clients":[', ']}'],
  ] as const);
  return open.repeat(depth) + random.pick(['1', '', '"x"']) + close.repeat(random.oneIn(2) ? depth : depth - 1);
}

interface FrameForm {
  readonly isFinal?: boolean;
  readonly reserved?: number;
  readonly isMasked?: boolean;
  /** What it says that it holds, if that is not the truth. */
  readonly saidBytes?: bigint;
}

/** A frame with any opcode. A mask of zeros is a mask: it saves the attacker some work. */
function framed(random: Random, op: number, payload: Buffer, form: FrameForm = {}): Buffer {
  const { isFinal = true, reserved = 0, isMasked = true, saidBytes } = form;
  const first = (isFinal ? 0x80 : 0) | (reserved << 4) | op;
  const maskBit = isMasked ? 0x80 : 0;
  const head = Buffer.alloc(14);
  head[0] = first;
  let length = 2;
  if (saidBytes !== undefined || payload.length > 65_535) {
    head[1] = maskBit | 127;
    head.writeBigUInt64BE(saidBytes ?? BigInt(payload.length), 2);
    length = 10;
  } else if (payload.length > 125) {
    head[1] = maskBit | 126;
    head.writeUInt16BE(payload.length, 2);
    length = 4;
  } else head[1] = maskBit | payload.length;
  if (!isMasked) return Buffer.concat([head.subarray(0, length), payload]);
  if (!random.oneIn(6)) return Buffer.concat([head.subarray(0, length + 4), payload]);
  const mask = randomBytes(random, 4);
  head.set(mask, length);
  const masked = payload.map((byte, at) => byte ^ (mask[at % 4] as number));
  return Buffer.concat([head.subarray(0, length + 4), masked]);
}

/** One that the protocol does not allow, or that says goodbye. */
function brokenFrame(random: Random): Buffer {
  const text = textOf(random, 0);
  const broken: readonly (() => Buffer)[] = [
    () => framed(random, opcode.text, text, { isMasked: false }),
    () => framed(random, opcode.text, text, { reserved: random.whole(1, 7) }),
    () => framed(random, random.pick([3, 4, 5, 6, 7, 11, 12, 13, 14, 15]), text),
    () =>
      framed(random, opcode.text, text, { saidBytes: random.pick([2n ** 63n, 2n ** 64n - 1n, 2n ** 53n, 500_000n]) }),
    () => framed(random, opcode.ping, Buffer.alloc(126)),
    () => framed(random, opcode.ping, Buffer.alloc(1), { isFinal: false }),
    () => framed(random, opcode.continuation, text),
    () => Buffer.concat([framed(random, opcode.text, text, { isFinal: false }), framed(random, opcode.text, text)]),
    () => framed(random, opcode.text, mutated(random, text)),
    () => framed(random, opcode.text, Buffer.from([0xff, 0xfe, 0xc0])),
    () => framed(random, opcode.close, randomBytes(random, random.whole(0, 10))),
    () => framed(random, opcode.text, Buffer.alloc(500_000, 0x20)),
    () => mutated(random, framed(random, opcode.text, text)),
    () => randomBytes(random, random.whole(1, 300)),
  ];
  return random.oneIn(40) || random.oneIn(2) ? random.pick(broken.slice(0, 11))() : random.pick(broken.slice(12))();
}
