/** Cursors on their way to the store: written behind, so that many acknowledgements cost one write.
 *  Losing some in a crash repeats messages and loses none. @see docs/delivery.md */

import { bounds } from '../../shared/limits';
import type { Feed } from './feed';
import type { AccountId, Clock, CursorMove, Logger, LogStore, Timer } from './ports';

/** Stores in one write what moves within `bounds.cursorDelayMs`. When that fails it is logged and tried again: a mailbox
 *  may be full up to such a cursor, and then no message comes that would move it on. */
export class Cursors {
  private pending = new Set<Feed>();
  /** Whose feeds these are: a login asks for its account alone. */
  private pendingAccounts = new Set<AccountId>();
  private writing: Promise<void> | undefined;
  private timer: Timer | undefined;
  private retry: Timer | undefined;

  constructor(private readonly needs: { readonly logs: LogStore; readonly clock: Clock; readonly logger: Logger }) {}

  /** The feed's `acked` has moved on. */
  moved(feed: Feed): void {
    this.add(feed);
    this.timer ??= this.needs.clock.after(bounds.cursorDelayMs, () => {
      this.timer = undefined;
      void this.flush();
    });
  }

  /** Resolves once nothing of this account is on its way any more: what is read from then on is current. */
  async settle(account: AccountId): Promise<void> {
    while (this.writing !== undefined) await this.writing;
    if (this.pendingAccounts.has(account)) return this.flush();
  }

  /** Resolves once everything that had moved is stored, or failed to be. */
  async flush(): Promise<void> {
    while (this.writing !== undefined) await this.writing;
    if (this.pending.size === 0) return;
    this.writing = this.write();
    await this.writing;
  }

  private add(feed: Feed): void {
    this.pending.add(feed);
    this.pendingAccounts.add(feed.session.account.id);
  }

  private async write(): Promise<void> {
    const feeds = this.pending;
    this.pending = new Set();
    this.pendingAccounts = new Set();
    try {
      await this.needs.logs.moveCursors([...feeds].map(moveOf));
    } catch (error) {
      this.needs.logger.error('cursors_not_stored', error, { cursors: feeds.size });
      this.keep(feeds);
    } finally {
      this.writing = undefined;
    }
  }

  /** Where a session is over, the next one of its account is given again what that one has acknowledged. */
  private keep(feeds: ReadonlySet<Feed>): void {
    for (const feed of feeds) if (!feed.session.isEnded) this.add(feed);
    this.retry ??= this.needs.clock.after(bounds.writeRetryMs, () => {
      this.retry = undefined;
      void this.flush();
    });
  }
}

function moveOf(feed: Feed): CursorMove {
  return { account: feed.session.account.id, device: feed.session.device, log: feed.log, seq: feed.acked };
}
