/** The port that speaks the nick room's wire. @see docs/protocols/nickroom.md */

import type { Chat } from '../../core/chat';
import { TcpListener } from '../tcp-listener';
import { lobby, NickroomConversation } from './conversation';

export interface NickroomListenerOptions {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly connectionsMax: number;
  /** Messages of the room that a newcomer gets, 0 or more. */
  readonly historyMessages: number;
}

/** Makes the room if it is not there. Rejects with Node's error when the port cannot be had.
 *  @throws ChatError store_failed */
export async function openNickroomListener(chat: Chat, options: NickroomListenerOptions): Promise<TcpListener> {
  const { host, port, connectionsMax, historyMessages } = options;
  await chat.rooms.ensure(lobby);
  const listener = await TcpListener.open({
    host,
    port,
    connectionsMax,
    // HELLO would be taken for a welcome.
    refusal: '',
    begin: (connection) => new NickroomConversation({ chat, historyMessages }, connection),
    clock: chat.clock,
    logger: chat.logger,
  });
  chat.onRelief(() => listener.resumeAll());
  return listener;
}
