/** Version 2's commands about messages. */

import type { RequestOf } from '../../../../shared/cmap';
import { ChatError } from '../../../../shared/errors';
import { parseDestination } from '../../../../shared/names';
import { writeBlockEnd, writeMessage, writeStatus } from '../../../../shared/reply';
import type { Seq } from '../../../core/ports';
import type { SendTicket } from '../../../core/service/messages';
import type { Dialog } from './dialog';

/** As {@link random}, it throws ChatError or tells its ticket, never both. */
export function send(dialog: Dialog, request: RequestOf<'send'>, ticket: SendTicket): void {
  const { to, key, body } = request;
  dialog.chat.messages.send({ session: dialog.requireSession(), to, key, body, ticket });
}

export function random(dialog: Dialog, request: RequestOf<'random'>, ticket: SendTicket): void {
  dialog.chat.messages.sendAtRandom({ session: dialog.requireSession(), body: request.body, ticket });
}

export function ack(dialog: Dialog, request: RequestOf<'ack'>): void {
  if (!dialog.negotiated.ack) throw new ChatError('capability_missing', { name: 'ack' });
  dialog.requireSession().acknowledge(parseDestination(request.log), request.seq as Seq);
}

export async function history(dialog: Dialog, request: RequestOf<'history'>): Promise<void> {
  const { account } = dialog.requireSession();
  const before = request.before as Seq | undefined;
  const page = await dialog.chat.messages.history(account, request.with, before, request.limit);
  const { out } = dialog.connection;
  writeStatus(out, 200, `${request.with} ${page.length}`);
  for (const message of page) writeMessage(out, message, message.to);
  writeBlockEnd(out);
}
