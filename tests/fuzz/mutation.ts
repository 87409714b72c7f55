/** Bytes made wrong: what a valid frame becomes when it is flipped, cut, doubled, spliced or filled with nonsense. The
 *  same seed makes the same bytes. */

import type { Random } from '../torture/random';

/** The longest that a mutation makes of anything, in bytes. */
const mutatedBytesMax = 70_000;
const changesMax = 4;

/** Bytes that mean something on one wire or another. */
const meaningful = Buffer.from('\0\n\r \t"\\{}[]:,|*#!0123456789-.%\x16\x7f\x80\xc0\xe2\xf0\xfe\xff', 'latin1');

/** Sequences that are no UTF-8, or that decoders stumble over. */
const awkward: readonly Buffer[] = [
  [0xc3],
  [0xe2, 0x82],
  [0xf0, 0x9f, 0x98],
  [0xc0, 0x80],
  [0xed, 0xa0, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
  [0xef, 0xbb, 0xbf],
  [0xe2, 0x80, 0xa8],
  [0xff, 0xff, 0xff, 0xff],
  [0x80, 0, 0, 0],
  [0, 0, 0, 0],
  [0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
].map((bytes) => Buffer.from(bytes));

type Change = (random: Random, bytes: Buffer) => Buffer;

const changes: readonly Change[] = [
  (random, bytes) => atOneByte(random, bytes, (byte) => byte ^ (1 << random.whole(0, 7))),
  (random, bytes) => atOneByte(random, bytes, () => random.pick([...meaningful])),
  (random, bytes) => atOneByte(random, bytes, () => random.whole(0, 255)),
  (random, bytes) => bytes.subarray(0, random.whole(0, bytes.length)),
  (random, bytes) => bytes.subarray(random.whole(0, bytes.length)),
  (random, bytes) => inserted(random, bytes, random.pick(awkward)),
  (random, bytes) => inserted(random, bytes, randomBytes(random, random.whole(1, 16))),
  (random, bytes) => inserted(random, bytes, slice(random, bytes)),
  (random, bytes) => inserted(random, bytes, Buffer.alloc(random.whole(1, 200), random.pick([...meaningful]))),
  (random, bytes) => {
    const [from, to] = span(random, bytes);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  (random, bytes) => {
    const copy = Buffer.from(bytes);
    copy.set(random.pick(awkward).subarray(0, copy.length), random.whole(0, Math.max(0, copy.length - 8)));
    return copy;
  },
];

/** `bytes` after one to four changes. `other` is what it may be spliced with. */
export function mutated(random: Random, bytes: Uint8Array, other: Uint8Array = bytes): Buffer {
  let made = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (random.oneIn(12)) made = spliced(random, made, other);
  const count = random.oneIn(2) ? 1 : random.whole(1, changesMax);
  for (let change = 0; change < count; change += 1) {
    made = random.pick(changes)(random, made) as typeof made;
  }
  return made.subarray(0, mutatedBytesMax);
}

/** Bytes that mean nothing. */
export function randomBytes(random: Random, count: number): Buffer {
  const bytes = Buffer.allocUnsafe(count);
  for (let at = 0; at < count; at += 1) bytes[at] = random.whole(0, 255);
  return bytes;
}

/** Where to cut `length` bytes into pieces, in ascending order: once to `cutsMax` times. */
export function cuts(random: Random, length: number, cutsMax: number): number[] {
  const places = Array.from({ length: random.whole(1, cutsMax) }, () => random.whole(0, length));
  return places.sort((one, other) => one - other);
}

function spliced(random: Random, bytes: Buffer, other: Uint8Array): Buffer<ArrayBuffer> {
  const head = bytes.subarray(0, random.whole(0, bytes.length));
  return Buffer.concat([head, other.subarray(random.whole(0, other.length))]);
}

function atOneByte(random: Random, bytes: Buffer, change: (byte: number) => number): Buffer {
  if (bytes.length === 0) return bytes;
  const copy = Buffer.from(bytes);
  const at = random.whole(0, copy.length - 1);
  copy[at] = change(copy[at] as number);
  return copy;
}

function inserted(random: Random, bytes: Buffer, more: Uint8Array): Buffer {
  const at = random.whole(0, bytes.length);
  return Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)]);
}

function slice(random: Random, bytes: Buffer): Buffer {
  const [from, to] = span(random, bytes);
  return bytes.subarray(from, to);
}

function span(random: Random, bytes: Buffer): readonly [number, number] {
  const from = random.whole(0, bytes.length);
  return [from, Math.min(bytes.length, from + random.whole(1, 64))];
}
