/** What begins like TLS: hellos cut into many records, wrong ones, and records that come at the wrong time. */

import type { Random } from '../torture/random';
import { mutated, randomBytes } from './mutation';
import type { Target } from './script';

const contentType = { changeCipher: 20, alert: 21, handshake: 22, application: 23 } as const;
/** A record that a hello is cut into, in bytes. */
const partBytesMax = 3;

/** Records are frames. A hello is read record by record until it is whole, and what comes after a wrong one is not. */
export function tlsTarget(name: string, port: number): Target {
  return {
    name,
    port,
    connections: 64,
    // A hello that is not whole may wait for the rest of the handshake's time.
    closePatienceMs: 500,
    framesPerConnection: 150,
    opening: () => Buffer.alloc(0),
    frames: (random) => (random.oneIn(8) ? [] : helloRecords(random)),
    breaking: (random) => brokenRecord(random),
  };
}

/** The records of a hello, mostly a wrong one, each of a few bytes. */
function helloRecords(random: Random): Buffer[] {
  const body = hello(random);
  const handshake = Buffer.concat([
    Buffer.from([random.oneIn(40) ? random.whole(0, 255) : 1]),
    uint24(body.length),
    body,
  ]);
  if (random.oneIn(40)) handshake.writeUIntBE(random.whole(0, 0xffffff), 1, 3);
  const records: Buffer[] = [];
  for (let at = 0; at < handshake.length; ) {
    const length = random.whole(1, partBytesMax);
    records.push(record(contentType.handshake, handshake.subarray(at, at + length)));
    at += length;
  }
  return records;
}

function hello(random: Random): Buffer {
  const body = Buffer.concat([
    Buffer.from([3, random.pick([0, 1, 2, 3, 3, 3, 3, 4])]),
    randomBytes(random, 32),
    vector(1, randomBytes(random, 32)),
    vector(2, Buffer.from('130113021303c02bc02fc02cc030', 'hex')),
    vector(1, Buffer.from([0])),
    vector(2, Buffer.concat(extensions(random))),
  ]);
  return random.oneIn(4) ? body : mutated(random, body).subarray(0, 600);
}

function extensions(random: Random): Buffer[] {
  const all: readonly (readonly [number, string])[] = [
    [0, '000c0000096c6f63616c686f7374'],
    [10, '0006001d00170018'],
    [11, '0100'],
    [13, '0006040304010804'],
    [16, '000c02683208687474702f312e31'],
    [43, '0403040303'],
    [45, '0101'],
    [51, `0024001d0020${'09'.repeat(32)}`],
    [35, ''],
  ];
  return all
    .filter(() => !random.oneIn(8))
    .map(([number, content]) => {
      const kind = Buffer.alloc(2);
      kind.writeUInt16BE(random.oneIn(30) ? random.whole(0, 65_535) : number);
      const bytes = Buffer.from(content, 'hex');
      return Buffer.concat([kind, vector(2, random.oneIn(6) ? mutated(random, bytes) : bytes)]);
    });
}

function brokenRecord(random: Random): Buffer {
  const kind = random.oneIn(3) ? random.whole(0, 255) : random.pick(Object.values(contentType));
  const bytes = record(kind, randomBytes(random, random.whole(0, 300)));
  if (random.oneIn(3)) bytes.writeUInt16BE(random.whole(0, 65_535), 3);
  return random.oneIn(3) ? mutated(random, bytes) : bytes;
}

function record(kind: number, content: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([kind, 3, 1]), vector(2, content)]);
}

/** `content` after its length in so many bytes. */
function vector(lengthBytes: number, content: Uint8Array): Buffer {
  const head = Buffer.alloc(lengthBytes);
  head.writeUIntBE(Math.min(content.length, 256 ** lengthBytes - 1), 0, lengthBytes);
  return Buffer.concat([head, content]);
}

function uint24(value: number): Buffer {
  const bytes = Buffer.alloc(3);
  bytes.writeUIntBE(value, 0, 3);
  return bytes;
}
