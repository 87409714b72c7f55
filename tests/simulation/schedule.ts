/** One schedule from its seed to its end, or to the first thing that must not have happened. */

import { quiet } from '../harness/quiet';
import { type Fault, noFault } from './fault';
import type { Violation } from './ledger';
import { quietPeriod } from './quiet-period';
import { SimulatedWorld } from './simulated-world';

export interface Outcome {
  readonly seed: number;
  readonly steps: number;
  readonly violation: Violation | undefined;
  /** The last steps before the violation, oldest first. */
  readonly lastSteps: readonly string[];
}

/** The same seed makes the same schedule, step by step. */
export async function runSchedule(seed: number, fault: Fault = noFault): Promise<Outcome> {
  const world = new SimulatedWorld(seed, fault);
  const { ledger, scheduler } = world;
  const { stepsMax } = world.weather;
  while (scheduler.count < stepsMax && ledger.violation === undefined) {
    world.step();
    await quiet();
  }
  if (ledger.violation === undefined) await quietPeriod(world);
  const { violation } = ledger;
  const lastSteps = violation === undefined ? [] : scheduler.lastSteps();
  return { seed, steps: scheduler.count, violation, lastSteps };
}
