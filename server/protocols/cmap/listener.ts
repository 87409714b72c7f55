/** The port that speaks cmap in both versions, and lends itself to whatever begins with other bytes.
 *  @see docs/protocol.md#one-port */

import type { Duplex } from 'node:stream';
import { ChatError } from '../../../shared/errors';
import { writeNotice, writeStatus } from '../../../shared/reply';
import type { Chat } from '../../core/chat';
import type { Connection, Conversation } from '../connection';
import { TcpListener } from '../tcp-listener';
import type { TlsMaterial } from '../tls-material';
import { TlsTerminator } from '../tls-terminator';
import { type Speaker, sniff } from './sniff';
import { ClassicConversation } from './v1/conversation';
import { CmapConversation } from './v2/conversation';

/** Takes over a connection, paused, that will give what it has given once more. */
type TakeSocket = (socket: Duplex) => void;

export interface CmapListenerOptions {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Of all protocols of this port together. */
  readonly connectionsMax: number;
  /** Takes over who speaks HTTP. Without it such a connection is closed. */
  readonly http?: TakeSocket | undefined;
  /** Without it a connection that begins with a TLS hello is closed. */
  readonly tls?: TlsMaterial | undefined;
}

/** Rejects with Node's error when the port cannot be had. */
export async function openCmapListener(chat: Chat, options: CmapListenerOptions): Promise<TcpListener> {
  const { host, port, connectionsMax, http, tls } = options;
  const refusal = new ChatError('connections_too_many');
  const inTheClear: Takers = { http, tls: undefined };
  const terminator =
    tls &&
    new TlsTerminator(tls, (socket) => {
      listener.converse(socket, (connection) => new UnknownSpeaker(chat, connection, inTheClear));
    });
  const takers: Takers = { http, tls: terminator && ((socket) => terminator.accept(socket)) };
  const listener = await TcpListener.open({
    host,
    port,
    connectionsMax,
    refusal: `! ${refusal.status} ${refusal.message}\r\n`,
    begin: (connection) => new UnknownSpeaker(chat, connection, takers),
    clock: chat.clock,
    logger: chat.logger,
  });
  chat.onRelief(() => listener.resumeAll());
  return listener;
}

/** Who takes over what is not cmap. */
type Takers = Readonly<Record<'http' | 'tls', TakeSocket | undefined>>;

/** A connection that has not said enough yet to tell what it speaks. */
class UnknownSpeaker implements Conversation {
  private heard = new Uint8Array(0);
  readonly isLoggedIn = false;

  constructor(
    private readonly chat: Chat,
    private readonly connection: Connection,
    private readonly takers: Takers,
  ) {}

  data(chunk: Uint8Array): void {
    const heard = new Uint8Array(this.heard.length + chunk.length);
    heard.set(this.heard);
    heard.set(chunk, this.heard.length);
    this.heard = heard;
    const speaker = sniff(heard);
    if (speaker !== undefined) this.handOver(speaker);
  }

  /** What was said was no line of any kind. */
  inputEnded(): void {
    this.connection.end();
  }

  resume(): void {}
  leave(): void {}
  closed(): void {}
  beforeFlush(): undefined {}

  announceClosing(seconds: number): void {
    this.tell(new ChatError('closing', { seconds }));
  }

  announceIdle(): void {
    this.tell(new ChatError('idle'));
  }

  /** To whoever this is, in version 2's words: it has said nothing that an answer could be taken for. */
  private tell(error: ChatError): void {
    writeNotice(this.connection.out, error.status, error.message);
  }

  private handOver(speaker: Speaker): void {
    if (speaker === 'http' || speaker === 'tls') {
      this.release(speaker);
      return;
    }
    if (speaker === 'binary') {
      this.refuse(new ChatError('encoding_invalid'));
      return;
    }
    const next =
      speaker === 'classic'
        ? new ClassicConversation(this.chat, this.connection)
        : new CmapConversation(this.chat, this.connection);
    this.connection.converse(next);
    next.data(this.heard);
  }

  /** Answers as version 2 does. Without an answer the client of a binary protocol would wait for one forever. */
  private refuse(error: ChatError): void {
    writeStatus(this.connection.out, error.status, error.message);
    this.connection.end();
  }

  private release(speaker: keyof Takers): void {
    const take = this.takers[speaker];
    // Without anybody who understands it, it would wait for an answer.
    if (take === undefined) this.connection.end();
    else take(this.connection.release(this.heard));
  }
}
