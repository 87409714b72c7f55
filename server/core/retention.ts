/** What makes history end: every hour what nobody needs any more is removed, a little at a time.
 *  @see docs/delivery.md#how-long-messages-are-kept */

import type { AccountDevice, Clock, Logger, LogId, Timer, UnixMs } from './ports';
import type { RetentionStore } from './retention-store';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Every bound of retention, with its unit. */
export const retentionBounds = {
  sweepEveryMs: hourMs,
  /** No message is removed before, so that a sender whose OK was lost can retry under its key. */
  retryGraceMs: hourMs,
  /** Days without a login after which a device is forgotten, unless history is kept longer. */
  deviceDaysMin: 30,
  /** Of one write: logs that are looked at, messages that are removed, devices that are seen or forgotten. */
  logsMax: 200,
  messagesMax: 250,
  devicesSeenMax: 200,
  devicesForgottenMax: 8,
  /** Between two writes. Senders have the disk to themselves for nine tenths of the time, and 18 million messages still
   *  go in an hour. */
  pauseMs: 50,
} as const;

export interface RetentionNeeds {
  readonly store: RetentionStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The devices in use that have named themselves. */
  readonly devicesInUse: () => readonly AccountDevice[];
}

export class Retention {
  private timer: Timer | undefined;
  private endPause: (() => void) | undefined;
  private underWay: Promise<void> = Promise.resolve();
  private isClosed = false;
  /** Devices had no chance to come back before the first sweep, which is at the start of the server. */
  private mayForget = false;

  /** `historyDays` is how long a message stays that everybody has acknowledged, 0 to 3,650. */
  constructor(
    private readonly needs: RetentionNeeds,
    private readonly options: { readonly historyDays: number },
  ) {}

  /** Sweeps now and every hour from then on. */
  start(): void {
    this.underWay = this.sweep();
  }

  /** Resolves once no write is under way; there is none afterwards. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.timer?.cancel();
    this.endPause?.();
    await this.underWay;
  }

  /** A write that fails ends the sweep: the next one starts over. */
  private async sweep(): Promise<void> {
    const { clock, logger } = this.needs;
    try {
      await this.seeDevices();
      const devices = this.mayForget ? await this.forgetDevices() : 0;
      const messages = await this.prune();
      if (devices + messages > 0) logger.info('pruned', { messages, devices });
    } catch (error) {
      logger.error('not_pruned', error);
    }
    this.mayForget = true;
    if (!this.isClosed) this.timer = clock.after(retentionBounds.sweepEveryMs, () => this.start());
  }

  /** Who stays logged in for months is in use as well. */
  private async seeDevices(): Promise<void> {
    const { clock, store, devicesInUse } = this.needs;
    const devices = devicesInUse();
    const { devicesSeenMax } = retentionBounds;
    for (let begin = 0; begin < devices.length && !this.isClosed; begin += devicesSeenMax) {
      await store.seeDevices(devices.slice(begin, begin + devicesSeenMax), clock.now());
      await this.pause();
    }
  }

  private async forgetDevices(): Promise<number> {
    const { deviceDaysMin, devicesForgottenMax } = retentionBounds;
    const seenBefore = this.ago(Math.max(this.options.historyDays, deviceDaysMin) * dayMs);
    let count = 0;
    let last: number = devicesForgottenMax;
    while (last === devicesForgottenMax && !this.isClosed) {
      last = await this.needs.store.forgetDevices(seenBefore, devicesForgottenMax);
      count += last;
      await this.pause();
    }
    return count;
  }

  private async prune(): Promise<number> {
    const { logsMax, messagesMax, retryGraceMs } = retentionBounds;
    const before = this.ago(Math.max(this.options.historyDays * dayMs, retryGraceMs));
    let count = 0;
    let after: LogId | undefined = 0 as LogId;
    while (after !== undefined && !this.isClosed) {
      const { next, messages } = await this.needs.store.prune({ after, before, logsMax, messagesMax });
      count += messages;
      after = next;
      await this.pause();
    }
    return count;
  }

  private ago(ms: number): UnixMs {
    return (this.needs.clock.now() - ms) as UnixMs;
  }

  private async pause(): Promise<void> {
    if (this.isClosed) return;
    await new Promise<void>((resolve) => {
      this.endPause = resolve;
      this.timer = this.needs.clock.after(retentionBounds.pauseMs, resolve);
    });
  }
}
