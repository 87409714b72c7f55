/** Each sender has a window of messages under way: what the server can do at most. */

import type { Link } from './link';
import { OnlinePairs, type Pacing } from './online-pairs';
import type { LatencyResult, LiveOrder } from './orders';
import type { Wire } from './wire';

export function live(wire: Wire, order: LiveOrder): Promise<LatencyResult> {
  return OnlinePairs.measure(wire, order, new WindowPacing(order.window));
}

class WindowPacing implements Pacing {
  private isSending = false;

  constructor(readonly underWayMax: number) {}

  begin({ senders }: OnlinePairs): void {
    this.isSending = true;
    for (const sender of senders) sender.later();
  }

  turnEnds({ traffic, crew }: OnlinePairs, sender: Link): void {
    if (!this.isSending) return;
    const pair = sender.index;
    for (let room = traffic.room(pair); room > 0; room -= 1) traffic.send(sender, pair, crew.turn.nowMs);
  }

  stop(): void {
    this.isSending = false;
  }
}
