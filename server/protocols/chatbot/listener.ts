/** The port that speaks the chatbot wire. @see docs/protocols/chatbot.md */

import { ByteWriter } from '../../../shared/bytes';
import { ChatError } from '../../../shared/errors';
import type { Chat } from '../../core/chat';
import { TcpListener } from '../tcp-listener';
import { writeResponse } from './codec';
import { ChatbotConversation } from './conversation';
import { textOf } from './tellings';

export interface ChatbotListenerOptions {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly connectionsMax: number;
}

/** Rejects with Node's error when the port cannot be had. */
export async function openChatbotListener(chat: Chat, options: ChatbotListenerOptions): Promise<TcpListener> {
  const refusal = new ByteWriter();
  writeResponse(refusal, textOf(new ChatError('connections_too_many')));
  const listener = await TcpListener.open({
    ...options,
    refusal: refusal.take(),
    begin: (connection) => new ChatbotConversation(chat, connection),
    clock: chat.clock,
    logger: chat.logger,
  });
  chat.onRelief(() => listener.resumeAll());
  return listener;
}
