/** Which sessions follow which log, and the way of a nudge to them. */

import type { Feed } from './feed';
import type { AccountId, LogId, Nudge, Seq } from './ports';

export class Followers {
  /** Most logs are mailboxes with one follower, which needs no set. */
  private readonly feeds = new Map<LogId, Feed | Set<Feed>>();

  add(feed: Feed): void {
    const feeds = this.feeds.get(feed.log);
    if (feeds === undefined) this.feeds.set(feed.log, feed);
    else if (feeds instanceof Set) feeds.add(feed);
    else this.feeds.set(feed.log, new Set([feeds, feed]));
  }

  /** In constant time, however many follow the log: all members of a large room may leave at once. */
  remove(feed: Feed): void {
    const feeds = this.feeds.get(feed.log);
    if (feeds instanceof Set) {
      feeds.delete(feed);
      if (feeds.size === 0) this.feeds.delete(feed.log);
    } else if (feeds === feed) {
      this.feeds.delete(feed.log);
    }
  }

  /** The logs that anyone follows. */
  logs(): LogId[] {
    return [...this.feeds.keys()];
  }

  /** Whether a session of an account other than `except` follows the log. */
  hasOther(log: LogId, except: AccountId | undefined): boolean {
    const feeds = this.feeds.get(log);
    if (feeds === undefined) return false;
    if (!(feeds instanceof Set)) return feeds.session.account.id !== except;
    for (const feed of feeds) if (feed.session.account.id !== except) return true;
    return false;
  }

  /** The log is known to reach as far as `seq`. */
  reach(log: LogId, seq: Seq): void {
    const feeds = this.feeds.get(log);
    if (feeds instanceof Set) for (const feed of feeds) feed.session.reach(feed, seq);
    else feeds?.session.reach(feeds, seq);
  }

  nudge({ log, message }: Nudge): void {
    const feeds = this.feeds.get(log);
    if (feeds instanceof Set) for (const feed of feeds) feed.session.nudge(feed, message);
    else feeds?.session.nudge(feeds, message);
  }
}
