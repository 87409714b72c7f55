/** What is written to a client, as text frames of both dialects. The keys stand in the order in which the tables of
 *  docs/protocols/chateau.md give them; what is added to those stands behind. */

import { decodeText } from '../../../shared/bytes';
import { ChatError } from '../../../shared/errors';
import { type DestinationName, isRoomName, type Username } from '../../../shared/names';
import type { AddressedMessage, Message, Seq } from '../../core/ports';
import { chatOfRoom } from './chat-names';
import type { Dialect, RequestId } from './codec';
import type { RequestType } from './requests';
import { firstMessageStatus, okStatus, statusOf } from './statuses';
import type { Way } from './ways';

/** Who asked, and how: what an answer needs. */
export interface Asked {
  readonly type: RequestType;
  readonly dialect: Dialect;
  readonly id: RequestId | undefined;
}

/** A success. `facts` are what both dialects tell; `more` the named one alone. */
export function successText({ type, dialect, id }: Asked, facts: object = {}, more: object = {}): string {
  if (dialect === 'numeric') return JSON.stringify({ status: okStatus, ...facts, id });
  return JSON.stringify({ type: responseType(type), status: okStatus, ...facts, ...more, id });
}

function responseType(type: RequestType): string {
  return type.endsWith('Request') ? `${type.slice(0, -'Request'.length)}Response` : `${type}Response`;
}

/** A failure that answers a request, or a frame that is none. */
export function failureText(error: ChatError, dialect: Dialect, id: RequestId | undefined): string {
  const status = statusOf(error.code, dialect);
  if (dialect === 'numeric') return JSON.stringify({ status, id });
  return JSON.stringify({ type: 'ErrorResponse', status, message: messageOf(error), code: error.code, id });
}

/** What nobody asked for: the session was ended, the server closes. The numeric dialect has no word for it. */
export function noticeText(error: ChatError): string {
  return JSON.stringify({
    type: 'NoticeEvent',
    status: statusOf(error.code, 'named'),
    message: messageOf(error),
    code: error.code,
  });
}

/** Everything that was sent to `recipient` up to `seq` has arrived. */
export function receiptText(recipient: DestinationName, seq: Seq): string {
  return JSON.stringify({ type: 'ReceiptEvent', status: okStatus, recipient, seq });
}

/** A message for `me`, from its log `log`. */
export function messageText(
  dialect: Dialect,
  { me, message, log, way }: { me: Username; message: Message; log: DestinationName; way: Way | undefined },
): string {
  const { seq, from: sender, at: time } = message;
  const content = decodeText(message.body);
  const status = okStatus;
  const chatname = isRoomName(log) ? chatOfRoom(log) : undefined;
  if (dialect === 'numeric') {
    if (way?.kind === 'random') return JSON.stringify({ status, type: 5, sender, content });
    const clients = way === undefined ? [me] : way.clients;
    return JSON.stringify({ status, type: 3, sender, clients, content, chatname });
  }
  if (chatname !== undefined) {
    const first = seq === 1 ? firstMessageStatus : okStatus;
    return JSON.stringify({ type: 'GroupMessageRecv', status: first, sender, content, chatname, log, seq, time });
  }
  const type = way?.kind === 'random' ? 'RandomMessageRecv' : 'SingleMessageRecvResponse';
  return JSON.stringify({ type, status, sender, content, log, seq, time });
}

/** A message of a conversation or of a chat, as history tells of it. */
export function pastMessage({ seq, at: time, from: sender, to, body }: AddressedMessage): object {
  const content = decodeText(body);
  if (isRoomName(to)) return { sender, content, chatname: chatOfRoom(to), log: to, seq, time };
  return { sender, recipient: to, content, log: to, seq, time };
}

/** The sentence of a failure, with chats called by their own names. */
function messageOf(error: ChatError): string {
  const { name } = error.detail;
  if (name === undefined || !isRoomName(name)) return error.message;
  return new ChatError(error.code, { ...error.detail, name: chatOfRoom(name) }).message;
}
