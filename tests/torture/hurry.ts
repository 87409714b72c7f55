/** Clients in a hurry: their patience was made for people, and this server is killed every other second. */

import { type Chance, systemChance } from '../../client/core/chance';
import { type Clock, systemClock } from '../../client/core/clock';
import type { Random } from './random';

/** How many times as fast as the machine's their clock runs: a silent connection counts as dead after 10 s and not 46. */
const haste = 5;
/** The part of the wait between two attempts to connect that is left. */
const waitFraction = 0.1;

export function hurriedClock(): Clock {
  const begin = systemClock.now();
  return {
    now: () => begin + (systemClock.now() - begin) * haste,
    after: (delayMs, task) => systemClock.after(delayMs / haste, task),
  };
}

/** Draws short waits: no connection here holds long enough for the client to think that the trouble is over. */
export function hurriedChance(random: Random): Chance {
  return { ...systemChance, fraction: () => random.fraction() * waitFraction };
}
