/** What one connection does, decided before it begins: the same seed, target and number make the same script. */

import { Random } from '../torture/random';

/** How the bytes of a connection come, and how it goes.
 *
 *  `whole` as they are, then the end of input; the server has to close. `fragments` the same, cut anywhere.
 *  `bytes` the same, one by one at first. `held` left as it is, perhaps in the middle of a frame, until enough others
 *  wait as well. `reset` cut without a goodbye. `deaf` not one answer is read, then reset. */
export type Manner = 'whole' | 'fragments' | 'bytes' | 'held' | 'reset' | 'deaf';

export interface Script {
  /** What makes it again: target and number. */
  readonly name: string;
  readonly manner: Manner;
  /** Before the first frame: a greeting, a login. */
  readonly opening: Uint8Array;
  /** Frames that the connection should survive, or may. */
  readonly frames: readonly Uint8Array[];
  /** What ends it where the wire says so, at the end; it counts as one frame. */
  readonly breaking: Uint8Array | undefined;
  /** Draws what is left to chance while it runs: where bytes are cut. */
  readonly random: Random;
}

/** What one wire is attacked with. */
export interface Target {
  readonly name: string;
  readonly port: number;
  /** Connections at a time. */
  readonly connections: number;
  /** Frames that a connection has on the average. */
  readonly framesPerConnection: number;
  /** How long the server may take to close a connection whose input has ended. What is open then is cut, and has to be
   *  gone when the round is over; without it the server has to close by itself. */
  readonly closePatienceMs?: number;
  /** What comes first on a connection of the `slot`, 0 to `connections` - 1: no two at a time have the same. */
  opening(random: Random, slot: number): Uint8Array;
  /** `count` frames or so, in the order of the connection. */
  frames(random: Random, slot: number, count: number): readonly Uint8Array[];
  /** A frame that breaks the wire's own form: the server may close on it. */
  breaking(random: Random): Uint8Array;
}

const manners: readonly (readonly [Manner, number])[] = [
  ['whole', 60],
  ['fragments', 15],
  ['bytes', 5],
  ['held', 8],
  ['reset', 10],
  ['deaf', 2],
];

/** The script of the connection with this number of its target. */
export function scriptOf(target: Target, seed: number, number: number, slot: number): Script {
  const name = `${target.name} ${number}`;
  const random = new Random(seed, name);
  const manner = pickManner(random);
  const { framesPerConnection } = target;
  // Few long ones, many short ones.
  const count = random.oneIn(3)
    ? random.whole(0, Math.ceil(framesPerConnection / 10))
    : random.whole(1, Math.ceil(2.8 * framesPerConnection));
  const opening = target.opening(random, slot);
  const frames = target.frames(random, slot, count);
  const breaking = random.oneIn(3) || frames.length === 0 ? target.breaking(random) : undefined;
  return { name, manner, opening, frames, breaking, random };
}

/** `count` of what `make` makes. */
export function repeated<Item>(count: number, make: () => Item): Item[] {
  return Array.from({ length: count }, make);
}

function pickManner(random: Random): Manner {
  let drawn = random.fraction() * 100;
  for (const [manner, share] of manners) {
    if (drawn < share) return manner;
    drawn -= share;
  }
  return 'whole';
}
