/** The machine's randomness, as the core's {@link Chance}. */

import { randomInt } from 'node:crypto';
import type { Chance } from './core/ports';

/** Steps between 0 and 1: the widest power of two that `randomInt` draws from. */
const steps = 2 ** 47;

/** Cryptographic randomness: nobody can tell from past draws whom `random` picks next. */
export const systemChance: Chance = {
  fraction: () => randomInt(steps) / steps,
};
