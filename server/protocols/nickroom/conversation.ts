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
import {
  type DecodedPacket,
  messageIn,
  nicknameIn,
  PacketDecoder,
  packetBytesMax,
  timestampOf,
  writeMessage,
  writeWord,
} from './codec';
import { NickroomOutlet } from './outlet';
import { messageOf } from './tellings';

/** The room that everybody on this wire is in. */
export const lobby = '#lobby';

const words = { hello: 'HELLO', nick: 'NICK', ready: 'READY', retry: 'RETRY' } as const;
const goodbye = 'BYE';
/** Nobody can have this name: it is reserved. */
const serverName = 'server';

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
    this.outlet = new NickroomOutlet(connection, (reason) => {
      this.say(new ChatError(reason));
      connection.end();
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

  beforeFlush(): (() => void) | undefined {
    return whenTaken(this.session);
  }

  announceClosing(seconds: number): void {
    this.say(new ChatError('closing', { seconds }));
  }

  /** Only who is not READY is ever idle, and has no form for it. */
  announceIdle(): void {}

  get mayTake(): boolean {
    return (
      !this.isBusy &&
      this.sendsPending < bounds.pipelinedSendsMax &&
      this.connection.hasRoom &&
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
      this.say(this.asChatError(error));
    }
  }

  private send(session: Session, message: string): void {
    const settled = (error?: ChatError): void => {
      this.sendsPending -= 1;
      if (error !== undefined) this.say(error);
      this.intake.proceed();
    };
    const ticket = { sent: () => settled(), failed: settled };
    this.needs.chat.messages.send({ session, to: lobby, key: undefined, body: encodeText(message), ticket });
    this.sendsPending += 1;
  }

  /** A message from the server to this connection alone. */
  private say(error: ChatError): void {
    if (!this.isReady || this.connection.isEnding) return;
    const timestamp = timestampOf(this.needs.chat.clock.now());
    writeMessage(this.connection.out, { timestamp, nickname: serverName, message: messageOf(error) });
  }

  private asChatError(error: unknown): ChatError {
    if (error instanceof ChatError) return error;
    this.needs.chat.logger.error('request_failed', error);
    return new ChatError('internal', {}, { cause: error });
  }
}

const empty = new Uint8Array(0);
