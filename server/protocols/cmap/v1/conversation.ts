/** A version 1 conversation: each read of the connection is a request, answered before the next is looked at.
 *  @see docs/protocol.md#version-1-classic */

import { decodeText, encodeText, isPlainUtf8 } from '../../../../shared/bytes';
import { ChatError, type ErrorCode } from '../../../../shared/errors';
import { bounds, limits } from '../../../../shared/limits';
import { isSameName } from '../../../../shared/names';
import type { Chat } from '../../../core/chat';
import type { Sent } from '../../../core/service/messages';
import type { Session } from '../../../core/session';
import type { Connection, Conversation } from '../../connection';
import { whenTaken } from '../../when-taken';
import {
  type ClassicCommand,
  type ClassicRequest,
  classicCommandOf,
  endsInBurst,
  parseClassic,
  sentences,
  splitRequests,
  usageText,
} from './codec';
import { type BurstOf, ClassicOutlet } from './outlet';
import { writeAligned, writeBurstEnd } from './read-alignment';

/** The sentence for a failure that a command has one for; for any other failure the error's own sentence is sent. */
const failureSentences: { readonly [C in ClassicCommand]?: { readonly [E in ErrorCode]?: string } } = {
  create: { name_taken: sentences.nameTaken },
  login: {
    credentials_wrong: sentences.loginFailed,
    logged_in_elsewhere: sentences.loginFailed,
    already_logged_in: sentences.alreadyLoggedIn,
  },
  send: {
    recipient_unknown: sentences.recipientUnknown,
    name_invalid: sentences.recipientUnknown,
    room_name_invalid: sentences.recipientUnknown,
    not_logged_in: sentences.loginToSend,
  },
  deliver: { credentials_wrong: sentences.deliverFailed, not_logged_in: sentences.loginToReceive },
  delete: { credentials_wrong: sentences.deleteFailed, logged_in_elsewhere: sentences.loggedInElsewhere },
};

/** What came that is no text of a request, with the command that it names. */
interface Refused {
  readonly error: ChatError;
  readonly command: ClassicCommand | undefined;
}

export class ClassicConversation implements Conversation {
  private readonly outlet: ClassicOutlet;
  private session: Session | undefined;
  /** Requests that came while another was being answered, and what came that is none. */
  private readonly requests: (string | Refused)[] = [];
  /** Of the reads that they came in. */
  private waitingBytes = 0;
  private isBusy = false;
  private hasInputEnded = false;

  constructor(
    private readonly chat: Chat,
    private readonly connection: Connection,
  ) {
    this.outlet = new ClassicOutlet(connection, () => {
      this.session = undefined;
    });
  }

  get isLoggedIn(): boolean {
    return this.session !== undefined;
  }

  data(chunk: Uint8Array): void {
    for (const request of splitRequests(chunk)) this.requests.push(this.checked(request));
    this.waitingBytes += chunk.length;
    if (this.requests.length > bounds.classicRequestsMax || this.waitingBytes > this.requestBytesMax) {
      this.connection.stopReading();
    }
    void this.proceed();
  }

  inputEnded(): void {
    this.hasInputEnded = true;
    void this.proceed();
  }

  resume(): void {
    this.session?.resume();
    void this.proceed();
  }

  leave(): void {
    this.session?.end();
    this.session = undefined;
  }

  closed(): void {
    this.leave();
  }

  beforeFlush(): (() => void) | undefined {
    this.outlet.beforeFlush();
    return whenTaken(this.session);
  }

  /** There is no line on this wire that would not be taken for an answer. */
  announceClosing(): void {}
  announceIdle(): void {}

  private async proceed(): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    while (this.mayAnswer()) await this.answer(this.requests.shift() as string | Refused);
    this.isBusy = false;
    if (this.requests.length > 0) return;
    this.waitingBytes = 0;
    if (this.hasInputEnded) this.connection.end();
    else this.connection.readOn();
  }

  private get requestBytesMax(): number {
    return this.isLoggedIn ? limits.headBytesMax + limits.bodyBytesMax : limits.lineBytesMaxBeforeLogin;
  }

  /** A request's text, or why it has none. */
  private checked(request: Uint8Array): string | Refused {
    if (request.length > this.requestBytesMax) return refused(request, 'line_too_long');
    if (!isPlainUtf8(request)) return refused(request, 'encoding_invalid');
    return decodeText(request);
  }

  private mayAnswer(): boolean {
    return this.requests.length > 0 && !this.connection.isEnding && this.connection.hasRoom && !this.chat.isCongested();
  }

  private async answer(came: string | Refused): Promise<void> {
    if (typeof came !== 'string') {
      this.say(came.error.message, came.command);
      if (came.error.fatal) this.connection.end();
      return;
    }
    const parsed = parseClassic(came);
    if ('request' in parsed) {
      await this.carryOut(parsed.request);
      return;
    }
    if (parsed.failure === 'version') {
      this.say(sentences.versionUnknown);
      this.connection.end();
    } else if (parsed.failure === 'command') this.say(sentences.commandUnknown);
    else this.say(usageText, parsed.command);
  }

  private async carryOut(request: ClassicRequest): Promise<void> {
    try {
      await this.handlers[request.command](...request.arguments);
    } catch (error) {
      if (this.connection.isGone) return;
      const known = this.asChatError(error);
      const sentence = failureSentences[request.command]?.[known.code] ?? known.message;
      this.outlet.forgetBurst();
      this.say(sentence, request.command);
    }
  }

  private say(text: string, command?: ClassicCommand): void {
    const { out } = this.connection;
    writeAligned(out, text);
    if (command !== undefined && endsInBurst(command)) writeBurstEnd(out);
  }

  private asChatError(error: unknown): ChatError {
    if (error instanceof ChatError) return error;
    this.chat.logger.error('request_failed', error);
    return new ChatError('internal', {}, { cause: error });
  }

  /** By command; the number of arguments was checked by the codec. */
  private readonly handlers: { readonly [C in ClassicCommand]: (...given: string[]) => Promise<void> } = {
    create: async (username = '', password = '') => {
      await this.chat.accounts.create(username, password);
      this.say(sentences.created);
    },
    list: async (pattern) => {
      const { names } = await this.chat.accounts.list(pattern, undefined);
      this.say(names.length === 0 ? sentences.nobodyListed : names.join('\n'));
    },
    login: (username = '', password = '') => this.login(username, password),
    send: async (to = '', body = '') => {
      const { session } = this;
      if (session === undefined) throw new ChatError('not_logged_in');
      await this.send(session, to, body);
    },
    delete: (username = '', password = '') => this.delete(username, password),
    deliver: async (username = '', password = '') => {
      const account = await this.chat.accounts.check(username, password);
      if (this.session?.account.id !== account.id) throw new ChatError('not_logged_in');
      await this.burst('deliver', this.session);
    },
    help: async () => this.say(usageText),
  };

  private async login(username: string, password: string): Promise<void> {
    if (this.session !== undefined) throw new ChatError('already_logged_in');
    const session = await this.chat.accounts.login({
      username,
      password,
      device: undefined,
      explicitAck: false,
      wantsReceipts: false,
      takeover: false,
      outlet: this.outlet,
      isGone: () => this.connection.isGone,
    });
    if (session === undefined) return;
    this.session = session;
    try {
      await this.burst('login', session);
    } catch (error) {
      session.end();
      this.session = undefined;
      throw error;
    }
  }

  private async delete(username: string, password: string): Promise<void> {
    const { session } = this;
    if (session !== undefined) {
      const isOwn = isSameName(session.account.name, username);
      if (await this.isInUseElsewhere(session, username, password)) throw new ChatError('logged_in_elsewhere');
      this.say(isOwn ? sentences.deleteOwn : sentences.deleteOther, 'delete');
      return;
    }
    this.outlet.expectBurst('delete');
    const isDeleted = await this.chat.accounts.delete({ username, password, own: undefined, outlet: this.outlet });
    if (!isDeleted) throw new ChatError('logged_in_elsewhere');
    this.outlet.burstEnd();
  }

  /** Only the right password tells whether another client is logged in to the account.
   *  @throws ChatError directory_unavailable, busy */
  private async isInUseElsewhere(session: Session, username: string, password: string): Promise<boolean> {
    try {
      const account = await this.chat.accounts.check(username, password);
      return this.chat.accounts.isLoggedInBesides(account, session);
    } catch (error) {
      if (error instanceof ChatError && error.code === 'credentials_wrong') return false;
      throw error;
    }
  }

  private async burst(of: BurstOf, session: Session): Promise<void> {
    this.outlet.expectBurst(of);
    if (!(await session.burst())) return;
    this.outlet.burstEnd();
    session.goLive();
  }

  /** The answer is written at once when the message is on disk: before it comes back as one to oneself. */
  private send(session: Session, to: string, body: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const sent = ({ live }: Sent): void => {
        this.say(live ? sentences.delivered : sentences.queued);
        resolve();
      };
      this.chat.messages.send({
        session,
        to,
        key: undefined,
        body: encodeText(body),
        ticket: { sent, failed: reject },
      });
    });
  }
}

function refused(request: Uint8Array, code: 'line_too_long' | 'encoding_invalid'): Refused {
  return { error: new ChatError(code), command: classicCommandOf(request) };
}
