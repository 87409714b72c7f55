/** Reads that wait for the thread that reads. */

import { ChatError } from '../../../shared/errors';
import type { Logger } from '../../core/ports';
import { type Call, errorOf } from './calls';
import type { Reads } from './reads';
import type { ReadOutcome } from './thread-messages';

interface Waiter {
  readonly name: string;
  resolve(value: unknown): void;
  reject(error: ChatError): void;
}

export interface ReadQueueOptions {
  readonly logger: Logger;
  /** Hands a read to the thread, which answers with {@link ReadQueue.settle} or {@link ReadQueue.failAll}; false when
   *  there is none. */
  readonly send: (id: number, call: Call<Reads>) => boolean;
}

export class ReadQueue {
  private readonly waiters = new Map<number, Waiter>();
  private lastId = 0;
  private whenIdle: (() => void) | undefined;

  constructor(private readonly options: ReadQueueOptions) {}

  /** @throws ChatError of the read's own, store_failed */
  call<Name extends keyof Reads>(name: Name, ...args: Parameters<Reads[Name]>): Promise<ReturnType<Reads[Name]>> {
    return new Promise((resolve, reject) => {
      this.lastId += 1;
      if (!this.options.send(this.lastId, { name, args } as Call<Reads>)) {
        reject(new ChatError('store_failed'));
        return;
      }
      this.waiters.set(this.lastId, { name, resolve: resolve as (value: unknown) => void, reject });
    });
  }

  /** The thread has answered. */
  settle(id: number, outcome: ReadOutcome): void {
    const waiter = this.waiters.get(id);
    this.waiters.delete(id);
    if (outcome.kind === 'returned') {
      waiter?.resolve(outcome.value);
    } else if (outcome.kind === 'refused') {
      waiter?.reject(new ChatError(outcome.code, outcome.detail));
    } else {
      this.options.logger.error('read_failed', errorOf(outcome.fault), { read: waiter?.name });
      waiter?.reject(new ChatError(outcome.code));
    }
    this.checkIdle();
  }

  /** The thread will not answer any more. */
  failAll(): void {
    const waiters = [...this.waiters.values()];
    this.waiters.clear();
    for (const waiter of waiters) waiter.reject(new ChatError('store_failed'));
    this.checkIdle();
  }

  /** Resolves once nothing waits. */
  async idle(): Promise<void> {
    if (this.waiters.size === 0) return;
    await new Promise<void>((resolve) => {
      this.whenIdle = resolve;
    });
  }

  private checkIdle(): void {
    if (this.waiters.size === 0) this.whenIdle?.();
  }
}
