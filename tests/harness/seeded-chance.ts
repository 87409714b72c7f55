/** A {@link Chance} that draws the same fractions again for the same seed. */

import type { Chance } from '../../server/core/ports';

/** Mulberry32: 32 bits of state, evenly spread, and short enough to see that it is right. */
export function seededChance(seed: number): Chance {
  let state = seed >>> 0;
  return {
    fraction() {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    },
  };
}
