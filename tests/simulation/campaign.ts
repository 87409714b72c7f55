/** Schedule after schedule, each from the next seed, until the steps are spent or something is violated. */

import type { Fault } from './fault';
import { type Outcome, runSchedule } from './schedule';

export interface CampaignOptions {
  readonly firstSeed: number;
  /** Steps to take at least, unless something is violated. */
  readonly steps: number;
  /** Makes the fault of each schedule; without it there is none. */
  readonly plant?: () => Fault;
}

export interface Campaign {
  readonly schedules: number;
  readonly steps: number;
  readonly lastSeed: number;
  /** The schedule that violated something: the last one. */
  readonly failure: Outcome | undefined;
}

export async function runCampaign({ firstSeed, steps, plant }: CampaignOptions): Promise<Campaign> {
  let taken = 0;
  let schedules = 0;
  for (let seed = firstSeed; ; seed += 1) {
    const outcome = await runSchedule(seed, plant?.());
    taken += outcome.steps;
    schedules += 1;
    const isOver = outcome.violation !== undefined || taken >= steps;
    if (isOver) {
      return {
        schedules,
        steps: taken,
        lastSeed: seed,
        failure: outcome.violation === undefined ? undefined : outcome,
      };
    }
  }
}
