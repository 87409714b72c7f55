/** A chatbot conversation: requests in, answers out, in the same order.
 *
 *  Sends are pipelined: each goes to the store at once and is echoed when it is on disk. Every other request waits until
 *  the sends before it are answered, and nothing after it is taken until it is carried out.
 *  @see docs/protocols/chatbot.md */

import { ChatError } from '../../../shared/errors';
import { bounds, limits } from '../../../shared/limits';
import { isSameName } from '../../../shared/names';
import type { Chat } from '../../core/chat';
import type { Session } from '../../core/session';
import type { Connection, Conversation } from '../connection';
import { type FrameTaker, Intake } from '../intake';
import { PendingSends } from '../pending-sends';
import { whenTaken } from '../when-taken';
import {
  type ChatbotRequest,
  type DecodedFrame,
  FrameDecoder,
  type SendFrame,
  writeListResponse,
  writeResponse,
  writeSend,
} from './codec';
import { namesMatching } from './names-matching';
import { ChatbotOutlet } from './outlet';
import { tellings, textOf } from './tellings';

/** What waits for the sends before it. */
type HeldFrame = Exclude<ChatbotRequest, SendFrame> | ChatError;

const dataBytesMaxAfterLogin = limits.headBytesMax + limits.bodyBytesMax;

export class ChatbotConversation implements Conversation, FrameTaker<DecodedFrame> {
  private readonly outlet: ChatbotOutlet;
  private readonly frames = new FrameDecoder(limits.lineBytesMaxBeforeLogin);
  private readonly intake: Intake<DecodedFrame>;
  private readonly sends = new PendingSends(this);
  private session: Session | undefined;
  /** Taken, and held until the sends before it are answered. */
  private waiting: HeldFrame | undefined;
  private isBusy = false;

  constructor(
    private readonly chat: Chat,
    private readonly connection: Connection,
  ) {
    this.outlet = new ChatbotOutlet(connection, (reason) => {
      this.setSession(undefined);
      this.fail(new ChatError(reason));
      connection.end();
    });
    this.intake = new Intake(connection, this.frames, this);
  }

  get isLoggedIn(): boolean {
    return this.session !== undefined;
  }

  data(chunk: Uint8Array): void {
    this.intake.data(chunk);
  }

  inputEnded(): void {
    this.intake.inputEnded();
  }

  resume(): void {
    this.session?.resume();
    this.intake.proceed();
  }

  leave(): void {
    this.session?.end();
    this.setSession(undefined);
  }

  closed(): void {
    this.leave();
  }

  beforeFlush(): (() => void) | undefined {
    return whenTaken(this.session);
  }

  /** Whatever stood here would be taken for the answer to a request that is under way. */
  announceClosing(): void {}

  announceIdle(): void {
    this.fail(new ChatError('idle'));
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

  take(frame: DecodedFrame): void {
    if (!(frame instanceof ChatError) && frame.command === 'send') this.startSend(frame);
    else if (this.sends.count > 0) this.waiting = frame;
    else void this.run(frame);
  }

  /** The echo has the names as the client wrote them. */
  private startSend(frame: SendFrame): void {
    const ticket = this.sends.add({
      sent: () => {
        if (!this.connection.isEnding) writeSend(this.connection.out, frame);
      },
      failed: (error) => this.fail(error),
    });
    try {
      const session = this.requireSession();
      if (!isSameName(frame.sender, session.account.name)) throw this.alreadyLoggedIn(session);
      this.chat.messages.send({ session, to: frame.recipient, key: undefined, body: frame.message, ticket });
    } catch (error) {
      ticket.failed(this.asChatError(error));
    }
  }

  sendSettled(): void {
    const { waiting } = this;
    if (waiting !== undefined && this.sends.count === 0) {
      this.waiting = undefined;
      void this.run(waiting);
    }
    this.intake.proceed();
  }

  private async run(frame: HeldFrame): Promise<void> {
    this.isBusy = true;
    try {
      if (frame instanceof ChatError) throw frame;
      await this.carryOut(frame);
    } catch (error) {
      this.fail(this.asChatError(error));
    } finally {
      this.isBusy = false;
      this.intake.proceed();
    }
  }

  private async carryOut(request: Exclude<HeldFrame, ChatError>): Promise<void> {
    const { accounts } = this.chat;
    switch (request.command) {
      case 'create':
        this.requireNoSession();
        await accounts.createOpen(request.username);
        return this.enter(request.username);
      case 'login':
        this.requireNoSession();
        return this.enter(request.username);
      case 'list': {
        const names = await namesMatching(accounts, request.pattern);
        // Not before the names are there: what is written to an outbox that has left meanwhile is lost.
        return writeListResponse(this.connection.out, names);
      }
      case 'deliver':
        return this.deliver(this.requireSession());
      case 'delete':
        await accounts.removeOwn({ session: this.requireSession(), outlet: this.outlet, burst: false });
        this.setSession(undefined);
    }
  }

  private async enter(username: string): Promise<void> {
    this.outlet.username = username;
    const session = await this.chat.accounts.loginOpen({
      username,
      device: undefined,
      explicitAck: false,
      wantsReceipts: false,
      takeover: false,
      outlet: this.outlet,
      isGone: () => this.connection.isEnding,
    });
    if (session === undefined) return;
    this.setSession(session);
    try {
      await session.goLiveBeyondBacklog();
    } catch (error) {
      this.leave();
      throw error;
    }
    writeResponse(this.connection.out, success);
  }

  private async deliver(session: Session): Promise<void> {
    if (await session.burst()) session.goLive();
  }

  private setSession(session: Session | undefined): void {
    this.session = session;
    this.frames.dataBytesMax = session === undefined ? limits.lineBytesMaxBeforeLogin : dataBytesMaxAfterLogin;
  }

  private requireSession(): Session {
    if (this.session === undefined) throw new ChatError('not_logged_in');
    return this.session;
  }

  private requireNoSession(): void {
    if (this.session !== undefined) throw this.alreadyLoggedIn(this.session);
  }

  private alreadyLoggedIn({ account }: Session): ChatError {
    return new ChatError('already_logged_in', { name: account.name });
  }

  private fail(error: ChatError): void {
    if (this.connection.isEnding) return;
    writeResponse(this.connection.out, textOf(error));
    if (tellings[error.code].closes) this.connection.end();
  }

  private asChatError(error: unknown): ChatError {
    if (error instanceof ChatError) return error;
    this.chat.logger.error('request_failed', error);
    return new ChatError('internal', {}, { cause: error });
  }
}

const success = '';
