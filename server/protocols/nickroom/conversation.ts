/** A nick room conversation: a name is asked for until one is free, then everybody talks in one room.
 *  @see docs/protocols/nickroom.md */

import { encodeText } from '../../../shared/bytes';
import { ChatError } from '../../../shared/errors';
import { bounds, limits } from '../../../shared/limits';
import type { Chat } from '../../core/chat';
import type { Session } from '../../core/session';
import type { Connection, Conversation } from '../connection';
import { type FrameTaker, Intake } from '../intake';
import { whenTaken } from '../when-taken';
import { type DecodedPacket, messageIn, nicknameIn, PacketDecoder, packetBytesMax, writeWord } from './codec';
import { NickroomOutlet } from './outlet';

/** The room that everybody on this wire is in. */
export const lobby = '#lobby';

const words = { hello: 'HELLO', nick: 'NICK', ready: 'READY', retry: 'RETRY' } as const;
const goodbye = 'BYE';

export interface NickroomNeeds {
  readonly chat: Chat;
  /** Messages of the room that a newcomer gets, 0 or more. */
  readonly historyMessages: number;
}

export class NickroomConversation implements Conversation, FrameTaker<DecodedPacket> {
  private readonly outlet: NickroomOutlet;
  private readonly packets = new PacketDecoder(limits.lineBytesMaxBeforeLogin);
  private readonly intake: Intake<DecodedPacket>;
  private session: Session | undefined;
  /** The guest has been told READY. */
  private isReady = false;
  private isBusy = false;
  private sendsPending = 0;

  constructor(
    private readonly needs: NickroomNeeds,
    private readonly connection: Connection,
  ) {
    const { chat, historyMessages } = needs;
    this.outlet = new NickroomOutlet({
      connection,
      clock: chat.clock,
      historyMessages,
      onEnded: (reason) => {
        if (this.canSay) this.outlet.announce(new ChatError(reason));
        connection.end();
      },
    });
    this.intake = new Intake(connection, this.packets, this);
    writeWord(connection.out, words.hello);
    writeWord(connection.out, words.nick);
  }

  get isLoggedIn(): boolean {
    return this.isReady;
  }

  data(chunk: Uint8Array): void {
    this.intake.data(chunk);
  }

  inputEnded(): void {
    this.intake.inputEnded();
  }

  resume(): void {
    if (this.canSay) this.outlet.resume();
    this.session?.resume();
    this.intake.proceed();
  }

  leave(): void {
    this.session?.end();
    this.session = undefined;
  }

  closed(): void {
    this.leave();
  }

  beforeFlush(): () => void {
    const [mark, timing] = [whenTaken(this.session), this.outlet.beforeFlush()];
    return () => {
      mark?.();
      timing();
    };
  }

  announceClosing(seconds: number): void {
    if (this.canSay) this.outlet.announce(new ChatError('closing', { seconds }));
  }

  /** Only a client that has not chosen a name yet is closed for silence, and there is no packet that says so. */
  announceIdle(): void {}

  /** RETRY and READY are answers, and wait for a client that does not read. A message has none: it is taken all the same. */
  get mayTake(): boolean {
    return (
      !this.isBusy &&
      this.sendsPending < bounds.pipelinedSendsMax &&
      (this.isReady || this.connection.hasRoom) &&
      !this.needs.chat.isCongested()
    );
  }

  get isSettled(): boolean {
    return this.sendsPending === 0;
  }

  take(content: DecodedPacket): void {
    if (content === 'no_packet') this.connection.end();
    else if (!this.isReady) void this.choose(content === 'too_long' ? '' : nicknameIn(content));
    else if (this.session !== undefined) this.takeMessage(this.session, content);
  }

  private async choose(nickname: string): Promise<void> {
    this.isBusy = true;
    try {
      await this.enter(nickname);
    } catch (error) {
      this.leave();
      if (!(error instanceof ChatError)) this.needs.chat.logger.error('request_failed', error);
      if (!this.connection.isEnding) writeWord(this.connection.out, words.retry);
    } finally {
      this.isBusy = false;
      this.intake.proceed();
    }
  }

  /** READY is written when nothing can fail any more, and before the first message is. */
  private async enter(nickname: string): Promise<void> {
    const { chat, historyMessages } = this.needs;
    const isGone = (): boolean => this.connection.isEnding;
    const session = await chat.guests.enter({ name: nickname, outlet: this.outlet, isGone });
    if (session === undefined) return;
    this.session = session;
    await chat.rooms.enter(session, lobby, { historyMax: historyMessages });
    if (session.isEnded || this.connection.isEnding) {
      session.end();
      return;
    }
    this.isReady = true;
    this.packets.contentBytesMax = packetBytesMax;
    writeWord(this.connection.out, words.ready);
    session.goLive();
  }

  private takeMessage(session: Session, content: Uint8Array | 'too_long'): void {
    try {
      const message = messageIn(content === 'too_long' ? empty : content);
      if (message === goodbye) this.intake.finish();
      else this.send(session, message);
    } catch (error) {
      this.fail(this.asChatError(error));
    }
  }

  private send(session: Session, message: string): void {
    const settled = (error?: ChatError): void => {
      this.sendsPending -= 1;
      if (error !== undefined) this.fail(error);
      this.intake.proceed();
    };
    const ticket = { sent: () => settled(), failed: settled };
    this.needs.chat.messages.send({ session, to: lobby, key: undefined, body: encodeText(message), ticket });
    this.sendsPending += 1;
  }

  /** Whether a message of the server would be understood, and still leaves. */
  private get canSay(): boolean {
    return this.isReady && !this.connection.isEnding;
  }

  private fail(error: ChatError): void {
    if (this.canSay) this.outlet.fail(error);
  }

  private asChatError(error: unknown): ChatError {
    if (error instanceof ChatError) return error;
    this.needs.chat.logger.error('request_failed', error);
    return new ChatError('internal', {}, { cause: error });
  }
}

const empty = new Uint8Array(0);
