/** Version 2's commands that look things up, and those about rooms and the connection itself. */

import type { RequestOf } from '../../../../shared/cmap';
import { ChatError } from '../../../../shared/errors';
import { writeBlockEnd, writeItem, writeStatus } from '../../../../shared/reply';
import { helpLines } from '../../../../shared/usage';
import type { NamePage } from '../../../core/ports';
import type { Dialog } from './dialog';

export async function list(dialog: Dialog, request: RequestOf<'list'>): Promise<void> {
  const pattern = request.pattern === '' ? undefined : request.pattern;
  writeNames(dialog, await dialog.chat.accounts.list(pattern, request.after));
}

export function who(dialog: Dialog, request: RequestOf<'who'>): void {
  writeNames(dialog, dialog.chat.accounts.who(request.pattern));
}

export async function members(dialog: Dialog, request: RequestOf<'members'>): Promise<void> {
  writeNames(dialog, { names: await dialog.chat.rooms.members(request.room), more: false });
}

export function help(dialog: Dialog, request: RequestOf<'help'>): void {
  const lines = helpLines(request.topic);
  if (lines.length === 0) throw new ChatError('command_unknown', { name: request.topic ?? '' });
  writeBlock(dialog, `${lines.length}`, lines);
}

export async function room(dialog: Dialog, request: RequestOf<'room'>): Promise<void> {
  const { account } = dialog.requireSession();
  dialog.reply(201, await dialog.chat.rooms.create(account, request.room, request.member));
}

export async function join(dialog: Dialog, request: RequestOf<'join'>): Promise<void> {
  dialog.reply(200, await dialog.chat.rooms.join(dialog.requireSession().account, request.room));
}

export async function leave(dialog: Dialog, request: RequestOf<'leave'>): Promise<void> {
  dialog.reply(200, await dialog.chat.rooms.leave(dialog.requireSession().account, request.room));
}

export function ping(dialog: Dialog, request: RequestOf<'ping'>): void {
  dialog.reply(200, request.token);
}

export function quit(dialog: Dialog): void {
  dialog.reply(200);
  dialog.connection.end();
}

function writeNames(dialog: Dialog, page: NamePage): void {
  writeBlock(dialog, `${page.names.length} ${page.more ? 1 : 0}`, page.names);
}

function writeBlock(dialog: Dialog, text: string, items: readonly string[]): void {
  const { out } = dialog.connection;
  writeStatus(out, 200, text);
  for (const item of items) writeItem(out, item);
  writeBlockEnd(out);
}
