/** Requests about who is who: registering, logging in, leaving, passwords, looking people up. */

import { isDeviceName } from '../../../shared/client-names';
import { ChatError } from '../../../shared/errors';
import type { Session } from '../../core/session';
import type { Asked } from './answers';
import type { Dialog } from './dialog';
import type { RequestOf } from './requests';

/** Without a password as a guest; with one into the account of that name, which is made if there is none. */
export async function register(dialog: Dialog, request: RequestOf<'RegisterRequest'>, asked: Asked): Promise<void> {
  dialog.requireNoSession();
  const { username, password } = request;
  const session =
    password === undefined ? await enterAsGuest(dialog, username) : await logInOrCreate(dialog, username, password);
  if (session !== undefined) await dialog.begin(session, asked);
}

function enterAsGuest(dialog: Dialog, name: string): Promise<Session | undefined> {
  return dialog.chat.guests.enter({ name, outlet: dialog.outlet, isGone: dialog.isDeserted });
}

async function logInOrCreate(dialog: Dialog, username: string, password: string): Promise<Session | undefined> {
  try {
    await dialog.chat.accounts.create(username, password);
  } catch (error) {
    if (!(error instanceof ChatError && isNoFailure(dialog, username, error))) throw error;
  }
  return enter(dialog, { username, password });
}

/** Whether the account is there already, or its directory will tell. */
function isNoFailure(dialog: Dialog, username: string, { code }: ChatError): boolean {
  return code === 'accounts_elsewhere' || (code === 'name_taken' && !dialog.chat.guests.has(username));
}

export async function create(dialog: Dialog, request: RequestOf<'CreateRequest'>, asked: Asked): Promise<void> {
  const { name } = await dialog.chat.accounts.create(request.username, request.password);
  dialog.answer(asked, {}, { username: name });
}

export async function logIn(dialog: Dialog, request: RequestOf<'LoginRequest'>, asked: Asked): Promise<void> {
  dialog.requireNoSession();
  const { device } = request;
  if (device !== undefined && !isDeviceName(device)) throw new ChatError('device_invalid');
  const session = await enter(dialog, request);
  if (session !== undefined) await dialog.begin(session, asked);
}

type Entering = Pick<RequestOf<'LoginRequest'>, 'username' | 'password'> & Partial<RequestOf<'LoginRequest'>>;

function enter(dialog: Dialog, entering: Entering): Promise<Session | undefined> {
  const { username, password, device, ack = false, receipts = false, takeover = false } = entering;
  return dialog.chat.accounts.login({
    username,
    password,
    device,
    explicitAck: ack,
    wantsReceipts: receipts,
    takeover,
    outlet: dialog.outlet,
    isGone: dialog.isDeserted,
  });
}

export function logOut(dialog: Dialog, _: RequestOf<'LogoutRequest'>, asked: Asked): void {
  dialog.requireSession();
  dialog.endSession();
  dialog.answer(asked);
}

export async function changePassword(
  dialog: Dialog,
  request: RequestOf<'PasswordRequest'>,
  asked: Asked,
): Promise<void> {
  const { account } = dialog.requireSession();
  await dialog.chat.accounts.changePassword(account, request.password, request.newPassword);
  dialog.answer(asked);
}

/** What is undelivered comes first, as events; the answer tells that the account is gone.
 *  @throws ChatError credentials_wrong, logged_in_elsewhere, busy, and taken_over when the session ended first */
export async function remove(dialog: Dialog, request: RequestOf<'DeleteRequest'>, asked: Asked): Promise<void> {
  const own = dialog.requireSession();
  const { name: username } = own.account;
  try {
    const { password } = request;
    const isDeleted = await dialog.chat.accounts.delete({ username, password, own, outlet: dialog.outlet });
    if (!isDeleted) throw new ChatError('taken_over');
  } finally {
    if (own.isEnded) dialog.endSession();
    else own.goLive();
  }
  dialog.answer(asked);
}

export async function block(dialog: Dialog, request: RequestOf<'BlockRequest'>, asked: Asked): Promise<void> {
  const { account } = dialog.requireSession();
  dialog.answer(asked, {}, { username: await dialog.chat.accounts.block(account, request.username) });
}

export async function unblock(dialog: Dialog, request: RequestOf<'UnblockRequest'>, asked: Asked): Promise<void> {
  const { account } = dialog.requireSession();
  dialog.answer(asked, {}, { username: await dialog.chat.accounts.unblock(account, request.username) });
}

export function clients(dialog: Dialog, _: RequestOf<'ClientListRequest'>, asked: Asked): void {
  dialog.requireSession();
  const { names, more } = dialog.chat.accounts.who(undefined);
  dialog.answer(asked, { clients: names }, more ? { more } : {});
}

export function who(dialog: Dialog, request: RequestOf<'WhoRequest'>, asked: Asked): void {
  dialog.requireSession();
  dialog.answer(asked, {}, dialog.chat.accounts.who(request.pattern));
}

export async function list(dialog: Dialog, request: RequestOf<'ListRequest'>, asked: Asked): Promise<void> {
  dialog.requireSession();
  dialog.answer(asked, {}, await dialog.chat.accounts.list(request.pattern, request.after));
}
