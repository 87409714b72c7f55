/** A clock that stands still until a test moves it. */

import type { Clock, Timer } from './clock';

interface Planned {
  readonly at: number;
  readonly task: () => void;
}

export class FakeClock implements Clock {
  private nowMs = Date.UTC(2026, 10, 21, 12);
  private planned: Planned[] = [];

  now(): number {
    return this.nowMs;
  }

  after(delayMs: number, task: () => void): Timer {
    const plan = { at: this.nowMs + delayMs, task };
    this.planned.push(plan);
    return {
      cancel: () => {
        this.planned = this.planned.filter((other) => other !== plan);
      },
    };
  }

  /** Moves on by `durationMs`, running what falls due in its order, and lets promises settle in between. */
  async advance(durationMs: number): Promise<void> {
    const end = this.nowMs + durationMs;
    for (;;) {
      await turn();
      const next = this.planned.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.nowMs = Math.max(this.nowMs, next.at);
      this.planned = this.planned.filter((other) => other !== next);
      next.task();
    }
    this.nowMs = end;
    await turn();
  }
}

/** Lets everything run that only waits for its turn. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
