/** Chatbot frames: headers of 42 bytes, and data that is ASCII, or not. */

import type { Random } from '../torture/random';
import { mutated, randomBytes } from './mutation';
import { attackerName, someName, someRoom, someText } from './names';
import { repeated, type Target } from './script';

const name = 'chatbot';
const command = { create: 0, list: 1, send: 2, deliver: 3, delete: 4, login: 5 } as const;
const lengthBytes = 40;
const headerBytes = 2 + lengthBytes;
/** Before login. */
const dataBytesMax = 1_024;

/** Frames that are whole and no longer than they may be: the connection survives what they hold. */
export function chatbotTarget(port: number): Target {
  return {
    name,
    port,
    connections: 24,
    framesPerConnection: 700,
    opening: (random, slot) => opening(random, attackerName(name, slot)),
    frames: (random, slot, count) =>
      repeated(count, () => frameOf(pickCommand(random), dataOf(random, attackerName(name, slot)))),
    breaking: (random) => brokenFrame(random),
  };
}

function opening(random: Random, own: string): Buffer {
  if (random.oneIn(4)) return Buffer.alloc(0);
  const login = frameOf(command.login, Buffer.from(own));
  return random.oneIn(4) ? Buffer.concat([frameOf(command.create, Buffer.from(own)), login]) : login;
}

function pickCommand(random: Random): number {
  if (random.oneIn(200)) return command.delete;
  if (random.oneIn(60)) return random.pick([command.create, command.list]);
  if (random.oneIn(20)) return random.pick([command.deliver, command.login]);
  return command.send;
}

function dataOf(random: Random, own: string): Buffer {
  if (random.oneIn(20)) return Buffer.alloc(0);
  if (random.oneIn(20)) return randomBytes(random, random.whole(0, 100));
  const recipient = random.oneIn(4) ? someRoom(random) : someName(random, name);
  const fields = [random.oneIn(8) ? someName(random, name) : own, recipient, someText(random)];
  const data = Buffer.from(fields.slice(0, random.oneIn(8) ? random.whole(0, 3) : 3).join('|||'));
  return (random.oneIn(3) ? data : mutated(random, data)).subarray(0, dataBytesMax);
}

function frameOf(opcode: number, data: Buffer): Buffer {
  const frame = Buffer.alloc(headerBytes + data.length);
  frame[1] = opcode;
  frame.writeUInt32BE(data.length, headerBytes - 4);
  data.copy(frame, headerBytes);
  return frame;
}

function brokenFrame(random: Random): Buffer {
  const frame = frameOf(random.pick(Object.values(command)), dataOf(random, someName(random, name)));
  switch (random.whole(0, 6)) {
    case 0:
      frame[0] = random.whole(1, 255);
      return frame;
    case 1:
      frame[1] = random.whole(6, 255);
      return frame;
    case 2:
      frame[random.whole(2, headerBytes - 1)] = random.whole(1, 255);
      return frame;
    case 3:
      return frame.fill(0xff, 2, headerBytes);
    case 4:
      return frameOf(command.send, Buffer.alloc(random.whole(1_000, 70_000), random.pick(['|', 'a', '\0'])));
    case 5:
      return randomBytes(random, random.whole(0, 200));
    default:
      return mutated(random, frame);
  }
}
