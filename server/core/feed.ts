/** One log as one session reads it. */

import type { ErrorCode } from '../../shared/errors';
import type { DestinationName } from '../../shared/names';
import { type Account, type LogId, type Message, type Seq, type Subscription, seqZero } from './ports';

/** A session as the rest of the core sees it. */
export interface FeedSession {
  readonly account: Account;
  readonly device: string;
  readonly isEnded: boolean;
  /** A message of this feed's log was committed. */
  nudge(feed: Feed, message: Message): void;
  /** This feed's log is known to reach as far as `seq`. */
  reach(feed: Feed, seq: Seq): void;
  /** Reads a log from now on; twice is once. What the account has sent there by `ownAfter` is read like any other. */
  follow(subscription: Subscription, ownAfter?: Seq): void;
  unfollow(log: LogId): void;
  /** `to` has acknowledged a message that this session sent. */
  receipt(to: DestinationName, seq: Seq): void;
  /** Ends the session because of somebody else; its connection is told. */
  end(reason: ErrorCode): void;
}

/** Undelivered messages that the session went live beyond, `begin < seq <= end`: the next burst writes them. */
interface Gap {
  readonly begin: Seq;
  readonly end: Seq;
  /** `open` none of it was handed over, `burst` it is being written, `handed` all of it was. */
  state: 'open' | 'burst' | 'handed';
  /** What was written of the log when the burst went back to the gap. */
  resumeAt: Seq;
  /** What the client has acknowledged beyond the gap before it had the gap. */
  acked: Seq;
}

/** Its positions begin at the cursor of the subscription. The session moves them along; what a gap makes of them is decided
 *  here.
 *  @see docs/delivery.md#going-live-without-a-delivery */
export class Feed {
  readonly log: LogId;
  /** The account's own name for its mailbox, or the room's. */
  readonly name: DestinationName;
  readonly isRoom: boolean;
  /** The newest message that is known to be there. */
  head: Seq;
  /** The newest message that was handed to the connection, or skipped as the account's own. */
  written: Seq;
  /** The newest message by another that was handed to the connection. */
  foreign: Seq;
  /** The newest message that is acknowledged: the cursor, before it is stored. */
  acked: Seq;
  /** Where the burst that is being written begins and ends in this log. */
  burstBegin: Seq;
  burstEnd: Seq;
  /** The account follows the log no more; only what a burst has announced is still written. */
  isLeft = false;
  /** Something was written that no flush mark has taken yet. */
  unmarked = false;
  private gap: Gap | undefined;

  constructor(
    readonly session: FeedSession,
    subscription: Subscription,
    /** Messages up to here under the session's name are somebody else's: a guest's name has had others. */
    readonly ownAfter: Seq = seqZero,
  ) {
    this.log = subscription.log;
    this.name = subscription.name;
    this.isRoom = subscription.name.startsWith('#');
    this.head = subscription.cursor;
    this.written = subscription.cursor;
    this.foreign = subscription.cursor;
    this.acked = subscription.cursor;
    this.burstBegin = subscription.cursor;
    this.burstEnd = subscription.cursor;
  }

  /** Where undelivered messages end that a burst would have to go back for. */
  get gapEnd(): Seq | undefined {
    return this.gap?.state === 'open' ? this.gap.end : undefined;
  }

  /** How far the burst under way goes before it is through, or comes to {@link Feed.passGap}. */
  get burstTarget(): Seq {
    return this.gap?.state === 'burst' ? this.gap.end : this.burstEnd;
  }

  /** What is acknowledged by who acknowledges everything that was handed over so far. */
  get markable(): Seq {
    return this.gap === undefined || this.gap.state === 'handed' ? this.foreign : this.handedOfGap(this.gap);
  }

  /** Goes on at the head. What is undelivered before it is left for the next burst. */
  leaveGap(): void {
    if (this.written >= this.head || this.gap?.state === 'open') return;
    const { written, head } = this;
    this.gap = { begin: written, end: head, state: 'open', resumeAt: head, acked: seqZero };
    this.written = head;
  }

  /** Goes back to where the burst begins. */
  beginBurst(): void {
    if (this.gap?.state === 'open') {
      this.gap.state = 'burst';
      this.gap.resumeAt = this.written;
    }
    this.written = this.burstBegin;
  }

  /** Goes on beyond the gap once a burst has written all of it; false when there is none to pass. */
  passGap(): boolean {
    const { gap } = this;
    if (gap?.state !== 'burst' || this.written < gap.end) return false;
    gap.state = 'handed';
    this.written = gap.resumeAt;
    return true;
  }

  /** How far the log is acknowledged when its reader says that it has everything up to `seq`. */
  reached(seq: Seq): Seq {
    const { gap } = this;
    if (gap === undefined) return this.reachedHanded(seq);
    if (gap.state !== 'handed') {
      const handed = this.handedOfGap(gap);
      if (seq <= handed) return seq;
      gap.acked = larger(gap.acked, seq < this.foreign ? seq : this.foreign);
      return handed;
    }
    const reached = this.reachedHanded(seq);
    if (reached < gap.end) return reached;
    this.gap = undefined;
    return larger(reached, gap.acked);
  }

  private handedOfGap(gap: Gap): Seq {
    return gap.state === 'burst' ? larger(gap.begin, this.written) : gap.begin;
  }

  private reachedHanded(seq: Seq): Seq {
    // While a burst repeats messages, what was written stands behind what the connection has been handed before.
    return seq >= this.foreign ? larger(this.written, this.foreign) : seq;
  }
}

function larger(a: Seq, b: Seq): Seq {
  return a > b ? a : b;
}
