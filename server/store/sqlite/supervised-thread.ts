/** A thread that is started again when it dies. */

import { StoreOpenError } from '../open-error';
import { storeBounds } from './limits';
import type { StartThread, Thread } from './start-thread';
import type { FromThread, ThreadData, ToThread } from './thread-messages';

export type Reply = Extract<FromThread, { kind: 'batch' | 'read' | 'checkpointed' }>;

export interface SupervisedThreadOptions {
  readonly start: StartThread;
  /** What the thread is started with, asked for each time. */
  readonly data: () => ThreadData;
  /** Whether a thread that died is replaced: what a database in memory held is gone with it. */
  readonly restarts: boolean;
  readonly onReply: (reply: Reply) => void;
  /** The thread died, and what it was sent will not be answered. */
  readonly onDeath: (cause: Error) => void;
}

/** Opens, dies, opens again: after a delay that doubles while it does not come up. */
export class SupervisedThread {
  private thread: Thread | undefined;
  private isOpen = false;
  private isClosing = false;
  private restartDelayMs: number = storeBounds.restartDelayMinMs;
  private restartTimer: NodeJS.Timeout | undefined;
  private settleOpening: { resolve(): void; reject(error: Error): void } | undefined;
  private settleClosing: (() => void) | undefined;
  private unopened: string | undefined;

  constructor(private readonly options: SupervisedThreadOptions) {}

  /** Starts the thread for the first time; it is not started again when this fails.
   *  @throws StoreOpenError */
  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.settleOpening = { resolve, reject };
      this.start();
    });
  }

  /** Whether the message is on its way: false while there is no thread. */
  send(message: ToThread, transfer: readonly ArrayBuffer[]): boolean {
    if (!this.isOpen || this.thread === undefined) return false;
    this.thread.send(message, transfer);
    return true;
  }

  /** Lets the thread finish what it was sent, and resolves when it has closed its database and ended. */
  close(): Promise<void> {
    clearTimeout(this.restartTimer);
    this.isClosing = true;
    this.isOpen = false;
    const { thread } = this;
    if (thread === undefined) return Promise.resolve();
    return new Promise((resolve) => {
      this.settleClosing = resolve;
      thread.send({ kind: 'close' }, []);
    });
  }

  private start(): void {
    this.unopened = undefined;
    this.thread = this.options.start(this.options.data(), {
      message: (message) => this.heard(message),
      ended: (cause) => this.ended(cause),
    });
  }

  private heard(message: FromThread): void {
    if (message.kind === 'opened') {
      this.isOpen = !this.isClosing;
      this.restartDelayMs = storeBounds.restartDelayMinMs;
      this.settleOpening?.resolve();
      this.settleOpening = undefined;
    } else if (message.kind === 'unopened') {
      this.unopened = message.sentence;
    } else if (message.kind !== 'closed') {
      this.options.onReply(message);
    }
  }

  private ended(cause: Error | undefined): void {
    this.thread = undefined;
    this.isOpen = false;
    const error = this.unopened === undefined ? cause : new StoreOpenError(this.unopened);
    if (this.settleOpening !== undefined) {
      this.settleOpening.reject(error ?? new Error('a thread of the store ended while it was being opened'));
      this.settleOpening = undefined;
      this.settleClosing?.();
      return;
    }
    if (this.isClosing && error === undefined) {
      this.settleClosing?.();
      return;
    }
    this.options.onDeath(error ?? new Error('a thread of the store ended by itself'));
    if (this.isClosing) this.settleClosing?.();
    else if (this.options.restarts) this.restartLater();
  }

  private restartLater(): void {
    this.restartTimer = setTimeout(() => this.start(), this.restartDelayMs);
    this.restartDelayMs = Math.min(this.restartDelayMs * 2, storeBounds.restartDelayMaxMs);
  }
}
