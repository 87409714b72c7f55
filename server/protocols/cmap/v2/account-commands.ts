/** Version 2's commands about accounts and sessions. */

import { isDeviceName } from '../../../../shared/client-names';
import { capabilities, cmapVersion, type RequestOf } from '../../../../shared/cmap';
import { ChatError } from '../../../../shared/errors';
import { limits } from '../../../../shared/limits';
import { isSameName } from '../../../../shared/names';
import { productVersion } from '../../../../shared/version';
import { type Dialog, nothingNegotiated } from './dialog';

export async function create(dialog: Dialog, request: RequestOf<'create'>): Promise<void> {
  const account = await dialog.chat.accounts.create(request.username, request.password);
  dialog.reply(201, account.name);
}

export function login(dialog: Dialog, request: RequestOf<'login'>): Promise<void> {
  return logIn(dialog, request, false);
}

export function takeover(dialog: Dialog, request: RequestOf<'takeover'>): Promise<void> {
  return logIn(dialog, request, true);
}

async function logIn(
  dialog: Dialog,
  request: RequestOf<'login'> | RequestOf<'takeover'>,
  takeover: boolean,
): Promise<void> {
  dialog.requireNoSession();
  const { ack, device, receipts } = dialog.negotiated;
  const session = await dialog.chat.accounts.login({
    username: request.username,
    password: request.password,
    device,
    explicitAck: ack,
    wantsReceipts: receipts,
    takeover,
    outlet: dialog.outlet,
    isGone: () => dialog.connection.isGone,
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

export async function deliver(dialog: Dialog, request: RequestOf<'deliver'>): Promise<void> {
  const session = dialog.requireSession();
  if (request.username !== undefined) {
    if (request.password === undefined) {
      throw new ChatError('arguments_missing', { usage: 'deliver [username password]' });
    }
    await dialog.chat.accounts.confirm(session.account, request.username, request.password);
  }
  await dialog.deliver(session);
}

/** Named `remove` since `delete` is a word of the language. */
export async function remove(dialog: Dialog, request: RequestOf<'delete'>): Promise<void> {
  const own = dialog.session;
  if (own !== undefined && !isSameName(own.account.name, request.username)) dialog.requireNoSession();
  const begun = dialog.outlet.burstsBegun;
  try {
    await dialog.chat.accounts.delete({ ...request, own, outlet: dialog.outlet });
    dialog.endBurst(begun);
  } finally {
    if (own?.isEnded) dialog.session = undefined;
    else own?.goLive();
  }
}

export function logout(dialog: Dialog): void {
  dialog.endSession();
  dialog.reply(200);
}

export function hello(dialog: Dialog, request: RequestOf<'hello'>): void {
  dialog.requireNoSession();
  dialog.negotiated = nothingNegotiated;
  if (request.version !== cmapVersion) throw new ChatError('version_unknown', { version: request.version });
  const asked = new Set(request.capability);
  const device = request.capability.find((word) => word.startsWith('device='))?.slice('device='.length);
  if (device !== undefined && !isDeviceName(device)) throw new ChatError('device_invalid');
  dialog.negotiated = { ack: asked.has('ack'), keys: asked.has('keys'), receipts: asked.has('receipts'), device };
  const granted: string[] = capabilities.filter((capability) => asked.has(capability));
  if (device !== undefined) granted.push(`device=${device}`);
  dialog.reply(200, [`chateau/${productVersion}`, ...granted, `body=${limits.bodyBytesMax}`].join(' '));
}

export async function passwd(dialog: Dialog, request: RequestOf<'passwd'>): Promise<void> {
  await dialog.chat.accounts.changePassword(dialog.requireSession().account, request.old, request.new);
  dialog.reply(200);
}

export async function block(dialog: Dialog, request: RequestOf<'block'>): Promise<void> {
  dialog.reply(200, await dialog.chat.accounts.block(dialog.requireSession().account, request.username));
}

export async function unblock(dialog: Dialog, request: RequestOf<'unblock'>): Promise<void> {
  dialog.reply(200, await dialog.chat.accounts.unblock(dialog.requireSession().account, request.username));
}
