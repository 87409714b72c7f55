/** Messages of ours that were queued, until their recipients have them. */

/** How many are remembered; the oldest are forgotten, and then nobody is told that they arrived. */
const awaitedMax = 10_000;

interface Awaited {
  /** The recipient's name in lower case. */
  readonly to: string;
  readonly seq: number;
}

export class AwaitedReceipts {
  private awaited: Awaited[] = [];

  note(to: string, seq: number): void {
    this.awaited.push({ to: to.toLowerCase(), seq });
    if (this.awaited.length > awaitedMax) this.awaited.shift();
  }

  /** How many messages the receipt for `seq` is about: that one, and all before it. */
  reached(to: string, seq: number): number {
    const key = to.toLowerCase();
    const before = this.awaited.length;
    this.awaited = this.awaited.filter((message) => message.to !== key || message.seq > seq);
    return before - this.awaited.length;
  }
}
