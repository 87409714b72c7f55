/** What a run decides at random, drawn from its seed. */

import { seededChance } from '../harness/seeded-chance';

export class Random {
  private readonly chance: ReturnType<typeof seededChance>;

  /** `stream` names who draws, so that what one draws does not change what another does. */
  constructor(seed: number, stream: string) {
    let mixed = seed;
    for (const letter of stream) mixed = Math.imul(mixed ^ letter.charCodeAt(0), 0x01000193);
    this.chance = seededChance(mixed);
  }

  /** At least 0, below 1. */
  fraction(): number {
    return this.chance.fraction();
  }

  /** At least `from`, below `to`. */
  between(from: number, to: number): number {
    return from + this.fraction() * (to - from);
  }

  /** A whole number, at least `from` and at most `through`. */
  whole(from: number, through: number): number {
    return Math.floor(this.between(from, through + 1));
  }

  /** True once in `times`, on the whole. */
  oneIn(times: number): boolean {
    return this.fraction() * times < 1;
  }

  /** @throws Error when there is nothing to choose from */
  pick<Item>(items: readonly Item[]): Item {
    const picked = items[Math.floor(this.fraction() * items.length)];
    if (picked === undefined) throw new Error('there is nothing to pick from');
    return picked;
  }
}
