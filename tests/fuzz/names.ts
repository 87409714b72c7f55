/** The names that attackers use among themselves. Whoever behaves well has others, which they cannot guess. */

import type { Random } from '../torture/random';

/** Of every account that an attacker makes and enters. */
export const attackerPassword = 'fuzz';

/** The account of one slot of a target. */
export function attackerName(target: string, slot: number): string {
  return `${target}-${slot}`;
}

const oddities = [
  '',
  ' ',
  '#',
  '#a',
  'server',
  'System',
  '*',
  '?',
  '-',
  '_',
  'é',
  '\u202e',
  '__proto__',
  'constructor',
];

/** A name that may be one. */
export function someName(random: Random, target: string): string {
  if (random.oneIn(4)) return random.pick(oddities);
  if (random.oneIn(20)) return 'n'.repeat(random.whole(30, 40));
  if (random.oneIn(3)) return `guest-${random.whole(0, 99)}`;
  return attackerName(target, random.whole(0, 40));
}

/** A room that may be one. Never the lobby: a member who is away and reads nothing fills it, and then nobody is heard. */
export function someRoom(random: Random): string {
  if (random.oneIn(20)) return `#fuzz-${'r'.repeat(random.whole(245, 255))}`;
  return `#fuzz-${random.whole(0, 20)}`;
}

const words = [
  'hi',
  'hello',
  'é😀',
  '\\n',
  '\\x',
  '',
  '0',
  '-1',
  '9007199254740993',
  '1e999',
  '|||',
  '%s',
  '\u2028',
  '*',
];

/** Something that may stand where a text stands. */
export function someText(random: Random): string {
  if (random.oneIn(400)) return 'x'.repeat(random.whole(1_000, 66_000));
  return random.oneIn(3) ? `${random.pick(words)} ${random.pick(words)}` : random.pick(words);
}
