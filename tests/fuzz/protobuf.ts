/** Requests of the gRPC wire as bytes: protocol buffers, right and wrong. */

import type { Random } from '../torture/random';
import { grpcRequestVectors } from '../vectors/grpc-vectors';
import { mutated, randomBytes } from './mutation';
import { attackerName, attackerPassword, someName, someText } from './names';

const length = 2;

/** A field of text: its number, and what it holds. */
export function textField(number: number, text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([varint((number << 3) | length), varint(bytes.length), bytes]);
}

/** A number as protocol buffers write it. */
export function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) {
      bytes.push(rest);
      return Buffer.from(bytes);
    }
    bytes.push((rest % 128) | 0x80);
  }
}

/** An account, as the login and the creation of one take it. */
export function accountMessage(name: string): Buffer {
  // Field 5: whoever is logged in there already goes.
  return Buffer.concat([textField(1, name), textField(2, attackerPassword), Buffer.from([0x28, 1])]);
}

/** The body of a request, whatever it is for. */
export function messageBody(random: Random, slot: number): Buffer {
  if (random.oneIn(10)) return randomBytes(random, random.whole(0, 80));
  const body = random.oneIn(3) ? Buffer.from(random.pick(grpcRequestVectors).bytes) : fields(random, slot);
  return random.oneIn(3) ? body : mutated(random, body, random.pick(grpcRequestVectors).bytes);
}

function fields(random: Random, slot: number): Buffer {
  const own = attackerName('grpc', slot);
  const texts = [random.oneIn(4) ? someName(random, 'grpc') : own, someName(random, 'grpc'), someText(random)];
  return Buffer.concat(texts.slice(0, random.whole(1, 3)).map((text, at) => textField(at + 1, text)));
}
