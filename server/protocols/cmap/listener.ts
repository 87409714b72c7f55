/** The port that speaks cmap in both versions, and lends itself to whatever begins with other bytes.
 *  @see docs/protocol.md#one-port */

import { ChatError } from '../../../shared/errors';
import { writeNotice } from '../../../shared/reply';
import type { Chat } from '../../core/chat';
import type { Connection, Conversation } from '../connection';
import { TcpListener } from '../tcp-listener';
import { type Speaker, sniff } from './sniff';
import { ClassicConversation } from './v1/conversation';
import { CmapConversation } from './v2/conversation';

export interface CmapListenerOptions {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly connectionsMax: number;
}

/** Rejects with Node's error when the port cannot be had. */
export async function openCmapListener(chat: Chat, options: CmapListenerOptions): Promise<TcpListener> {
  const refusal = new ChatError('connections_too_many');
  const listener = await TcpListener.open({
    ...options,
    refusal: `! ${refusal.status} ${refusal.message}\r\n`,
    begin: (connection) => new UnknownSpeaker(chat, connection),
    clock: chat.clock,
    logger: chat.logger,
  });
  chat.onRelief(() => listener.resumeAll());
  return listener;
}

/** A browser that comes here is told what this is until there is a page for it. */
const httpAnswer = [
  'HTTP/1.1 501 Not Implemented',
  'Content-Type: text/plain; charset=utf-8',
  'Connection: close',
  '',
  'This is a chateau chat server. It speaks cmap here: connect with its client, or with nc.',
  '',
].join('\r\n');

/** A connection that has not said enough yet to tell what it speaks. */
class UnknownSpeaker implements Conversation {
  private heard = new Uint8Array(0);
  readonly isLoggedIn = false;

  constructor(
    private readonly chat: Chat,
    private readonly connection: Connection,
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

  /** To whoever this is, in version 2's words: it has said nothing that an answer could be taken for. */
  announceClosing(seconds: number): void {
    const closing = new ChatError('closing', { seconds });
    writeNotice(this.connection.out, closing.status, closing.message);
  }

  announceIdle(): void {}

  private handOver(speaker: Speaker): void {
    if (speaker === 'http') {
      this.connection.out.text(httpAnswer);
      this.connection.end();
      return;
    }
    // Until there is a certificate nobody here can answer it, and it would wait for an answer.
    if (speaker === 'tls') {
      this.connection.end();
      return;
    }
    const next =
      speaker === 'classic'
        ? new ClassicConversation(this.chat, this.connection)
        : new CmapConversation(this.chat, this.connection);
    this.connection.converse(next);
    next.data(this.heard);
  }
}
