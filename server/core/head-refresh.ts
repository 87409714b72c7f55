/** Finds messages whose nudge was lost: between servers a nudge is best effort, and a session that hears of nothing reads
 *  nothing. */

import { bounds } from '../../shared/limits';
import type { Followers } from './followers';
import type { Clock, Logger, LogId, LogStore, Timer } from './ports';

/** Asks the store for the heads of all logs that sessions follow, `bounds.headsPerReadMax` in one read, and begins again
 *  `bounds.headRefreshMs` after it has come to the end. So a lost nudge delays a message for about that long, whatever
 *  happens to later ones. */
export class HeadRefresh {
  private timer: Timer | undefined;
  private isClosed = false;

  constructor(
    private readonly needs: {
      readonly logs: Pick<LogStore, 'heads'>;
      readonly followers: Followers;
      readonly clock: Clock;
      readonly logger: Logger;
    },
  ) {}

  start(): void {
    this.refreshLater();
  }

  close(): void {
    this.isClosed = true;
    this.timer?.cancel();
  }

  private refreshLater(): void {
    if (this.isClosed) return;
    this.timer = this.needs.clock.after(bounds.headRefreshMs, () => {
      void this.refresh().then(() => this.refreshLater());
    });
  }

  private async refresh(): Promise<void> {
    const { followers, logger } = this.needs;
    const stored = followers.logs().filter(isStored);
    try {
      for (let at = 0; at < stored.length && !this.isClosed; at += bounds.headsPerReadMax) {
        await this.refreshSome(stored.slice(at, at + bounds.headsPerReadMax));
      }
    } catch (error) {
      logger.error('heads_not_refreshed', error);
    }
  }

  private async refreshSome(logs: readonly LogId[]): Promise<void> {
    const heads = await this.needs.logs.heads(logs);
    for (const [index, log] of logs.entries()) {
      const head = heads[index];
      if (head !== undefined) this.needs.followers.reach(log, head);
    }
  }
}

/** The mailbox of a guest is in memory, and its nudges never leave the process. */
function isStored(log: LogId): boolean {
  return log > 0;
}
