/** A {@link Clock} whose time moves only when told. */

import type { Clock, Timer, UnixMs } from '../../server/core/ports';

interface Alarm {
  readonly dueMs: number;
  readonly task: () => void;
}

export class ManualClock implements Clock {
  private alarms: Alarm[] = [];

  constructor(private nowMs = 1_789_000_000_000) {}

  /** Timers that have neither run nor been cancelled. */
  get pendingCount(): number {
    return this.alarms.length;
  }

  now(): UnixMs {
    return this.nowMs as UnixMs;
  }

  after(delayMs: number, task: () => void): Timer {
    const alarm = { dueMs: this.nowMs + delayMs, task };
    this.alarms.push(alarm);
    return { cancel: () => this.remove(alarm) };
  }

  /** Moves time on, running what falls due on the way, earliest first; of two at once the one set first. */
  advance(byMs: number): void {
    const untilMs = this.nowMs + byMs;
    for (let next = this.earliest(); next !== undefined && next.dueMs <= untilMs; next = this.earliest()) {
      this.remove(next);
      this.nowMs = next.dueMs;
      next.task();
    }
    this.nowMs = untilMs;
  }

  private earliest(): Alarm | undefined {
    return this.alarms.reduce<Alarm | undefined>(
      (first, alarm) => (first === undefined || alarm.dueMs < first.dueMs ? alarm : first),
      undefined,
    );
  }

  private remove(alarm: Alarm): void {
    this.alarms = this.alarms.filter((other) => other !== alarm);
  }
}
