/** Acknowledgements: cumulative, and one for many messages. */

import type { Clock, Timer } from './clock';
import { clientLimits } from './limits';

export interface AcknowledgerNeeds {
  readonly clock: Clock;
  /** Tells the server that everything of `log` up to `seq` was handed out. */
  readonly acknowledge: (log: string, seq: number) => void;
}

/** Gathers what was handed out and acknowledges the highest `seq` of each log a few milliseconds later. */
export class Acknowledger {
  private readonly due = new Map<string, number>();
  private timer: Timer | undefined;
  private isHeld = false;

  constructor(private readonly needs: AcknowledgerNeeds) {}

  note(log: string, seq: number): void {
    this.due.set(log, seq);
    this.timer ??= this.needs.clock.after(clientLimits.ackDelayMs, () => this.flush());
  }

  /** From now on what was handed out may still be lost to whoever reads it: it stays due until {@link Acknowledger.release}. */
  hold(): void {
    this.isHeld = true;
  }

  release(): void {
    this.isHeld = false;
    this.flush();
  }

  /** Acknowledges now what is due, unless that is held, so that it stands before the request that is written next. */
  flush(): void {
    this.timer?.cancel();
    this.timer = undefined;
    if (this.isHeld) return;
    const due = [...this.due];
    this.due.clear();
    for (const [log, seq] of due) this.needs.acknowledge(log, seq);
  }

  /** Forgets what is due: nobody is there any more to take it, and the messages will come again. */
  drop(): void {
    this.due.clear();
    this.flush();
  }
}
