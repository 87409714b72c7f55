/** A version 2 conversation: requests in, replies out, in the same order.
 *
 *  Sends are pipelined: each goes to the store at once and is answered when its commit is through. Every other request
 *  waits until the replies before it are written, and nothing after it is read until its own is. */

import type { CommandSpec, Request, RequestOf } from '../../../../shared/cmap';
import { ChatError } from '../../../../shared/errors';
import { bounds, limits } from '../../../../shared/limits';
import { LineDecoder } from '../../../../shared/lines';
import { writeBlockEnd, writeStatus } from '../../../../shared/reply';
import { commandOf, type ParsedRequest, parseRequest } from '../../../../shared/request';
import type { Chat } from '../../../core/chat';
import type { Sent } from '../../../core/service/messages';
import type { Connection, Conversation } from '../../connection';
import { type FrameSource, type FrameTaker, Intake } from '../../intake';
import { PendingSends, type SendReplier } from '../../pending-sends';
import { whenTaken } from '../../when-taken';
import { Dialog } from './dialog';
import { handlers, type PipelinedCommand } from './handlers';
import { random, send } from './message-commands';

const lineBytesMaxAfterLogin = limits.headBytesMax + limits.bodyBytesMax;

type Line = Uint8Array | 'too_long';

export class CmapConversation implements Conversation, FrameSource<Line>, FrameTaker<Line> {
  private readonly dialog: Dialog;
  private readonly lines = new LineDecoder(limits.lineBytesMaxBeforeLogin);
  private readonly intake: Intake<Line>;
  private readonly sends = new PendingSends(this);
  /** Read, and held until the sends before it are answered. */
  private waiting: ParsedRequest | undefined;
  private isBusy = false;

  constructor(
    private readonly chat: Chat,
    private readonly connection: Connection,
  ) {
    this.dialog = new Dialog(chat, connection);
    this.intake = new Intake(connection, this, this);
  }

  get isLoggedIn(): boolean {
    return this.dialog.session !== undefined;
  }

  data(chunk: Uint8Array): void {
    this.intake.data(chunk);
  }

  inputEnded(): void {
    this.intake.inputEnded();
  }

  resume(): void {
    this.dialog.session?.resume();
    this.intake.proceed();
  }

  leave(): void {
    this.dialog.endSession();
  }

  closed(): void {
    this.dialog.endSession();
  }

  beforeFlush(): (() => void) | undefined {
    return whenTaken(this.dialog.session);
  }

  announceClosing(seconds: number): void {
    this.dialog.outlet.fail(new ChatError('closing', { seconds }));
  }

  announceIdle(): void {
    this.dialog.outlet.fail(new ChatError('idle'));
  }

  /** A line may be longer once somebody is logged in, and the login may stand right before it. */
  next(): Line | undefined {
    this.lines.lineBytesMax = this.isLoggedIn ? lineBytesMaxAfterLogin : limits.lineBytesMaxBeforeLogin;
    return this.lines.next();
  }

  push(chunk: Uint8Array): void {
    this.lines.push(chunk);
  }

  get mayTake(): boolean {
    return (
      !this.isBusy &&
      this.waiting === undefined &&
      this.sends.count < bounds.pipelinedSendsMax &&
      this.connection.hasRoom &&
      !this.chat.isCongested()
    );
  }

  get isSettled(): boolean {
    return this.sends.count === 0;
  }

  take(line: Line): void {
    const parsed =
      line === 'too_long'
        ? { spec: commandOf(this.lines.head(headBytes)), error: new ChatError('line_too_long') }
        : parseRequest(line, { keys: this.dialog.negotiated.keys, isPlain: this.lines.isPlain });
    if ('request' in parsed && isPipelined(parsed.request)) this.startSend(parsed.spec, parsed.request);
    else if (this.sends.count > 0) this.waiting = parsed;
    else this.run(parsed);
  }

  private startSend(spec: CommandSpec, request: RequestOf<PipelinedCommand>): void {
    const ticket = this.sends.add(new SendReply(this, spec, request));
    try {
      if (request.command === 'send') send(this.dialog, request, ticket);
      else random(this.dialog, request, ticket);
    } catch (error) {
      ticket.failed(this.asChatError(error));
    }
  }

  answerSend(request: RequestOf<PipelinedCommand>, { seq, to, live }: Sent): void {
    if (request.command === 'random') this.dialog.reply(200, `${seq} ${to}`);
    else if (live) this.dialog.reply(200, `${seq} live`);
    else this.dialog.reply(202, `${seq} queued`);
  }

  sendSettled(): void {
    const { waiting } = this;
    if (waiting !== undefined && this.sends.count === 0) {
      this.waiting = undefined;
      this.run(waiting);
    }
    this.intake.proceed();
  }

  private run(parsed: ParsedRequest): void {
    if ('error' in parsed) {
      this.fail(parsed.spec, parsed.error);
      return;
    }
    try {
      const done = this.carryOut(parsed.spec, parsed.request);
      if (done instanceof Promise) void this.finish(parsed.spec, done);
    } catch (error) {
      this.fail(parsed.spec, this.asChatError(error));
    }
  }

  private async finish(spec: CommandSpec, done: Promise<void>): Promise<void> {
    this.isBusy = true;
    try {
      await done;
    } catch (error) {
      this.fail(spec, this.asChatError(error));
    } finally {
      this.isBusy = false;
      this.intake.proceed();
    }
  }

  private carryOut(spec: CommandSpec, request: Request): void | Promise<void> {
    if (spec.needsLogin) this.dialog.requireSession();
    // TypeScript cannot tell that a table's entry and its key's request belong together.
    const handler = handlers[request.command as keyof typeof handlers] as (
      dialog: Dialog,
      request: Request,
    ) => void | Promise<void>;
    return handler(this.dialog, request);
  }

  /** Answers with a failure in the shape of the command's reply. */
  fail(spec: CommandSpec | undefined, error: ChatError): void {
    if (this.connection.isGone) return;
    if (this.dialog.outlet.isInBurst) {
      // Its status line has gone out long ago: the block is ended and the failure told as an event.
      this.dialog.outlet.burstEnd();
      this.dialog.outlet.fail(error);
    } else if (spec?.reply === 'none') {
      this.dialog.outlet.fail(error);
    } else {
      writeStatus(this.connection.out, error.status, error.message);
      if (spec?.reply === 'block') writeBlockEnd(this.connection.out);
    }
    if (error.fatal) this.connection.end();
  }

  private asChatError(error: unknown): ChatError {
    if (error instanceof ChatError) return error;
    this.chat.logger.error('request_failed', error);
    return new ChatError('internal', {}, { cause: error });
  }
}

/** How one send is answered: an object for each, where closures would be three. */
class SendReply implements SendReplier {
  constructor(
    private readonly conversation: CmapConversation,
    private readonly spec: CommandSpec,
    private readonly request: RequestOf<PipelinedCommand>,
  ) {}

  sent(result: Sent): void {
    this.conversation.answerSend(this.request, result);
  }

  failed(error: ChatError): void {
    this.conversation.fail(this.spec, error);
  }
}

/** Enough of a line that is too long to tell which command it was. */
const headBytes = 16;

function isPipelined(request: Request): request is RequestOf<PipelinedCommand> {
  return request.command === 'send' || request.command === 'random';
}
