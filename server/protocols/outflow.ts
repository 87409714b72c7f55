/** What was handed to the operating system for one peer, and how much of it was taken: the outbox of every connection. */

interface Waiter {
  /** Resolved once so many bytes were taken. */
  readonly bytes: number;
  readonly resolve: (taken: boolean) => void;
}

/** Counts bytes, and wakes whoever waits until they are taken. */
export class Outflow {
  private handedBytes = 0;
  private takenBytes = 0;
  private waiters: Waiter[] = [];

  /** Bytes handed over that the operating system has not taken. */
  get underWayBytes(): number {
    return this.handedBytes - this.takenBytes;
  }

  handed(bytes: number): void {
    this.handedBytes += bytes;
  }

  /** Resolves those whose bytes are taken by now: they go on when the caller has returned. */
  taken(bytes: number): void {
    this.takenBytes += bytes;
    while (this.waiters[0] !== undefined && this.waiters[0].bytes <= this.takenBytes) {
      this.waiters.shift()?.resolve(true);
    }
  }

  /** Resolves once everything under way and `unsentBytes` behind it are taken; false when the connection went first. */
  flushed(unsentBytes: number): Promise<boolean> {
    const bytes = this.handedBytes + unsentBytes;
    if (bytes === this.takenBytes) return Promise.resolve(true);
    return new Promise((resolve) => this.waiters.push({ bytes, resolve }));
  }

  /** The connection is gone: nothing more will be taken. */
  lost(): void {
    for (const waiter of this.waiters) waiter.resolve(false);
    this.waiters = [];
  }
}
