/** Delivery receipts: which session to notify when a recipient has acknowledged a message.
 *  Kept in memory while the sender's session lasts. */

import { bounds } from '../../shared/limits';
import type { DestinationName } from '../../shared/names';
import type { FeedSession } from './feed';
import type { LogId, Seq } from './ports';

/** A receipt that is pending; a node of the list of its log. */
interface Pending {
  readonly log: LogId;
  readonly seq: Seq;
  readonly to: DestinationName;
  readonly sender: FeedSession;
  previous: Pending | undefined;
  next: Pending | undefined;
}

/** The pending receipts of one log, in the order of their seqs. */
interface PendingList {
  first: Pending;
  last: Pending;
}

/** Each operation takes time in proportion to the receipts that it settles, however many are pending: a receipt is taken out
 *  of the list of its log and the set of its sender without a search. At most `bounds.receiptsPendingMax` are pending for
 *  one sender: a message beyond them gets none. */
export class Receipts {
  private readonly byLog = new Map<LogId, PendingList>();
  private readonly bySender = new Map<FeedSession, Set<Pending>>();

  /** Notifies `sender` once message `seq` of `log` is acknowledged. Precondition: the messages of a log are expected in the
   *  order of their seqs, which is the order in which they are committed. */
  expect(log: LogId, seq: Seq, to: DestinationName, sender: FeedSession): void {
    const own = this.bySender.get(sender) ?? new Set();
    if (own.size >= bounds.receiptsPendingMax) return;
    if (own.size === 0) this.bySender.set(sender, own);
    const list = this.byLog.get(log);
    const pending: Pending = { log, seq, to, sender, previous: list?.last, next: undefined };
    if (list === undefined) {
      this.byLog.set(log, { first: pending, last: pending });
    } else {
      list.last.next = pending;
      list.last = pending;
    }
    own.add(pending);
  }

  /** Everything in the log up to `seq` is acknowledged. */
  acknowledged(log: LogId, seq: Seq): void {
    let pending = this.byLog.get(log)?.first;
    while (pending !== undefined && pending.seq <= seq) {
      this.remove(pending);
      pending.sender.receipt(pending.to, pending.seq);
      pending = this.byLog.get(log)?.first;
    }
  }

  /** The session has ended: what it is waiting for is dropped. */
  forget(sender: FeedSession): void {
    for (const pending of this.bySender.get(sender) ?? []) this.remove(pending);
  }

  /** The log is gone, and will not be acknowledged any more. */
  drop(log: LogId): void {
    for (let pending = this.byLog.get(log)?.first; pending !== undefined; pending = pending.next) this.remove(pending);
  }

  private remove(pending: Pending): void {
    const { log, sender, previous, next } = pending;
    const own = this.bySender.get(sender);
    own?.delete(pending);
    if (own?.size === 0) this.bySender.delete(sender);
    const list = this.byLog.get(log);
    if (list === undefined) return;
    if (previous !== undefined) previous.next = next;
    if (next !== undefined) next.previous = previous;
    if (previous === undefined && next === undefined) this.byLog.delete(log);
    else if (previous === undefined) list.first = next as Pending;
    else if (next === undefined) list.last = previous;
  }
}
