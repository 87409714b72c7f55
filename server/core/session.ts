/** One logged-in conversation: cursors over the logs of an account, and the one loop that reads them.
 *
 *  Login delivery, `deliver`, live messages, a slow reader that catches up and a missed nudge are all
 *  {@link Session.pump}: it writes what is between `written` and the head of each log while the outlet has room.
 *  A message whose nudge finds the session at the head is written without a read. */

import type { ErrorCode } from '../../shared/errors';
import { roomKey } from '../../shared/escaped-names';
import { bounds } from '../../shared/limits';
import { type DestinationName, isRoomName, isSameName, type NameKey, nameKey } from '../../shared/names';
import { type BurstPlan, planBurst, refreshHeads } from './burst-plan';
import { Feed, type FeedSession } from './feed';
import type { Outlet } from './outlet';
import type { Account, LogId, LogSpan, Message, Seq, Subscription } from './ports';
import type { Place, SessionNeeds, SessionOptions } from './session-options';

/** How far the feeds had been written when bytes left for the operating system. */
export type FlushMark = readonly { readonly feed: Feed; readonly seq: Seq }[];

/** `held` nothing is written; `burst` what was there when it began; `live` everything; `abandoned` and `ended` nothing any
 *  more, but an abandoned session goes on. */
type State = 'held' | 'burst' | 'live' | 'abandoned' | 'ended';

/** With fewer feeds a search is as fast as an index, and takes no memory. */
const feedsIndexedMin = 16;

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
  /** Built by the first acknowledgement after the feeds have changed, if there are many. */
  private feedsByName: ReadonlyMap<NameKey, Feed> | undefined;
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
    this.feedsByName = undefined;
    void this.lookAhead(feed);
  }

  /** What a burst has announced of the log is still written. */
  unfollow(log: LogId): void {
    const feed = this.feeds.find((candidate) => candidate.log === log && !candidate.isLeft);
    if (feed === undefined) return;
    feed.isLeft = true;
    this.feedsByName = undefined;
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
    let plan: BurstPlan;
    try {
      plan = await planBurst(this.needs.logs, this.feeds, this.account);
    } catch (error) {
      if (wasLive) this.goLive();
      throw error;
    }
    if (this.isOver) return false;
    let count = 0;
    for (const [index, feed] of plan.feeds.entries()) {
      if (feed.isLeft) {
        // It was left since the plan was asked for: nothing of it is announced, so nothing of it may be written.
        feed.burstEnd = feed.written;
        continue;
      }
      feed.beginBurst();
      count += plan.counts[index] as number;
    }
    this.state = 'burst';
    this.outlet.burst(this.account, count);
    return new Promise((resolve) => {
      this.burstWritten = resolve;
      if (this.outlet.hasRoom) this.writePages(plan.feeds, plan.pages);
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
    const feed = this.feedNamed(name);
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
    const behind = this.feedsBehind();
    if (behind.length === 0) this.finishBurst();
    else if (this.outlet.hasRoom) this.readOn(behind);
    else if (this.isUnattended) void this.awaitRoom();
  }

  /** The first feeds that have something to be written: no more of them than can have messages in one page. */
  private feedsBehind(): Feed[] {
    const behind: Feed[] = [];
    let messages = 0;
    for (const feed of this.feeds) {
      const missing = this.target(feed) - feed.written;
      if (missing <= 0) continue;
      behind.push(feed);
      messages += missing;
      if (messages >= bounds.pageMessagesMax) break;
    }
    return behind;
  }

  /** Reads on in the feeds, after what their outlet leaves out. */
  private readOn(feeds: readonly Feed[]): void {
    const { outlet } = this;
    if (this.state === 'live' && outlet.leaveOut !== undefined) {
      for (const feed of feeds) {
        if (feed.isRoom) feed.written = (feed.written + outlet.leaveOut(feed.head - feed.written)) as Seq;
      }
    }
    const rest = feeds.filter((feed) => feed.written < this.target(feed));
    if (rest.length > 0) void this.readPages(rest);
    else this.pump();
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

  private async readPages(feeds: readonly Feed[]): Promise<void> {
    const spans = feeds.map((feed): LogSpan => ({ log: feed.log, after: feed.written, through: this.target(feed) }));
    const burst = this.bursts;
    this.reading = true;
    try {
      const pages = await this.needs.logs.read(spans, bounds.pageBytesMax);
      if (this.isOver || burst !== this.bursts) return;
      // The store answers for each log that it looked at: one without messages has lost them to pruning.
      for (const [index, page] of pages.entries()) {
        if (page.length === 0) (feeds[index] as Feed).written = (spans[index] as LogSpan).through;
      }
      this.writePages(feeds, pages);
    } catch (error) {
      this.needs.logger.error('log_not_read', error, { log: feeds[0]?.log, logs: feeds.length });
      this.postpone(feeds[0]);
      await new Promise<void>((resolve) => this.needs.clock.after(bounds.readRetryMs, resolve));
    } finally {
      this.reading = false;
      this.pump();
    }
  }

  /** Reads the others first: a log that cannot be read must not keep the session from those that can. */
  private postpone(failed: Feed | undefined): void {
    if (failed === undefined || !this.feeds.includes(failed)) return;
    this.feeds = [...this.feeds.filter((feed) => feed !== failed), failed];
  }

  /** Writes those messages of the feeds that are next. */
  private writePages(feeds: readonly Feed[], pages: readonly (readonly Message[])[]): void {
    for (const [index, page] of pages.entries()) {
      const feed = feeds[index] as Feed;
      if (feed.isLeft && this.state !== 'burst') continue;
      for (const message of page) {
        if (message.seq > feed.written && message.seq <= this.target(feed)) this.write(feed, message);
      }
      // What was written live before the gap counts as delivered from here on.
      if (feed.passGap() && !feed.unmarked) this.awaitMark(feed);
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

  /** The feed of a log that is followed, by its own name or by another spelling that means the same room. */
  private feedNamed(name: DestinationName): Feed | undefined {
    const named = this.feedOfName(name);
    if (named !== undefined || !isRoomName(name)) return named;
    const key = roomKey(name);
    return this.feeds.find((feed) => !feed.isLeft && isRoomName(feed.name) && roomKey(feed.name) === key);
  }

  private feedOfName(name: DestinationName): Feed | undefined {
    if (this.feeds.length < feedsIndexedMin) {
      return this.feeds.find((feed) => !feed.isLeft && isSameName(feed.name, name));
    }
    this.feedsByName ??= new Map(this.feeds.filter(({ isLeft }) => !isLeft).map((feed) => [nameKey(feed.name), feed]));
    return this.feedsByName.get(nameKey(name));
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
