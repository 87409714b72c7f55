/** One logged-in conversation: cursors over the logs of an account, and the one loop that reads them.
 *
 *  Login delivery, `deliver`, live messages, a slow reader that catches up and a missed nudge are all
 *  {@link Session.pump}: it writes what stands between `written` and the head of each log while the outlet has room.
 *  A message whose nudge finds the session at the head is written without a read. */

import type { ErrorCode } from '../../shared/errors';
import { bounds } from '../../shared/limits';
import { type DestinationName, isSameName } from '../../shared/names';
import type { Cursors } from './cursors';
import { Feed, type FeedSession } from './feed';
import type { Followers } from './followers';
import type { Subscription } from './ports';
import {
  type Account,
  type Clock,
  type Logger,
  type LogId,
  type LogStore,
  type Message,
  mailboxOf,
  type Seq,
} from './ports';
import type { Receipts } from './receipts';

/** A connection as its session sees it: what one protocol makes of messages. */
export interface Outlet {
  /** Whether more may be written now. Once it was false, {@link Session.resume} is called when it is true again. */
  readonly hasRoom: boolean;
  /** A burst of `count` messages for `account` begins; until the protocol ends it, no others come. A receipt or
   *  the end of the session may. */
  burst(account: Account, count: number): void;
  /** `to` is the account's own name or a room's. */
  message(message: Message, to: DestinationName): void;
  receipt(to: DestinationName, seq: Seq): void;
  /** The session was ended by somebody else. */
  ended(reason: ErrorCode): void;
  /** Resolves once the operating system has taken everything written so far; false when the connection went first. */
  flushed(): Promise<boolean>;
}

export interface SessionNeeds {
  readonly logs: LogStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly cursors: Cursors;
  readonly followers: Followers;
  readonly receipts: Receipts;
}

export interface SessionOptions {
  readonly account: Account;
  readonly device: string;
  /** The client acknowledges by itself; otherwise what the operating system has taken is acknowledged. */
  readonly explicitAck: boolean;
  /** The client wants to know when its messages are acknowledged. */
  readonly wantsReceipts: boolean;
  readonly outlet: Outlet;
  readonly subscriptions: readonly Subscription[];
  /** Called once, whoever ends the session. */
  readonly onEnd: () => void;
}

/** How far the feeds had been written when bytes left for the operating system. */
export type FlushMark = readonly { readonly feed: Feed; readonly seq: Seq }[];

/** `held` nothing is written; `burst` what was there when it began; `live` everything; `ended` nothing any more. */
type State = 'held' | 'burst' | 'live' | 'ended';

export class Session implements FeedSession {
  readonly account: Account;
  readonly device: string;
  readonly wantsReceipts: boolean;
  private readonly explicitAck: boolean;
  private readonly outlet: Outlet;
  private readonly feeds: Feed[] = [];
  private unmarked: Feed[] = [];
  private state: State = 'held';
  private reading = false;
  /** Counts bursts: a page that was asked for before one began is not for it. */
  private bursts = 0;
  private burstWritten: ((complete: boolean) => void) | undefined;

  constructor(
    private readonly needs: SessionNeeds,
    private readonly options: SessionOptions,
  ) {
    this.account = options.account;
    this.device = options.device;
    this.explicitAck = options.explicitAck;
    this.wantsReceipts = options.wantsReceipts;
    this.outlet = options.outlet;
    for (const subscription of options.subscriptions) this.add(subscription);
  }

  get isEnded(): boolean {
    return this.state === 'ended';
  }

  /** Reads a log from now on; twice is once. */
  follow(subscription: Subscription): void {
    if (this.isEnded || this.feeds.some((feed) => feed.log === subscription.log)) return;
    void this.lookAhead(this.add(subscription));
  }

  unfollow(log: LogId): void {
    const index = this.feeds.findIndex((feed) => feed.log === log);
    if (index === -1) return;
    const [feed] = this.feeds.splice(index, 1) as [Feed];
    this.needs.followers.remove(feed);
  }

  /** Writes everything that is undelivered now, announced by its number. Afterwards the session is held: the protocol
   *  ends the burst in its own way and then calls {@link Session.goLive}. False when the session ended meanwhile.
   *  @throws ChatError store_failed, with nothing written, and a session that was live is so again */
  async burst(): Promise<boolean> {
    if (this.isEnded) return false;
    const wasLive = this.state === 'live';
    this.state = 'held';
    this.bursts += 1;
    // Whatever is on its way to the operating system counts as delivered once it is there, and not before.
    if (!this.explicitAck && !(await this.outlet.flushed())) return false;
    let count: number;
    try {
      count = await this.countBurst();
    } catch (error) {
      if (wasLive) this.goLive();
      throw error;
    }
    if (this.isEnded) return false;
    for (const feed of this.feeds) feed.written = feed.burstBegin;
    this.state = 'burst';
    this.outlet.burst(this.account, count);
    return new Promise((resolve) => {
      this.burstWritten = resolve;
      this.pump();
    });
  }

  /** From now on messages are written as they come. */
  goLive(): void {
    if (this.isEnded) return;
    this.state = 'live';
    this.pump();
  }

  nudge(feed: Feed, message: Message): void {
    if (message.seq <= feed.head) return;
    const isNext = feed.written === message.seq - 1;
    feed.head = message.seq;
    if (this.state === 'live' && isNext && this.outlet.hasRoom) this.write(feed, message);
    else this.pump();
  }

  /** The outlet has room again. */
  resume(): void {
    this.pump();
  }

  receipt(to: DestinationName, seq: Seq): void {
    this.outlet.receipt(to, seq);
  }

  /** The client has acknowledged a log up to `seq`; what it cannot have seen yet is left out. */
  acknowledge(name: DestinationName, seq: Seq): void {
    const feed = this.feeds.find((candidate) => isSameName(candidate.name, name));
    if (feed !== undefined) this.advance(feed, seq);
  }

  /** What was written since the last mark, to be given back to {@link Session.flushed} once the operating system has
   *  taken it. `undefined` when there is nothing to come back for. */
  mark(): FlushMark | undefined {
    if (this.explicitAck || this.unmarked.length === 0) return undefined;
    const mark = this.unmarked.map((feed) => ({ feed, seq: feed.foreign }));
    for (const feed of this.unmarked) feed.unmarked = false;
    this.unmarked = [];
    return mark;
  }

  /** The operating system has what the mark stands for. It counts even when the session is over by now. */
  flushed(mark: FlushMark): void {
    for (const { feed, seq } of mark) this.advance(feed, seq);
  }

  /** Ends the session; with a `reason` its connection is told, without one it ended by itself. Twice is once. */
  end(reason?: ErrorCode): void {
    if (this.isEnded) return;
    this.state = 'ended';
    for (const feed of this.feeds) this.needs.followers.remove(feed);
    this.needs.receipts.forget(this);
    this.options.onEnd();
    this.burstWritten?.(false);
    this.burstWritten = undefined;
    if (reason !== undefined) this.outlet.ended(reason);
  }

  /** The loop. It returns when there is nothing to write, no room to write it, or a read under way that calls it again. */
  private pump(): void {
    if (this.reading || (this.state !== 'live' && this.state !== 'burst')) return;
    const feed = this.feeds.find((candidate) => candidate.written < this.target(candidate));
    if (feed === undefined) this.finishBurst();
    else if (this.outlet.hasRoom) void this.readPage(feed);
  }

  private target(feed: Feed): Seq {
    return this.state === 'burst' ? feed.burstEnd : feed.head;
  }

  private finishBurst(): void {
    if (this.state !== 'burst') return;
    this.state = 'held';
    this.burstWritten?.(true);
    this.burstWritten = undefined;
  }

  private async readPage(feed: Feed): Promise<void> {
    const through = this.target(feed);
    const burst = this.bursts;
    this.reading = true;
    try {
      const page = await this.needs.logs.read(feed.log, feed.written, through, bounds.pageBytesMax);
      if (this.isEnded || burst !== this.bursts || !this.feeds.includes(feed)) return;
      for (const message of page) this.write(feed, message);
      // The log holds nothing there any more: it was pruned, or is gone with its account.
      if (page.length === 0) feed.written = through;
    } catch (error) {
      this.needs.logger.error('log_not_read', error, { log: feed.log });
      await new Promise<void>((resolve) => this.needs.clock.after(bounds.readRetryMs, resolve));
    } finally {
      this.reading = false;
      this.pump();
    }
  }

  private write(feed: Feed, message: Message): void {
    feed.written = message.seq;
    if (feed.isRoom && message.from === this.account.name) {
      this.skipOwn(feed);
      return;
    }
    if (message.seq > feed.foreign) feed.foreign = message.seq;
    if (!feed.unmarked) {
      feed.unmarked = true;
      this.unmarked.push(feed);
    }
    this.outlet.message(message, feed.name);
  }

  /** The account's own message in a room is not written to it, so nobody will acknowledge it either. */
  private skipOwn(feed: Feed): void {
    if (feed.acked >= feed.foreign) this.advance(feed, feed.written);
  }

  private advance(feed: Feed, seq: Seq): void {
    // While a burst repeats messages, what was written stands behind what the connection has been handed before.
    const handed = feed.written > feed.foreign ? feed.written : feed.foreign;
    const acked = seq >= feed.foreign ? handed : seq;
    if (acked <= feed.acked) return;
    feed.acked = acked;
    this.needs.cursors.moved(feed);
    this.needs.receipts.acknowledged(feed.log, acked);
  }

  private add(subscription: Subscription): Feed {
    const feed = new Feed(this, subscription);
    this.feeds.push(feed);
    this.needs.followers.add(feed);
    return feed;
  }

  /** What was committed between the subscription and the first nudge to this session would wait for the next one. */
  private async lookAhead(feed: Feed): Promise<void> {
    try {
      await this.refreshHeads([feed]);
      this.pump();
    } catch (error) {
      this.needs.logger.error('log_not_read', error, { log: feed.log });
    }
  }

  private async refreshHeads(feeds: readonly Feed[]): Promise<void> {
    const heads = await this.needs.logs.heads(feeds.map((feed) => feed.log));
    for (const [index, feed] of feeds.entries()) {
      const head = heads[index];
      if (head !== undefined && head > feed.head) feed.head = head;
    }
  }

  /** Marks off what is undelivered now, and counts it. A mailbox has no holes above its cursor; in a room the account's
   *  own messages are left out. */
  private async countBurst(): Promise<number> {
    await this.refreshHeads([...this.feeds]);
    const counts = this.feeds.map((feed) => {
      feed.burstBegin = feed.acked;
      feed.burstEnd = feed.head;
      if (feed.log === mailboxOf(this.account.id)) return feed.burstEnd - feed.burstBegin;
      if (feed.burstEnd === feed.burstBegin) return 0;
      return this.needs.logs.countForeign(feed.log, feed.burstBegin, feed.burstEnd, this.account.name);
    });
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  }
}
