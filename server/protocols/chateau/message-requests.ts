/** Requests about messages: sent to one, to several, at random; acknowledged; looked up. */

import { encodeText } from '../../../shared/bytes';
import { isSendKey } from '../../../shared/client-names';
import { ChatError } from '../../../shared/errors';
import { limits } from '../../../shared/limits';
import { isUsername, nameKey, parseDestination, type Username } from '../../../shared/names';
import type { Seq } from '../../core/ports';
import type { SendTicket, Sent } from '../../core/service/messages';
import type { Session } from '../../core/session';
import { type Asked, pastMessage } from './answers';
import { roomOfChat } from './chat-names';
import { shortened } from './codec';
import type { Dialog } from './dialog';
import type { RequestOf } from './requests';
import type { Way } from './ways';

/** @throws ChatError as Messages.send does, and then the ticket is told nothing */
export function sendToOne(dialog: Dialog, request: RequestOf<'SingleMessageRequest'>, ticket: SendTicket): void {
  const session = dialog.requireSession();
  const { recipient, content } = request;
  // What cannot be a name is nobody's.
  if (!isUsername(recipient)) throw new ChatError('recipient_unknown', { name: shortened(recipient) });
  send(dialog, { session, to: recipient, content, key: request.key }, ticket);
}

export function sendToChat(dialog: Dialog, request: RequestOf<'GroupMessageRequest'>, ticket: SendTicket): void {
  const session = dialog.requireSession();
  const { chatname, content, key } = request;
  send(dialog, { session, to: roomOfChat(chatname), content, key }, ticket);
}

export function sendAtRandom(dialog: Dialog, request: RequestOf<'RandomMessageRequest'>, ticket: SendTicket): void {
  const session = dialog.requireSession();
  const body = encodeText(request.content);
  dialog.chat.messages.sendAtRandom({ session, body, ticket: tellingWay(dialog, ticket, { kind: 'random' }) });
}

/** To each of several people a message of their own. All of them are looked up before the first one is sent to: where
 *  one does not exist nobody gets anything. */
export async function sendToClients(dialog: Dialog, request: RequestOf<'ClientsMessage'>, asked: Asked): Promise<void> {
  dialog.requireSession();
  const names = distinct(request.clients);
  const { chat } = dialog;
  for (const name of names) {
    if (!(await chat.accounts.exists(name))) throw new ChatError('recipient_unknown', { name });
  }
  await sendToAll(dialog, names, request.content, asked);
}

/** Answers before the last of them is delivered: who sends to itself alone gets the answer first. */
function sendToAll(dialog: Dialog, names: readonly string[], content: string, asked: Asked): Promise<void> {
  const session = dialog.requireSession();
  const way: Way = { kind: 'several', clients: names };
  let due = names.length;
  let failure: ChatError | undefined;
  return new Promise((resolve, reject) => {
    const settle = (error?: ChatError): void => {
      failure ??= error;
      due -= 1;
      if (due > 0) return;
      if (failure !== undefined) {
        reject(failure);
        return;
      }
      dialog.answer(asked);
      resolve();
    };
    const ticket = tellingWay(dialog, { sent: () => settle(), failed: settle }, way);
    for (const to of names) send(dialog, { session, to, content }, ticket);
  });
}

/** @throws ChatError arguments_missing, recipients_too_many */
function distinct(names: readonly string[]): string[] {
  const byKey = new Map(names.map((name) => [nameKey(name as Username), name]));
  if (byKey.size === 0) throw new ChatError('arguments_missing', { usage: 'clients must name somebody' });
  if (byKey.size > limits.recipientsMax) throw new ChatError('recipients_too_many');
  return [...byKey.values()];
}

/** Makes the chat and sends its first message; if there is such a chat already, joins it and sends there. */
export async function beginChat(
  dialog: Dialog,
  request: RequestOf<'GroupMessageInitRequest'>,
  asked: Asked,
): Promise<void> {
  const session = dialog.requireSession();
  const room = roomOfChat(request.chatname);
  checkContent(request.content);
  checkRecipients(request.recipients);
  const { rooms } = dialog.chat;
  try {
    await rooms.create(session.account, room, request.recipients);
  } catch (error) {
    if (!(error instanceof ChatError && error.code === 'name_taken')) throw error;
    await rooms.join(session.account, room);
  }
  const { to, seq } = await sent(dialog, { session: dialog.requireSession(), to: room, content: request.content });
  dialog.answer(asked, {}, { log: to, seq });
}

/** A chat must not be made for a message that cannot be sent.
 *  @throws ChatError body_empty, body_too_long, body_invalid */
function checkContent(content: string): void {
  if (content === '') throw new ChatError('body_empty');
  if (encodeText(content).length > limits.bodyBytesMax) throw new ChatError('body_too_long');
  if (content.includes('\0')) throw new ChatError('body_invalid');
}

/** What cannot be a name is nobody's.
 *  @throws ChatError account_unknown */
function checkRecipients(recipients: readonly string[]): void {
  for (const name of recipients) {
    if (!isUsername(name)) throw new ChatError('account_unknown', { name: shortened(name) });
  }
}

export function acknowledge(dialog: Dialog, request: RequestOf<'Ack'>): void {
  dialog.requireSession().acknowledge(parseDestination(request.log), request.seq as Seq);
}

export async function history(dialog: Dialog, request: RequestOf<'HistoryRequest'>, asked: Asked): Promise<void> {
  const { account } = dialog.requireSession();
  const { with: person, chatname, before, limit } = request;
  const other = chatname === undefined ? person : roomOfChat(chatname);
  if (other === undefined) throw new ChatError('arguments_missing', { usage: 'with or chatname' });
  const page = await dialog.chat.messages.history(account, other, before as Seq | undefined, limit);
  dialog.answer(asked, {}, { with: person, chatname, messages: page.map(pastMessage) });
}

interface Sending {
  readonly session: Session;
  readonly to: string;
  readonly content: string;
  readonly key?: string | undefined;
}

function send({ chat }: Dialog, { session, to, content, key }: Sending, ticket: SendTicket): void {
  if (key !== undefined && !isSendKey(key)) throw new ChatError('key_invalid');
  chat.messages.send({ session, to, key, body: encodeText(content), ticket });
}

/** Resolves once the message is on disk. */
function sent(dialog: Dialog, sending: Sending): Promise<Sent> {
  return new Promise((resolve, reject) => send(dialog, sending, { sent: resolve, failed: reject }));
}

/** A ticket is told before the message is delivered: who is connected here learns in time how it was sent. */
function tellingWay(dialog: Dialog, ticket: SendTicket, way: Way): SendTicket {
  return {
    sent: (result) => {
      dialog.ways.tell(result.to, result.seq, way);
      ticket.sent(result);
    },
    failed: (error) => ticket.failed(error),
  };
}
