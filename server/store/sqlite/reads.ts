/** Everything that can be asked of a reader, by name: what crosses to its thread is a name and arguments. */

import type { Database } from 'better-sqlite3';
import { DirectoryReads } from './directory-reads';
import { HistoryReads } from './history-reads';
import { LogReads } from './log-reads';

/** The reads of a connection, with its statements prepared. */
export function readsOf(db: Database) {
  const directory = new DirectoryReads(db);
  const logs = new LogReads(db);
  const history = new HistoryReads(db);
  return {
    find: directory.find.bind(directory),
    list: directory.list.bind(directory),
    findRoom: directory.findRoom.bind(directory),
    members: directory.members.bind(directory),
    pages: logs.pages,
    backlog: logs.backlog,
    heads: logs.heads.bind(logs),
    count: logs.count,
    subscriptions: logs.subscriptions.bind(logs),
    roomHistory: history.room.bind(history),
    conversation: history.conversation.bind(history),
  };
}

export type Reads = ReturnType<typeof readsOf>;
