/** Where asynchronous answers wait while a test holds them up. */
export class Gate {
  private waiting: (() => void)[] = [];
  private isClosed = false;

  /** Answers held up now. */
  get waitingCount(): number {
    return this.waiting.length;
  }

  close(): void {
    this.isClosed = true;
  }

  /** Lets everybody through, in the order of arrival, and whoever comes later. */
  open(): void {
    this.isClosed = false;
    const released = this.waiting;
    this.waiting = [];
    for (const pass of released) pass();
  }

  pass(): Promise<void> {
    if (!this.isClosed) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}
