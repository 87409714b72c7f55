/** A conversation over one WebSocket: requests in, answers out, in the same order, with events between them.
 *
 *  Sends are pipelined: each goes to the store at once and is answered when its commit is through. Every other request
 *  waits until the answers before it are written, and nothing after it is read until its own is. */

import { ChatError } from '../../../shared/errors';
import { bounds } from '../../../shared/limits';
import type { Chat } from '../../core/chat';
import type { Sent } from '../../core/service/messages';
import { PendingSends } from '../pending-sends';
import { whenTaken } from '../when-taken';
import { type Asked, failureText } from './answers';
import { type Dialect, decodeFrame, type Frame, keepAlive, type RequestId } from './codec';
import { Dialog } from './dialog';
import { handlers, type PipelinedType, pipelinedHandlers } from './handlers';
import { closeCode, wireBounds } from './limits';
import type { Request, RequestOf } from './requests';
import type { Ways } from './ways';
import type { FrameConversation, WebSocketConnection } from './web-socket';

export class ChateauConversation implements FrameConversation {
  private readonly dialog: Dialog;
  /** What came while nothing could be carried out: no more than one read of the connection brings. */
  private readonly frames: string[] = [];
  private readonly sends = new PendingSends(this);
  /** Read, and held until the sends before it are answered. */
  private waiting: Frame | undefined;
  /** Of the last frame that said: a frame that does not is answered in it, and at first in the named one. */
  private dialect: Dialect | undefined;
  private isBusy = false;
  private isProceeding = false;
  private isFinishing = false;
  /** Set once the peer is gone, until what it has asked is carried out. */
  private onDone: (() => void) | undefined;

  constructor(
    private readonly chat: Chat,
    private readonly connection: WebSocketConnection,
    ways: Ways,
  ) {
    const isDeserted = (): boolean => connection.isEnding && (this.onDone === undefined || this.frames.length === 0);
    this.dialog = new Dialog(chat, connection, ways, isDeserted);
  }

  get isRegistered(): boolean {
    return this.dialog.session !== undefined;
  }

  get isKnown(): boolean {
    return this.dialog.isKnown;
  }

  frame(text: string): void {
    if (this.isFinishing || text.trim() === keepAlive) return;
    this.frames.push(text);
    this.proceed();
  }

  /** An empty text is no request either, and is answered in its turn. */
  binary(): void {
    this.frame('');
  }

  finish(): void {
    this.isFinishing = true;
    this.proceed();
  }

  resume(): void {
    this.dialog.session?.resume();
    this.proceed();
  }

  closed(): void {
    this.frames.length = 0;
    this.dialog.endSession();
  }

  /** Whoever sends and closes at once expects it to be done, and a chat must not be made without its first message. */
  left(done: () => void): void {
    this.onDone = done;
    this.dialog.session?.abandon();
    this.proceed();
  }

  beforeFlush(): (() => void) | undefined {
    return whenTaken(this.dialog.session);
  }

  announceClosing(seconds: number): void {
    this.dialog.isClosing = true;
    this.dialog.outlet.notice(new ChatError('closing', { seconds }));
  }

  announceIdle(): void {
    this.dialog.outlet.notice(new ChatError('idle'));
  }

  /** Carries requests out while it may; stops reading the connection while it may not. */
  private proceed(): void {
    if (this.isProceeding) return;
    this.isProceeding = true;
    while (this.mayGoOn()) {
      const text = this.frames.shift();
      if (text === undefined) break;
      if (this.isTooLong(text)) this.breakOff();
      else this.take(decodeFrame(text));
    }
    this.isProceeding = false;
    if (!this.mayGoOn()) this.connection.stopReading();
    else if (!this.isFinishing) this.connection.readOn();
    else if (this.sends.count === 0) this.connection.end(closeCode.goingAway, 'closing');
    this.leaveWhenDone();
  }

  private leaveWhenDone(): void {
    const { onDone } = this;
    const isDone = !this.isBusy && this.waiting === undefined && this.frames.length === 0 && this.sends.count === 0;
    if (onDone === undefined || !isDone) return;
    this.onDone = undefined;
    this.dialog.endSession();
    onDone();
  }

  private mayGoOn(): boolean {
    return (
      !this.isBusy &&
      this.waiting === undefined &&
      (!this.connection.isEnding || this.onDone !== undefined) &&
      this.sends.count < bounds.pipelinedSendsMax &&
      this.connection.hasRoom &&
      !this.chat.isCongested()
    );
  }

  /** Asked when it is the frame's turn: a long one may stand right behind the registration. */
  private isTooLong(text: string): boolean {
    return !this.isKnown && Buffer.byteLength(text) > wireBounds.strangerFrameBytesMax;
  }

  /** Nothing behind it counts, be the peer still there or gone. */
  private breakOff(): void {
    this.frames.length = 0;
    this.connection.endTooLong();
  }

  private take(frame: Frame): void {
    this.dialect = frame.dialect ?? this.dialect;
    if (!this.isRegistered) this.dialog.outlet.dialect = this.dialect;
    if ('request' in frame && isPipelined(frame.request)) this.startSend(frame.request, askedBy(frame));
    else if (this.sends.count > 0) this.waiting = frame;
    else this.run(frame);
  }

  private startSend(request: RequestOf<PipelinedType>, asked: Asked): void {
    const ticket = this.sends.add({
      sent: (result) => this.answerSend(asked, result),
      failed: (error) => this.fail(error, asked.dialect, asked.id),
    });
    // TypeScript cannot tell that a table's entry and its key's request belong together.
    const handler = pipelinedHandlers[request.type] as (
      dialog: Dialog,
      request: RequestOf<PipelinedType>,
      to: typeof ticket,
    ) => void;
    try {
      handler(this.dialog, request, ticket);
    } catch (error) {
      ticket.failed(this.asChatError(error));
    }
  }

  private answerSend(asked: Asked, { seq, to, live }: Sent): void {
    const drawn = asked.type === 'RandomMessageRequest' ? { clients: to } : {};
    this.dialog.answer(asked, drawn, { log: to, seq, live });
  }

  sendSettled(): void {
    const { waiting } = this;
    if (waiting !== undefined && this.sends.count === 0) {
      this.waiting = undefined;
      this.run(waiting);
    }
    this.proceed();
  }

  private run(frame: Frame): void {
    const { dialect = this.dialect ?? 'named', id } = frame;
    if ('error' in frame) {
      this.fail(frame.error, dialect, id);
      return;
    }
    try {
      const done = this.carryOut(frame.request, askedBy(frame));
      if (done instanceof Promise) void this.answered(done, dialect, id);
    } catch (error) {
      this.fail(this.asChatError(error), dialect, id);
    }
  }

  private async answered(done: Promise<void>, dialect: Dialect, id: RequestId | undefined): Promise<void> {
    this.isBusy = true;
    try {
      await done;
    } catch (error) {
      this.fail(this.asChatError(error), dialect, id);
    } finally {
      this.isBusy = false;
      this.proceed();
    }
  }

  private carryOut(request: Request, asked: Asked): void | Promise<void> {
    const handler = handlers[request.type as keyof typeof handlers] as (
      dialog: Dialog,
      request: Request,
      asked: Asked,
    ) => void | Promise<void>;
    return handler(this.dialog, request, asked);
  }

  private fail(error: ChatError, dialect: Dialect, id: RequestId | undefined): void {
    this.connection.write(failureText(error, dialect, id));
  }

  private asChatError(error: unknown): ChatError {
    if (error instanceof ChatError) return error;
    this.chat.logger.error('request_failed', error);
    return new ChatError('internal', {}, { cause: error });
  }
}

function askedBy({ request, dialect, id }: Extract<Frame, { request: Request }>): Asked {
  return { type: request.type, dialect, id };
}

function isPipelined(request: Request): request is RequestOf<PipelinedType> {
  return Object.hasOwn(pipelinedHandlers, request.type);
}
