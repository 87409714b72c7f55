/** Nick room packets: a length, and a name or JSON. */

import type { Random } from '../torture/random';
import { mutated, randomBytes } from './mutation';
import { someName, someText } from './names';
import { repeated, type Target } from './script';

/** Hardly any packet is a message: each goes to everybody in the room. */
export function nickroomTarget(port: number): Target {
  return {
    name: 'nickroom',
    port,
    connections: 12,
    framesPerConnection: 1_500,
    opening: (random, slot) => {
      const nickname = packet(random, Buffer.from(`nick-${slot}-${random.whole(0, 999_999)}`));
      return random.oneIn(4) ? Buffer.alloc(0) : nickname;
    },
    frames: (random, _, count) => repeated(count, () => packet(random, contentOf(random))),
    breaking: (random) => brokenPacket(random),
  };
}

function contentOf(random: Random): Buffer {
  if (random.oneIn(20)) return randomBytes(random, random.whole(0, 300));
  if (random.oneIn(20)) return Buffer.from(someName(random, 'nick'));
  const content = Buffer.from(random.oneIn(60) ? messageOf(random) : nearly(random));
  return random.oneIn(3) ? mutated(random, content) : content;
}

function messageOf(random: Random): string {
  return JSON.stringify({
    timestamp: '2026-01-02 03:04:05',
    nickname: someName(random, 'nick'),
    message: someText(random),
  });
}

const nearlyMessages = [
  '{"message":1}',
  '{"message":null}',
  '{"message":["a"]}',
  '{"message":{"message":"a"}}',
  '{"message":',
  '{"Message":"a"}',
  '["message"]',
  '"message"',
  'null',
  '{}',
  '',
  '{"message":"\\ud800',
  '{"message":"\\u12"}',
  '\0\0',
  'BYE',
];

function nearly(random: Random): string {
  if (random.oneIn(60)) return '['.repeat(random.whole(1, 30_000));
  return random.pick(nearlyMessages);
}

function packet(random: Random, content: Uint8Array): Buffer {
  const cut = content.subarray(0, 65_000);
  const isTwice = random.oneIn(4);
  const bytes = Buffer.alloc(2 + (isTwice ? 2 : 0) + cut.length);
  bytes.writeUInt16BE(bytes.length - 2);
  // Now and then it is not the second length that it looks like.
  if (isTwice) bytes.writeUInt16BE(random.oneIn(4) ? random.whole(0, 65_535) : cut.length, 2);
  bytes.set(cut, bytes.length - cut.length);
  return bytes;
}

function brokenPacket(random: Random): Buffer {
  if (random.oneIn(3)) return packet(random, Buffer.from('{"message":"BYE"}'));
  if (random.oneIn(2)) return mutated(random, packet(random, contentOf(random)));
  return Buffer.concat([Buffer.from([0xff, 0xff]), randomBytes(random, random.whole(0, 3_000))]);
}
