/** What a session says, as text frames: each message is an event.
 *  @see docs/protocols/chateau.md#events */

import { ChatError, type ErrorCode } from '../../../shared/errors';
import type { DestinationName } from '../../../shared/names';
import type { Outlet } from '../../core/outlet';
import type { Account, Message, Seq } from '../../core/ports';
import { messageText, noticeText, receiptText } from './answers';
import type { Dialect } from './codec';
import { wireBounds } from './limits';
import type { Way, WayListener } from './ways';
import type { WebSocketConnection } from './web-socket';

export class FrameOutlet implements Outlet, WayListener {
  /** What events are written in, once it is known. */
  dialect: Dialect | undefined;
  /** Called when a burst of so many messages begins, before the first of them. */
  onBurst: ((account: Account, count: number) => void) | undefined;
  private me: Account | undefined;
  private readonly ways = new Map<Seq, Way>();

  constructor(
    private readonly connection: WebSocketConnection,
    private readonly onEnded: () => void,
  ) {}

  get hasRoom(): boolean {
    return this.connection.hasRoom;
  }

  flushed(): Promise<boolean> {
    return this.connection.flushed();
  }

  burst(account: Account, count: number): void {
    this.me = account;
    this.onBurst?.(account, count);
    this.onBurst = undefined;
  }

  message(message: Message, log: DestinationName): void {
    const { dialect } = this;
    if (this.me === undefined || dialect === undefined) throw new Error('a message came before a burst');
    const me = this.me.name;
    const way = log === me ? this.wayOf(message.seq) : undefined;
    this.connection.write(messageText(dialect, { me, message, log, way }));
  }

  receipt(to: DestinationName, seq: Seq): void {
    this.connection.write(receiptText(to, seq));
  }

  ended(reason: ErrorCode): void {
    this.onEnded();
    this.notice(new ChatError(reason));
  }

  /** Tells what is no answer, if the client is known to speak the dialect that has a word for it. */
  notice(error: ChatError): void {
    if (this.dialect === 'named') this.connection.write(noticeText(error));
  }

  expect(seq: Seq, way: Way): void {
    this.ways.set(seq, way);
    if (this.ways.size <= wireBounds.waysMax) return;
    const [oldest] = this.ways.keys();
    if (oldest !== undefined) this.ways.delete(oldest);
  }

  /** A session of another name may follow on the same connection. */
  forget(): void {
    this.me = undefined;
    this.ways.clear();
  }

  private wayOf(seq: Seq): Way | undefined {
    const way = this.ways.get(seq);
    if (way !== undefined) this.ways.delete(seq);
    return way;
  }
}
