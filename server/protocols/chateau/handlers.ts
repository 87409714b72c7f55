/** Which function carries out which request: the dispatch that the table of requests leads to. */

import type { SendTicket } from '../../core/service/messages';
import * as accounts from './account-requests';
import type { Asked } from './answers';
import * as chats from './chat-requests';
import type { Dialog } from './dialog';
import * as messages from './message-requests';
import type { RequestOf, RequestType } from './requests';

/** Requests whose answers wait for a commit, while those after them are already carried out. */
export type PipelinedType = 'SingleMessageRequest' | 'GroupMessageRequest' | 'RandomMessageRequest';

type PipelinedHandlers = {
  [Type in PipelinedType]: (dialog: Dialog, request: RequestOf<Type>, ticket: SendTicket) => void;
};
type Handlers = {
  [Type in Exclude<RequestType, PipelinedType>]: (
    dialog: Dialog,
    request: RequestOf<Type>,
    asked: Asked,
  ) => void | Promise<void>;
};

/** They throw ChatError or tell their ticket, never both. */
export const pipelinedHandlers: PipelinedHandlers = {
  SingleMessageRequest: messages.sendToOne,
  GroupMessageRequest: messages.sendToChat,
  RandomMessageRequest: messages.sendAtRandom,
};

/** They write their answer, or throw ChatError and have written none. */
export const handlers: Handlers = {
  RegisterRequest: accounts.register,
  GroupMessageInitRequest: messages.beginChat,
  ClientListRequest: accounts.clients,
  ClientsMessage: messages.sendToClients,
  CreateRequest: accounts.create,
  LoginRequest: accounts.logIn,
  LogoutRequest: accounts.logOut,
  PasswordRequest: accounts.changePassword,
  DeleteRequest: accounts.remove,
  BlockRequest: accounts.block,
  UnblockRequest: accounts.unblock,
  ListRequest: accounts.list,
  WhoRequest: accounts.who,
  ChatCreateRequest: chats.createChat,
  ChatJoinRequest: chats.joinChat,
  ChatLeaveRequest: chats.leaveChat,
  ChatMembersRequest: chats.chatMembers,
  HistoryRequest: messages.history,
  Ack: messages.acknowledge,
};
