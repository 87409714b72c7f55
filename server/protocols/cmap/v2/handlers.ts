/** Which function carries out which command: the dispatch that the cmap table leads to. */

import type { CommandName, RequestOf } from '../../../../shared/cmap';
import * as accounts from './account-commands';
import type { Dialog } from './dialog';
import * as directory from './directory-commands';
import * as messages from './message-commands';

/** Commands whose replies wait for a commit, while requests after them are already carried out: the conversation knows
 *  them by name. */
export type PipelinedCommand = 'send' | 'random';

type Handlers = {
  [Name in Exclude<CommandName, PipelinedCommand>]: (dialog: Dialog, request: RequestOf<Name>) => void | Promise<void>;
};

/** They write their reply, or throw ChatError and have written none. */
export const handlers: Handlers = {
  create: accounts.create,
  list: directory.list,
  login: accounts.login,
  delete: accounts.remove,
  deliver: accounts.deliver,
  help: directory.help,
  hello: accounts.hello,
  logout: accounts.logout,
  ack: messages.ack,
  history: messages.history,
  who: directory.who,
  room: directory.room,
  join: directory.join,
  leave: directory.leave,
  members: directory.members,
  passwd: accounts.passwd,
  ping: directory.ping,
  quit: directory.quit,
  takeover: accounts.takeover,
  block: accounts.block,
  unblock: accounts.unblock,
};
