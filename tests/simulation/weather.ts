/** What a schedule is like: how often each thing goes wrong in it, and how slow everything is. Each schedule draws its own,
 *  so that some are all crashes, and others have none and get far. */

import type { Chance } from '../../server/core/ports';

export interface Weather {
  /** Steps before the quiet period. */
  readonly stepsMax: number;
  /** The probability that a step is something a client does by itself. */
  readonly activity: number;
  readonly crash: number;
  readonly cut: number;
  readonly prune: number;
  readonly commitFails: number;
  readonly readFails: number;
  readonly hashFails: number;
  /** How nudges travel; only a `lossy` bus may lose some. */
  readonly bus: 'local' | 'late' | 'lossy';
  /** Reads are answered in any order, as from a pool of connections. */
  readonly hasPooledReads: boolean;
  readonly sessionsPerAccountMax: number;
  readonly mailboxMessagesMax: number;
  /** Drafts that may gather before the store is congested. */
  readonly draftsMax: number;
  readonly outboxBytesMax: number;
  readonly accounts: number;
  readonly slowness: Readonly<Record<Slow, number>>;
}

/** What can be slower than the rest. */
export type Slow = 'writer' | 'reader' | 'hasher' | 'bus' | 'clock' | 'flush' | 'system' | 'network' | 'news';

export function drawWeather(chance: Chance): Weather {
  const one = <T>(...of: readonly [T, ...T[]]): T => of[Math.floor(chance.fraction() * of.length)] as T;
  const slow = (): number => one(0, 0, 0, 0.5, 0.9, 0.97);
  return {
    stepsMax: one(30, 100, 100, 300, 300, 1_000),
    activity: one(0.05, 0.2, 0.2, 0.5),
    crash: one(0, 0, 0.002, 0.01, 0.03),
    cut: one(0, 0.002, 0.01, 0.05),
    prune: one(0, 0.01, 0.05),
    commitFails: one(0, 0, 0, 0.05, 0.3),
    readFails: one(0, 0, 0, 0.05, 0.3),
    hashFails: one(0, 0, 0.1),
    bus: one('local', 'local', 'late', 'lossy'),
    hasPooledReads: one(false, false, true),
    sessionsPerAccountMax: one(1, 2, 3),
    mailboxMessagesMax: one(3, 8, 100_000, 100_000),
    draftsMax: one(1, 3, 1_000, 1_000),
    outboxBytesMax: one(1, 50_000, 1_000_000),
    accounts: one(2, 3, 4),
    slowness: {
      writer: slow(),
      reader: slow(),
      hasher: slow(),
      bus: slow(),
      clock: slow(),
      flush: slow(),
      system: slow(),
      network: slow(),
      news: slow(),
    },
  };
}

/** The same world with nothing going wrong any more. */
export function calm(weather: Weather): Weather {
  return { ...weather, activity: 0, crash: 0, cut: 0, prune: 0, commitFails: 0, readFails: 0, hashFails: 0 };
}
