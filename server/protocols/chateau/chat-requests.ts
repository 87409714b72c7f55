/** Requests about chats: made, joined, left, who is in one. */

import type { Asked } from './answers';
import { chatOfRoom, roomOfChat } from './chat-names';
import type { Dialog } from './dialog';
import type { RequestOf } from './requests';

export async function createChat(dialog: Dialog, request: RequestOf<'ChatCreateRequest'>, asked: Asked): Promise<void> {
  const { account } = dialog.requireSession();
  const room = await dialog.chat.rooms.create(account, roomOfChat(request.chatname), request.recipients ?? []);
  dialog.answer(asked, {}, { chatname: chatOfRoom(room), log: room });
}

export async function joinChat(dialog: Dialog, request: RequestOf<'ChatJoinRequest'>, asked: Asked): Promise<void> {
  const { account } = dialog.requireSession();
  const room = await dialog.chat.rooms.join(account, roomOfChat(request.chatname));
  dialog.answer(asked, {}, { chatname: chatOfRoom(room), log: room });
}

export async function leaveChat(dialog: Dialog, request: RequestOf<'ChatLeaveRequest'>, asked: Asked): Promise<void> {
  const { account } = dialog.requireSession();
  const room = await dialog.chat.rooms.leave(account, roomOfChat(request.chatname));
  dialog.answer(asked, {}, { chatname: chatOfRoom(room), log: room });
}

export async function chatMembers(
  dialog: Dialog,
  request: RequestOf<'ChatMembersRequest'>,
  asked: Asked,
): Promise<void> {
  dialog.requireSession();
  const members = await dialog.chat.rooms.members(roomOfChat(request.chatname));
  dialog.answer(asked, {}, { chatname: request.chatname, members });
}
