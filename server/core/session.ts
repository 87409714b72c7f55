/** One logged-in conversation: cursors over the logs of an account, and the one loop that reads them.
 *
 *  Login delivery, `deliver`, live messages, a slow reader that catches up and a missed nudge are all
 *  {@link Session.pump}: it writes what stands between `written` and the head of each log while the outlet has room.
 *  A message whose nudge finds the session at the head is written without a read. */

import type { ErrorCode } from '../../shared/errors';
import { bounds } from '../../shared/limits';
import { type DestinationName, isSameName } from '../../shared/names';
import { countUndelivered, refreshHeads } from './burst-count';
import { Feed, type FeedSession } from './feed';
import type { Outlet } from './outlet';
import type { Account, LogId, Message, Seq, Subscription } from './ports';
import type { Place, SessionNeeds, SessionOptions } from './session-options';

/** How far the feeds had been written when bytes left for the operating system. */
export type FlushMark = readonly { readonly feed: Feed; readonly seq: Seq }[];

/** `held` nothing is written; `burst` what was there when it began; `live` everything; `abandoned` and `ended` nothing any
 *  more, but an abandoned session goes on. */
type State = 'held' | 'burst' | 'live' | 'abandoned' | 'ended';

/** Held at first: no message is written before {@link Session.burst}, {@link Session.goLive} or
 *  {@link Session.goLiveBeyondBacklog}. */
export class Session implements FeedSession {
  readonly account: Account;
  readonly device: string;
  readonly wantsReceipts: boolean;
  private readonly explicitAck: boolean;
  private readonly outlet: Outlet;
  private readonly isUnattended: boolean;
  private readonly place: Place;
  private feeds: Feed[];
  private unmarked: Feed[] = [];
  private state: State = 'held';
  private reading = false;
  /** Counts bursts: a page that was asked for before one began is not for it. */
  private bursts = 0;
  private burstWritten: ((complete: boolean) => void) | undefined;

  constructor(
    private readonly needs: SessionNeeds,
    options: SessionOptions,
  ) {
    this.account = options.account;
    this.device = options.device;
    this.explicitAck = options.explicitAck;
    this.wantsReceipts = options.wantsReceipts;
    this.outlet = options.outlet;
    this.isUnattended = options.isUnattended ?? false;
    this.place = options.place;
    this.feeds = options.subscriptions.map((subscription) => this.begin(subscription));
  }

  get isEnded(): boolean {
    return this.state === 'ended';
  }

  follow(subscription: Subscription, ownAfter?: Seq): void {
    if (this.isEnded || this.feeds.some((feed) => feed.log === subscription.log && !feed.isLeft)) return;
    const feed = this.begin(subscription, ownAfter);
    this.feeds.push(feed);
    void this.lookAhead(feed);
  }

  /** What a burst has announced of the log is still written. */
  unfollow(log: LogId): void {
    const feed = this.feeds.find((candidate) => candidate.log === log && !candidate.isLeft);
    if (feed === undefined) return;
    feed.isLeft = true;
    this.needs.followers.remove(feed);
    if (this.state !== 'burst') this.dropLeft();
  }

  /** Writes everything that is undelivered now, announced by its number, and nothing that was written live beyond it
   *  (see {@link Session.goLiveBeyondBacklog}). Afterwards the session is held: the protocol ends the burst in its own way
   *  and then calls {@link Session.goLive}. False when the session ended or was abandoned meanwhile.
   *  @throws ChatError store_failed, with nothing written, and a session that was live is so again */
  async burst(): Promise<boolean> {
    if (this.isOver) return false;
    const wasLive = this.state === 'live';
    this.state = 'held';
    this.bursts += 1;
    // Whatever is on its way to the operating system counts as delivered once it is there, and not before.
    if (!this.explicitAck && !(await this.outlet.flushed())) return false;
    let counts: ReadonlyMap<Feed, number>;
    try {
      counts = await countUndelivered(this.needs.logs, this.feeds, this.account);
    } catch (error) {
      if (wasLive) this.goLive();
      throw error;
    }
    if (this.isOver) return false;
    for (const feed of this.feeds) feed.beginBurst();
    const count = this.feeds.reduce((sum, feed) => sum + (counts.get(feed) ?? 0), 0);
    this.state = 'burst';
    this.outlet.burst(this.account, count);
    return new Promise((resolve) => {
      this.burstWritten = resolve;
      this.pump();
    });
  }

  /** From now on messages are written as they come. */
  goLive(): void {
    if (this.isOver) return;
    this.state = 'live';
    this.pump();
  }

  /** From now on messages are written as they come, though older ones are undelivered: those are left for the next
   *  burst, and no cursor passes them before. A session that is not held is left as it is.
   *  @throws ChatError store_failed, and the session is held as before */
  async goLiveBeyondBacklog(): Promise<void> {
    if (this.state !== 'held') return;
    await refreshHeads(this.needs.logs, this.feeds);
    if (this.state !== 'held') return;
    for (const feed of this.feeds) feed.leaveGap();
    this.goLive();
  }

  nudge(feed: Feed, message: Message): void {
    if (message.seq <= feed.head) return;
    const isNext = feed.written === message.seq - 1;
    feed.head = message.seq;
    if (this.state === 'live' && isNext && this.outlet.hasRoom) this.write(feed, message);
    else this.pump();
  }

  reach(feed: Feed, seq: Seq): void {
    if (seq <= feed.head) return;
    feed.head = seq;
    this.pump();
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
    const feed = this.feeds.find((candidate) => isSameName(candidate.name, name) && !candidate.isLeft);
    if (feed !== undefined) this.advance(feed, seq);
  }

  /** What was written since the last mark, to be given back to {@link Session.flushed} once the operating system has
   *  taken it. `undefined` when there is nothing to come back for. */
  mark(): FlushMark | undefined {
    if (this.explicitAck || this.unmarked.length === 0) return undefined;
    const mark = this.unmarked.map((feed) => ({ feed, seq: feed.markable }));
    for (const feed of this.unmarked) feed.unmarked = false;
    this.unmarked = [];
    return mark;
  }

  /** The operating system has what the mark stands for. It counts even when the session is over by now. */
  flushed(mark: FlushMark): void {
    for (const { feed, seq } of mark) this.advance(feed, seq);
  }

  /** The peer is gone, and the session goes on until what it has asked is carried out. What was written now could still be
   *  acknowledged, though nobody would get it: so nothing is. */
  abandon(): void {
    if (this.isEnded) return;
    this.state = 'abandoned';
    this.settleBurst(false);
  }

  /** Ends the session; with a `reason` its connection is told, without one it ended by itself. Twice is once. */
  end(reason?: ErrorCode): void {
    if (this.isEnded) return;
    this.state = 'ended';
    for (const feed of this.feeds) this.needs.followers.remove(feed);
    this.needs.receipts.forget(this);
    this.place.leave();
    this.settleBurst(false);
    if (reason !== undefined) this.outlet.ended(reason);
  }

  private get isOver(): boolean {
    return this.state === 'abandoned' || this.isEnded;
  }

  /** The loop. It returns when there is nothing to write, no room to write it, or a read under way that calls it again. */
  private pump(): void {
    if (this.reading || (this.state !== 'live' && this.state !== 'burst')) return;
    const feed = this.feeds.find((candidate) => candidate.written < this.target(candidate));
    if (feed === undefined) this.finishBurst();
    else if (this.outlet.hasRoom) void this.readPage(feed);
    else if (this.isUnattended) void this.awaitRoom();
  }

  private async awaitRoom(): Promise<void> {
    this.reading = true;
    const taken = await this.outlet.flushed();
    this.reading = false;
    if (taken) this.pump();
    else this.end();
  }

  private target(feed: Feed): Seq {
    return this.state === 'burst' ? feed.burstTarget : feed.head;
  }

  private finishBurst(): void {
    if (this.state !== 'burst') return;
    this.state = 'held';
    this.dropLeft();
    this.settleBurst(true);
  }

  private settleBurst(complete: boolean): void {
    this.burstWritten?.(complete);
    this.burstWritten = undefined;
  }

  private async readPage(feed: Feed): Promise<void> {
    const through = this.target(feed);
    const burst = this.bursts;
    this.reading = true;
    try {
      const page = await this.needs.logs.read(feed.log, feed.written, through, bounds.pageBytesMax);
      if (this.isOver || burst !== this.bursts || !this.feeds.includes(feed)) return;
      for (const message of page) this.write(feed, message);
      // The log holds nothing there any more: it was pruned, or is gone with its account.
      if (page.length === 0) feed.written = through;
      // What was written live before the gap counts as delivered from here on.
      if (feed.passGap() && !feed.unmarked) this.awaitMark(feed);
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
    if (feed.isRoom && message.from === this.account.name && message.seq > feed.ownAfter) {
      this.skipOwn(feed);
      return;
    }
    if (message.seq > feed.foreign) feed.foreign = message.seq;
    if (!this.explicitAck && !feed.unmarked) this.awaitMark(feed);
    this.outlet.message(message, feed.name);
  }

  private awaitMark(feed: Feed): void {
    feed.unmarked = true;
    this.unmarked.push(feed);
  }

  /** The account's own message in a room is not written to it, so nobody will acknowledge it either. */
  private skipOwn(feed: Feed): void {
    if (feed.acked >= feed.foreign) this.advance(feed, feed.written);
  }

  private advance(feed: Feed, seq: Seq): void {
    const acked = feed.reached(seq);
    if (acked <= feed.acked) return;
    feed.acked = acked;
    this.needs.cursors.moved(feed);
    this.needs.receipts.acknowledged(feed.log, acked);
  }

  private begin(subscription: Subscription, ownAfter?: Seq): Feed {
    const feed = new Feed(this, subscription, ownAfter);
    this.needs.followers.add(feed);
    return feed;
  }

  /** What was committed between the subscription and the first nudge to this session would wait for the next one. */
  private async lookAhead(feed: Feed): Promise<void> {
    try {
      await refreshHeads(this.needs.logs, [feed]);
      this.pump();
    } catch (error) {
      this.needs.logger.error('log_not_read', error, { log: feed.log });
    }
  }

  private dropLeft(): void {
    this.feeds = this.feeds.filter((feed) => !feed.isLeft);
  }
}
