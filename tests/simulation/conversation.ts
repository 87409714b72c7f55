/** The server's end of a connection: does with the core what the cmap protocols do, and holds what it is told against the
 *  ledger. Sends are pipelined; any other request waits until those before it are answered. */

import type { Chat } from '../../server/core/chat';
import type { Outlet } from '../../server/core/outlet';
import type { Account, Message, Seq } from '../../server/core/ports';
import type { Session } from '../../server/core/session';
import { ChatError, type ErrorCode } from '../../shared/errors';
import { bounds } from '../../shared/limits';
import type { DestinationName } from '../../shared/names';
import { messageBytes } from './disk';
import type { Item, Request } from './item';
import type { Ledger } from './ledger';
import { Replies } from './replies';
import { carryOut, type Dialog } from './requests';
import { numberOf } from './send';
import { SessionView } from './session-view';
import type { ServerEnd, Wire } from './wire';

/** Sends that may wait for their commit before the connection is not read from. */
const sendsMax = 16;

export interface ConversationNeeds {
  readonly chat: Chat;
  readonly ledger: Ledger;
  readonly outboxBytesMax: number;
  readonly wire: Wire;
  readonly device: string | undefined;
  readonly isExplicit: boolean;
  readonly onClosed: () => void;
  /** What stands between the core and this connection. */
  readonly plant: (outlet: Outlet, session: () => Session | undefined) => Outlet;
}

export class Conversation implements ServerEnd, Outlet, Dialog {
  session: Session | undefined;
  view: SessionView | undefined;
  /** What the core writes to: this, or a fault before it. */
  readonly outlet: Outlet;
  burstsBegun = 0;
  private isInBurst = false;
  private isBusy = false;
  private isProceeding = false;
  private readonly requests: Request[] = [];
  readonly replies: Replies;

  constructor(readonly needs: ConversationNeeds) {
    this.outlet = needs.plant(this, () => this.session);
    this.replies = new Replies(
      needs.ledger,
      (id, code) => this.reply(id, code),
      () => this.proceed(),
    );
  }

  get chat(): Chat {
    return this.needs.chat;
  }

  get isExplicit(): boolean {
    return this.needs.isExplicit;
  }

  get device(): string | undefined {
    return this.needs.device;
  }

  get isGone(): boolean {
    return this.needs.wire.isGone;
  }

  get isLive(): boolean {
    return this.session?.isEnded === false && !this.isBusy && !this.needs.wire.isGone;
  }

  /** Whether requests wait to be carried out, or answers to be given. */
  get isWaiting(): boolean {
    return this.isBusy || this.requests.length > 0 || this.replies.count > 0;
  }

  request(request: Request): void {
    this.requests.push(request);
    this.proceed();
  }

  resume(): void {
    this.session?.resume();
    this.proceed();
  }

  closed(): void {
    this.endSession();
    this.needs.onClosed();
  }

  beforeFlush(): (() => void) | undefined {
    const { session } = this;
    const mark = session?.mark();
    return mark === undefined ? undefined : () => session?.flushed(mark);
  }

  taken(items: readonly Item[]): void {
    for (const item of items) if (item.kind === 'message') item.view.taken(item.log, item.seq);
  }

  // What the core asks of an outlet.

  get hasRoom(): boolean {
    return this.needs.wire.hasRoom;
  }

  burst(account: Account, count: number): void {
    const { session } = this;
    this.isInBurst = true;
    this.burstsBegun += 1;
    this.view = new SessionView(this.needs.ledger, {
      account: account.id,
      name: account.name,
      device: session?.device ?? '',
      isExplicit: session !== undefined && this.needs.isExplicit,
    });
    this.view.burstBegun(count);
    this.needs.wire.write({ kind: 'burst', account: account.id, count });
  }

  message({ seq, body }: Message, to: DestinationName): void {
    const { ledger, outboxBytesMax, wire } = this.needs;
    const { view } = this;
    const number = numberOf(body);
    if (view === undefined) {
      ledger.require(false, 'event inside a burst', () => `${to} ${seq} before the burst`);
      return;
    }
    const log = view.logOf(to);
    view.written(log, seq, number);
    wire.write({ kind: 'message', view, to, log, seq, number });
    const bytesMax = outboxBytesMax + bounds.backlogBytesMax + messageBytes;
    ledger.require(wire.outboxBytes <= bytesMax, 'memory of the outlet', () => `${wire.outboxBytes} bytes`);
  }

  receipt(to: DestinationName, seq: Seq): void {
    this.needs.ledger.receiptTold(to, seq);
    this.needs.wire.write({ kind: 'receipt', to, seq });
  }

  ended(code: ErrorCode): void {
    this.burstEnd(false);
    this.session = undefined;
    this.needs.wire.write({ kind: 'ended', code });
  }

  flushed(): Promise<boolean> {
    return this.needs.wire.flushed();
  }

  // What requests need.

  /** Answers with everything undelivered; live messages follow it.
   *  @throws ChatError store_failed, or taken_over when the session ended before the burst began */
  async deliver(session: Session): Promise<void> {
    const begun = this.burstsBegun;
    const isComplete = await session.burst();
    this.requireBurstSince(begun, isComplete);
    if (isComplete) session.goLive();
  }

  /** Ends the burst that was asked for when `begun` bursts had begun.
   *  @throws ChatError taken_over when none has begun since */
  requireBurstSince(begun: number, isComplete: boolean): void {
    if (this.isInBurst) this.burstEnd(isComplete);
    else if (this.burstsBegun === begun && !this.needs.wire.isGone) throw new ChatError('taken_over');
  }

  reply(id: number, code?: ErrorCode): void {
    this.needs.wire.write({ kind: 'reply', id, code });
  }

  endSession(): void {
    this.needs.wire.flush();
    this.session?.end();
    this.session = undefined;
  }

  private burstEnd(isComplete: boolean): void {
    if (!this.isInBurst) return;
    this.isInBurst = false;
    this.view?.burstEnded(isComplete);
    this.needs.wire.write({ kind: 'burst end' });
  }

  private proceed(): void {
    if (this.isProceeding) return;
    this.isProceeding = true;
    while (this.mayRead()) this.take(this.requests.shift() as Request);
    this.isProceeding = false;
  }

  private mayRead(): boolean {
    const [next] = this.requests;
    if (next === undefined || this.isBusy || this.needs.wire.isGone || !this.needs.wire.hasRoom) return false;
    if (this.needs.chat.isCongested() || this.replies.count >= sendsMax) return false;
    return next.kind === 'send' || this.replies.count === 0;
  }

  private take(request: Request): void {
    if (request.kind === 'send') this.replies.send(this.chat, this.session, request.id, request.send);
    else void this.run(request);
  }

  private async run(request: Exclude<Request, { kind: 'send' }>): Promise<void> {
    this.isBusy = true;
    try {
      const done = carryOut(this, request);
      if (done !== undefined) await done;
    } catch (error) {
      this.fail(request, error);
    }
    this.isBusy = false;
    this.proceed();
  }

  private fail({ id, kind }: Request, error: unknown): void {
    if (!(error instanceof ChatError)) {
      this.needs.ledger.require(false, 'fault of the server', () => `${(error as Error).stack}`);
      return;
    }
    if (kind !== 'ack' && !this.isInBurst) {
      this.reply(id, error.code);
      return;
    }
    this.burstEnd(false);
    this.needs.wire.write({ kind: 'failed', code: error.code });
  }
}
