/** What each request but a send asks of the core. */

import type { Chat } from '../../server/core/chat';
import type { Outlet } from '../../server/core/outlet';
import type { Seq } from '../../server/core/ports';
import type { Session } from '../../server/core/session';
import { ChatError, type ErrorCode } from '../../shared/errors';
import { isSameName, parseDestination } from '../../shared/names';
import { password } from '../harness/world';
import type { ChangeRequest, EntryRequest, Request } from './item';

/** The conversation that a request comes from. */
export interface Dialog {
  readonly chat: Chat;
  session: Session | undefined;
  readonly outlet: Outlet;
  readonly device: string | undefined;
  readonly isExplicit: boolean;
  readonly isGone: boolean;
  readonly burstsBegun: number;
  deliver(session: Session): Promise<void>;
  requireBurstSince(begun: number, isComplete: boolean): void;
  endSession(): void;
  reply(id: number, code?: ErrorCode): void;
}

/** Carries it out and answers it, unless it fails.
 *  @throws ChatError to be answered with */
export function carryOut(dialog: Dialog, request: Exclude<Request, { kind: 'send' }>): Promise<void> | undefined {
  switch (request.kind) {
    case 'create':
      return answer(dialog, request, dialog.chat.accounts.create(request.username, password));
    case 'login':
    case 'takeover':
      return logIn(dialog, request);
    case 'delete':
      return remove(dialog, request);
    case 'deliver':
      return dialog.deliver(requireSession(dialog));
    case 'ack':
      requireSession(dialog).acknowledge(parseDestination(request.log), request.seq as Seq);
      return undefined;
    case 'logout':
      requireSession(dialog);
      dialog.endSession();
      dialog.reply(request.id);
      return undefined;
    default:
      return answer(dialog, request, change(dialog, request));
  }
}

function change(dialog: Dialog, request: ChangeRequest): Promise<unknown> {
  const { accounts, rooms } = dialog.chat;
  const { account } = requireSession(dialog);
  if (request.kind === 'join') return rooms.join(account, request.room);
  if (request.kind === 'leave') return rooms.leave(account, request.room);
  if (request.kind === 'room') return rooms.create(account, request.room, request.members);
  return request.kind === 'block'
    ? accounts.block(account, request.username)
    : accounts.unblock(account, request.username);
}

async function answer(dialog: Dialog, { id }: Request, done: Promise<unknown>): Promise<void> {
  await done;
  dialog.reply(id);
}

async function logIn(dialog: Dialog, request: EntryRequest): Promise<void> {
  if (dialog.session !== undefined) throw new ChatError('already_logged_in');
  const session = await dialog.chat.accounts.login({
    username: request.username,
    password,
    device: dialog.device,
    explicitAck: dialog.isExplicit,
    wantsReceipts: true,
    takeover: request.kind === 'takeover',
    outlet: dialog.outlet,
    isGone: () => dialog.isGone,
  });
  if (session === undefined) return;
  dialog.session = session;
  try {
    await dialog.deliver(session);
  } catch (error) {
    dialog.endSession();
    throw error;
  }
}

async function remove(dialog: Dialog, request: EntryRequest): Promise<void> {
  const own = dialog.session;
  if (own !== undefined && !isSameName(own.account.name, request.username)) throw new ChatError('already_logged_in');
  const begun = dialog.burstsBegun;
  try {
    await dialog.chat.accounts.delete({ username: request.username, password, own, outlet: dialog.outlet });
    dialog.requireBurstSince(begun, false);
  } finally {
    if (own?.isEnded) dialog.session = undefined;
    else own?.goLive();
  }
}

function requireSession({ session }: Dialog): Session {
  if (session === undefined) throw new ChatError('not_logged_in');
  return session;
}
