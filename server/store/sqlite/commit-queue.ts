/** Group commit: while one batch is with the writer the next one gathers. */

import type { Draft, Logger } from '../../core/ports';
import { type Call, errorOf } from './calls';
import { GatheringBatch } from './gathering-batch';
import type { Batch, BatchResult } from './writer';
import type { Writes } from './writes';

export interface CommitQueueOptions {
  readonly logger: Logger;
  /** A batch of so many drafts, which take so many bytes, was committed. */
  readonly onCommitted: (drafts: number, bytes: number) => void;
  /** Hands a batch to the writer, which answers with {@link CommitQueue.settle} or {@link CommitQueue.failInFlight};
   *  false when there is no writer. */
  readonly send: (batch: Batch) => boolean;
}

/** At most two batches are in memory: the one that the writer has and the one that gathers.
 *
 *  With nothing in flight, a batch leaves when the event loop has read all sockets that were readable (setImmediate)
 *  and not at the end of the callback (a microtask): otherwise the first of many senders would take a commit for itself
 *  each time. It costs a lone sender no wait, since the loop then has nothing else to read. */
export class CommitQueue {
  private gathering: GatheringBatch;
  private inFlight: GatheringBatch | undefined;
  private isLeaving = false;
  private isCongested = false;
  private isClosed = false;
  private readonly reliefListeners: (() => void)[] = [];
  private whenIdle: (() => void) | undefined;

  constructor(private readonly options: CommitQueueOptions) {
    this.gathering = new GatheringBatch(options.logger, 0);
  }

  get congested(): boolean {
    return this.isCongested;
  }

  onRelief(listener: () => void): void {
    this.reliefListeners.push(listener);
  }

  append(draft: Draft): void {
    this.gathering.addDraft(draft);
    this.gathered();
  }

  /** Resolves once the call is committed, with what it returned.
   *  @throws ChatError of the call's own, store_failed, store_full */
  call<Name extends keyof Writes>(name: Name, ...args: Parameters<Writes[Name]>): Promise<ReturnType<Writes[Name]>> {
    return new Promise((resolve, reject) => {
      this.gathering.addCall({ name, args } as Call<Writes>, { resolve: resolve as (value: unknown) => void, reject });
      this.gathered();
    });
  }

  /** The writer has answered. It gets the next batch before those who waited for this one are told: it works meanwhile. */
  settle(result: BatchResult): void {
    const done = this.takeInFlight();
    if (result.kind === 'failed') {
      this.options.logger.error('commit_failed', errorOf(result.fault), {
        drafts: done?.draftCount,
        code: result.code,
      });
    }
    this.leave();
    done?.settle(result);
    this.relieve();
    if (result.kind === 'committed') this.options.onCommitted(done?.draftCount ?? 0, done?.bytes ?? 0);
    this.checkIdle();
  }

  /** The writer will not answer any more. */
  failInFlight(): void {
    this.takeInFlight()?.fail('store_failed');
    this.leaveLater();
    this.checkIdle();
  }

  /** Resolves once everything that was given to the queue is settled; from now on everything else is refused. */
  async close(): Promise<void> {
    if (this.inFlight !== undefined || !this.gathering.isEmpty) {
      await new Promise<void>((resolve) => {
        this.whenIdle = resolve;
      });
    }
    this.isClosed = true;
  }

  private takeInFlight(): GatheringBatch | undefined {
    const batch = this.inFlight;
    this.inFlight = undefined;
    return batch;
  }

  private gathered(): void {
    if (!this.isCongested && this.gathering.isOverBound) this.isCongested = true;
    this.leaveLater();
  }

  private leaveLater(): void {
    if (this.isLeaving || this.inFlight !== undefined || this.gathering.isEmpty) return;
    this.isLeaving = true;
    setImmediate(() => {
      this.isLeaving = false;
      this.leave();
      this.relieve();
    });
  }

  private leave(): void {
    if (this.inFlight !== undefined || this.gathering.isEmpty) return;
    const batch = this.gathering;
    // The next batch is likely to be as large as this one. A quarter more, as growing would copy what has gathered.
    this.gathering = new GatheringBatch(this.options.logger, batch.bytes * 1.25);
    if (!this.isClosed && this.options.send(batch.take())) {
      this.inFlight = batch;
      return;
    }
    batch.fail('store_failed');
    this.checkIdle();
  }

  /** Once a congested batch has left, and whoever waited for the one before it was told. */
  private relieve(): void {
    if (!this.isCongested || this.gathering.isOverBound) return;
    this.isCongested = false;
    for (const listener of this.reliefListeners) {
      try {
        listener();
      } catch (error) {
        this.options.logger.error('relief_not_told', error);
      }
    }
  }

  private checkIdle(): void {
    if (this.inFlight === undefined && this.gathering.isEmpty) this.whenIdle?.();
  }
}
