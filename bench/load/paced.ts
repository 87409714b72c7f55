/** Messages are sent when they are due, whether or not earlier ones have arrived: how long a message takes at a load that
 *  the server can bear. One that could not be sent in time is late from when it was due. */

import { OnlinePairs, type Pacing } from './online-pairs';
import type { LatencyResult, PacedOrder } from './orders';
import type { Wire } from './wire';

/** A server that falls behind by so many seconds cannot bear the load. */
const behindSMax = 30;

export function paced(wire: Wire, order: PacedOrder): Promise<LatencyResult> {
  return OnlinePairs.measure(wire, order, new SchedulePacing(order.messagesPerS, order.pairs.length));
}

class SchedulePacing implements Pacing {
  readonly underWayMax: number;
  private isSending = false;
  private startMs = 0;
  private sent = 0;

  constructor(
    private readonly messagesPerS: number,
    pairs: number,
  ) {
    this.underWayMax = 2 ** Math.ceil(Math.log2((messagesPerS * behindSMax) / pairs));
  }

  /** Looks at the clock in every turn: a timer would be late by up to a millisecond. */
  begin(pairs: OnlinePairs): void {
    this.isSending = true;
    this.startMs = performance.now();
    const look = (): void => {
      if (!this.isSending) return;
      this.sendWhatIsDue(pairs);
      setImmediate(look);
    };
    look();
  }

  turnEnds(): void {}

  stop(): void {
    this.isSending = false;
  }

  private sendWhatIsDue({ traffic, senders, crew }: OnlinePairs): void {
    const everyMs = 1_000 / this.messagesPerS;
    const due = Math.floor((performance.now() - this.startMs) / everyMs);
    for (; this.sent < due; this.sent += 1) {
      const pair = this.sent % senders.length;
      const link = senders[pair];
      if (link === undefined || traffic.room(pair) === 0) {
        this.stop();
        crew.fail(`${this.underWayMax} messages of one pair are under way: the server cannot bear this load`);
        return;
      }
      traffic.send(link, pair, this.startMs + (this.sent + 1) * everyMs);
      link.later();
    }
  }
}
