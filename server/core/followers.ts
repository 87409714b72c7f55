/** Which sessions follow which log, and the way of a nudge to them. */

import type { Feed } from './feed';
import type { AccountId, LogId, Nudge, Seq } from './ports';

const nobody: readonly Feed[] = [];

export class Followers {
  private readonly feeds = new Map<LogId, Feed[]>();

  add(feed: Feed): void {
    const feeds = this.feeds.get(feed.log);
    if (feeds === undefined) this.feeds.set(feed.log, [feed]);
    else feeds.push(feed);
  }

  remove(feed: Feed): void {
    const feeds = this.feeds.get(feed.log);
    if (feeds === undefined) return;
    const rest = feeds.filter((other) => other !== feed);
    if (rest.length === 0) this.feeds.delete(feed.log);
    else this.feeds.set(feed.log, rest);
  }

  /** Whether a session of an account other than `except` follows the log. */
  hasOther(log: LogId, except: AccountId | undefined): boolean {
    for (const feed of this.of(log)) if (feed.session.account.id !== except) return true;
    return false;
  }

  /** The log is known to reach as far as `seq`. */
  reach(log: LogId, seq: Seq): void {
    for (const feed of this.of(log)) feed.session.reach(feed, seq);
  }

  nudge(nudge: Nudge): void {
    for (const feed of this.of(nudge.log)) feed.session.nudge(feed, nudge.message);
  }

  private of(log: LogId): readonly Feed[] {
    return this.feeds.get(log) ?? nobody;
  }
}
