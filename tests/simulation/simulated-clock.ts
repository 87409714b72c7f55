/** A {@link Clock} whose timers are steps: they run in the order of their time, and as late as the scheduler likes. The timer
 *  that asks for heads again is always set: it is not a step of its own, or a schedule would never end. */

import type { Clock, Timer, UnixMs } from '../../server/core/ports';
import { bounds } from '../../shared/limits';
import type { Lane } from './scheduler';

interface Alarm {
  readonly dueMs: number;
  readonly task: () => void;
}

/** The time that outlives the server. */
export interface Time {
  nowMs: number;
}

export class SimulatedClock implements Clock {
  private alarms: Alarm[] = [];

  constructor(
    private readonly time: Time,
    private readonly lane: Lane,
  ) {}

  now(): UnixMs {
    return this.time.nowMs as UnixMs;
  }

  after(delayMs: number, task: () => void): Timer {
    const alarm = { dueMs: this.time.nowMs + delayMs, task };
    this.alarms.push(alarm);
    if (delayMs < bounds.headRefreshMs) this.lane.push('timer', () => this.ring());
    return {
      cancel: () => {
        this.alarms = this.alarms.filter((other) => other !== alarm);
      },
    };
  }

  /** Runs what is due first, whenever that is. */
  ring(): void {
    const [first] = this.alarms.toSorted((a, b) => a.dueMs - b.dueMs);
    if (first === undefined) return;
    this.alarms = this.alarms.filter((other) => other !== first);
    this.time.nowMs = Math.max(this.time.nowMs, first.dueMs);
    first.task();
  }
}
