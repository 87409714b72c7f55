/** Delivery receipts: who is to be told when a recipient has acknowledged a message.
 *  Kept in memory while the sender's session lasts. */

import { bounds } from '../../shared/limits';
import type { DestinationName } from '../../shared/names';
import type { FeedSession } from './feed';
import type { LogId, Seq } from './ports';

interface Due {
  readonly seq: Seq;
  readonly to: DestinationName;
  readonly sender: FeedSession;
}

/** Of one sender at most `bounds.receiptsPendingMax` are due at once: a message beyond them gets none. */
export class Receipts {
  /** By seq in each log, as messages are committed in that order. */
  private readonly due = new Map<LogId, Due[]>();
  private readonly counts = new Map<FeedSession, number>();

  /** `sender` is told once message `seq` of `log` is acknowledged. */
  expect(log: LogId, seq: Seq, to: DestinationName, sender: FeedSession): void {
    const count = this.counts.get(sender) ?? 0;
    if (count >= bounds.receiptsPendingMax) return;
    this.counts.set(sender, count + 1);
    const due = this.due.get(log);
    if (due === undefined) this.due.set(log, [{ seq, to, sender }]);
    else due.push({ seq, to, sender });
  }

  acknowledged(log: LogId, seq: Seq): void {
    const due = this.due.get(log);
    if (due === undefined) return;
    const later = due.findIndex((receipt) => receipt.seq > seq);
    const reached = later === -1 ? due : due.slice(0, later);
    if (later === -1) this.due.delete(log);
    else if (later > 0) this.due.set(log, due.slice(later));
    for (const receipt of reached) this.tell(receipt);
  }

  /** The session is over: nobody is left to be told. */
  forget(sender: FeedSession): void {
    if (!this.counts.delete(sender)) return;
    for (const [log, due] of this.due) {
      const rest = due.filter((receipt) => receipt.sender !== sender);
      if (rest.length === 0) this.due.delete(log);
      else this.due.set(log, rest);
    }
  }

  /** Nobody will ever acknowledge the log. */
  drop(log: LogId): void {
    for (const { sender } of this.due.get(log) ?? []) {
      const count = this.counts.get(sender);
      if (count !== undefined) this.counts.set(sender, count - 1);
    }
    this.due.delete(log);
  }

  private tell(receipt: Due): void {
    const count = this.counts.get(receipt.sender);
    if (count === undefined) return;
    this.counts.set(receipt.sender, count - 1);
    receipt.sender.receipt(receipt.to, receipt.seq);
  }
}
