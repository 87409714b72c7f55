/** Reads that wait for the thread that reads. Those that bring pages of messages go one after the other and let everything
 *  else pass; among them, the backlogs of logins and the pages of bursts take turns, so that a login does not wait behind the
 *  bursts of others. */

import { ChatError } from '../../../shared/errors';
import type { Logger } from '../../core/ports';
import { type Call, errorOf } from './calls';
import { storeBounds } from './limits';
import type { Reads } from './reads';
import type { ReadOutcome } from './thread-messages';

interface Waiter {
  readonly name: keyof Reads;
  resolve(value: unknown): void;
  reject(error: ChatError): void;
}

export interface ReadQueueOptions {
  readonly logger: Logger;
  /** Hands a read to the thread, which answers with {@link ReadQueue.settle} or {@link ReadQueue.failAll}; false when
   *  there is none. */
  readonly send: (id: number, call: Call<Reads>) => boolean;
}

/** Reads whose answers hold messages. */
type PageRead = 'backlog' | 'pages';

interface WaitingRead {
  readonly call: Call<Reads>;
  readonly waiter: Waiter;
}

export class ReadQueue {
  private readonly waiters = new Map<number, Waiter>();
  private pagesInFlight = 0;
  /** Those that are not with the thread yet. */
  private waiting: Record<PageRead, WaitingRead[]> = { backlog: [], pages: [] };
  private lastTurn: PageRead = 'pages';
  private lastId = 0;
  private whenIdle: (() => void) | undefined;

  constructor(private readonly options: ReadQueueOptions) {}

  /** @throws ChatError of the read's own, store_failed */
  call<Name extends keyof Reads>(name: Name, ...args: Parameters<Reads[Name]>): Promise<ReturnType<Reads[Name]>> {
    return new Promise((resolve, reject) => {
      const waiter = { name, resolve: resolve as (value: unknown) => void, reject };
      const call = { name, args } as Call<Reads>;
      if (bringsPages(name) && this.pagesInFlight >= storeBounds.pagesInFlightMax) {
        this.waiting[name].push({ call, waiter });
      } else {
        this.send(call, waiter);
      }
    });
  }

  /** The thread has answered. */
  settle(id: number, outcome: ReadOutcome): void {
    const waiter = this.waiters.get(id);
    this.waiters.delete(id);
    if (waiter !== undefined && bringsPages(waiter.name)) this.pageIsBack();
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
    const { backlog, pages } = this.waiting;
    const waiters = [...this.waiters.values(), ...[...backlog, ...pages].map(({ waiter }) => waiter)];
    this.pagesInFlight -= [...this.waiters.values()].filter(({ name }) => bringsPages(name)).length;
    this.waiters.clear();
    this.waiting = { backlog: [], pages: [] };
    for (const waiter of waiters) waiter.reject(new ChatError('store_failed'));
    this.checkIdle();
  }

  /** Resolves once nothing waits. */
  async idle(): Promise<void> {
    if (this.isIdle) return;
    await new Promise<void>((resolve) => {
      this.whenIdle = resolve;
    });
  }

  private get isIdle(): boolean {
    return this.waiters.size === 0 && this.waiting.backlog.length === 0 && this.waiting.pages.length === 0;
  }

  private send(call: Call<Reads>, waiter: Waiter): void {
    this.lastId += 1;
    if (!this.options.send(this.lastId, call)) {
      waiter.reject(new ChatError('store_failed'));
      return;
    }
    this.waiters.set(this.lastId, waiter);
    if (bringsPages(call.name)) this.pagesInFlight += 1;
  }

  /** Its place is free in the next turn only: a port hands over up to 1,000 messages in one turn, if they keep coming. */
  private pageIsBack(): void {
    setImmediate(() => {
      this.pagesInFlight -= 1;
      // Those that there is no thread for are refused, and hold no place.
      while (this.pagesInFlight < storeBounds.pagesInFlightMax) {
        const next = this.nextWaiting();
        if (next === undefined) return;
        this.send(next.call, next.waiter);
      }
    });
  }

  private nextWaiting(): WaitingRead | undefined {
    const turn = this.lastTurn === 'pages' ? 'backlog' : 'pages';
    const next = this.waiting[turn].shift();
    if (next === undefined) return this.waiting[this.lastTurn].shift();
    this.lastTurn = turn;
    return next;
  }

  private checkIdle(): void {
    if (this.isIdle) this.whenIdle?.();
  }
}

function bringsPages(name: keyof Reads): name is PageRead {
  return name === 'backlog' || name === 'pages';
}
