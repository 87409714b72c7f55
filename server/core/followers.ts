/** Which sessions follow which log, and the way of a nudge to them. */

import type { Feed } from './feed';
import type { AccountId, LogId, Nudge, Seq } from './ports';

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
    const feeds = this.feeds.get(log);
    if (feeds === undefined) return false;
    for (const feed of feeds) if (feed.session.account.id !== except) return true;
    return false;
  }

  /** The log is known to reach as far as `seq`. */
  reach(log: LogId, seq: Seq): void {
    const feeds = this.feeds.get(log);
    if (feeds === undefined) return;
    for (const feed of feeds) feed.session.reach(feed, seq);
  }

  nudge(nudge: Nudge): void {
    const feeds = this.feeds.get(nudge.log);
    if (feeds === undefined) return;
    for (const feed of feeds) feed.session.nudge(feed, nudge.message);
  }
}
