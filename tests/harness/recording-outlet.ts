/** An {@link Outlet} that keeps everything as plain values, and leaves to the test when it has room and when the
 *  operating system has taken what was written. */

import type { Outlet } from '../../server/core/outlet';
import type { Account, Message, Seq } from '../../server/core/ports';
import type { FlushMark, Session } from '../../server/core/session';
import type { ErrorCode } from '../../shared/errors';
import type { DestinationName } from '../../shared/names';

export type Told =
  | { readonly kind: 'burst'; readonly account: string; readonly count: number }
  | { readonly kind: 'burst_end' }
  | { readonly kind: 'message'; readonly seq: Seq; readonly from: string; readonly to: string; readonly text: string }
  | { readonly kind: 'receipt'; readonly to: string; readonly seq: Seq }
  | { readonly kind: 'ended'; readonly reason: ErrorCode };

interface FlushWaiter {
  /** Resolved once so many bytes were taken. */
  readonly bytes: number;
  readonly resolve: (taken: boolean) => void;
}

export class RecordingOutlet implements Outlet {
  readonly told: Told[] = [];
  /** Bytes that may wait before there is no more room. */
  outboxBytesMax = Number.POSITIVE_INFINITY;
  /** Called with everything that is told, as it comes. */
  onTold: (told: Told) => void = () => {};
  isGone = false;
  private session: Session | undefined;
  private writtenBytes = 0;
  private handedBytes = 0;
  private takenBytes = 0;
  private marks: FlushMark[] = [];
  private waiters: FlushWaiter[] = [];

  /** The session that marks what leaves, and is told when there is room again. */
  attach(session: Session): void {
    this.session = session;
  }

  get outboxBytes(): number {
    return this.writtenBytes - this.takenBytes;
  }

  get hasRoom(): boolean {
    return this.outboxBytes < this.outboxBytesMax;
  }

  /** Everything told, one line each: `burst bob 2`, `1 alice bob hello`, `end`, `receipt bob 1`, `ended taken_over`. */
  get lines(): string[] {
    return this.told.map(lineOf);
  }

  /** The lines since the last call. */
  take(): string[] {
    return this.told.splice(0).map(lineOf);
  }

  burst(account: Account, count: number): void {
    this.tell({ kind: 'burst', account: account.name, count }, headBytes);
  }

  /** What a protocol does when a burst is complete. */
  burstEnd(): void {
    this.tell({ kind: 'burst_end' }, headBytes);
  }

  message({ seq, from, body }: Message, to: DestinationName): void {
    this.tell({ kind: 'message', seq, from, to, text: new TextDecoder().decode(body) }, body.length);
  }

  receipt(to: DestinationName, seq: Seq): void {
    this.tell({ kind: 'receipt', to, seq }, headBytes);
  }

  ended(reason: ErrorCode): void {
    this.tell({ kind: 'ended', reason }, headBytes);
  }

  flushed(): Promise<boolean> {
    if (this.isGone) return Promise.resolve(false);
    if (this.outboxBytes === 0) return Promise.resolve(true);
    return new Promise((resolve) => this.waiters.push({ bytes: this.writtenBytes, resolve }));
  }

  /** What was written is on its way to the operating system. */
  handOver(): void {
    if (this.isGone) return;
    this.handedBytes = this.writtenBytes;
    const mark = this.session?.mark();
    if (mark !== undefined) this.marks.push(mark);
  }

  /** The operating system has taken what was handed over; the outlet may have room again. */
  taken(): void {
    if (this.isGone) return;
    this.takenBytes = this.handedBytes;
    for (const mark of this.marks.splice(0)) this.session?.flushed(mark);
    const reached = this.waiters.filter((waiter) => waiter.bytes <= this.takenBytes);
    this.waiters = this.waiters.filter((waiter) => waiter.bytes > this.takenBytes);
    for (const waiter of reached) waiter.resolve(true);
    if (this.hasRoom) this.session?.resume();
  }

  /** Both steps at once. */
  flush(): void {
    this.handOver();
    this.taken();
  }

  /** The connection is lost, with whatever the operating system has not taken. */
  lose(): void {
    this.isGone = true;
    for (const waiter of this.waiters.splice(0)) waiter.resolve(false);
    this.session?.end();
  }

  private tell(told: Told, bytes: number): void {
    this.told.push(told);
    this.writtenBytes += bytes;
    this.onTold(told);
  }
}

/** What anything but a message's body counts for. */
const headBytes = 1;

function lineOf(told: Told): string {
  switch (told.kind) {
    case 'burst':
      return `burst ${told.account} ${told.count}`;
    case 'burst_end':
      return 'end';
    case 'message':
      return `${told.seq} ${told.from} ${told.to} ${told.text}`;
    case 'receipt':
      return `receipt ${told.to} ${told.seq}`;
    case 'ended':
      return `ended ${told.reason}`;
  }
}
