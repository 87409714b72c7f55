/** One log as one session reads it. */

import type { ErrorCode } from '../../shared/errors';
import type { DestinationName } from '../../shared/names';
import type { Account, LogId, Message, Seq, Subscription } from './ports';

/** A session as the rest of the core sees it. */
export interface FeedSession {
  readonly account: Account;
  readonly device: string;
  /** A message of this feed's log was committed. */
  nudge(feed: Feed, message: Message): void;
  /** Reads a log from now on; twice is once. */
  follow(subscription: Subscription): void;
  unfollow(log: LogId): void;
  /** `to` has acknowledged a message that this session sent. */
  receipt(to: DestinationName, seq: Seq): void;
  /** Ends the session because of somebody else; its connection is told. */
  end(reason: ErrorCode): void;
}

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

  constructor(
    readonly session: FeedSession,
    subscription: Subscription,
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
}
