/** What is read of accounts and rooms. */

import type { Database } from 'better-sqlite3';
import { ChatError } from '../../../shared/errors';
import { nameKey, type RoomName, type Username } from '../../../shared/names';
import type { AccountId, NamePage, NameQuery, RoomHead, StoredAccount } from '../../core/ports';
import { findRoom } from './find-room';
import { NameSearch } from './name-search';

interface AccountRow {
  readonly id: AccountId;
  readonly name: Username;
  readonly passwordHash: string | null;
}

export class DirectoryReads {
  private readonly statements: ReturnType<typeof prepareStatements>;
  private readonly search: NameSearch;

  constructor(db: Database) {
    this.statements = prepareStatements(db);
    this.search = new NameSearch(db);
  }

  find(name: Username): StoredAccount | undefined {
    const row = this.statements.find.get(nameKey(name));
    return row && { ...row, passwordHash: row.passwordHash ?? undefined };
  }

  list({ pattern, after, namesMax }: NameQuery): NamePage {
    if (pattern) return this.search.page({ pattern, after, namesMax });
    const found = this.statements.names.all(after?.toLowerCase() ?? '', namesMax + 1) as Username[];
    return { names: found.slice(0, namesMax), more: found.length > namesMax };
  }

  findRoom(name: RoomName): RoomHead | undefined {
    return findRoom(this.statements.findRoom, name);
  }

  /** @throws ChatError room_unknown */
  members(name: RoomName): Username[] {
    const room = findRoom(this.statements.room, name);
    if (room === undefined) throw new ChatError('room_unknown', { name });
    return this.statements.members.all(room) as Username[];
  }
}

function prepareStatements(db: Database) {
  return {
    find: db.prepare<[string], AccountRow>(
      'SELECT id, name, password_hash AS passwordHash FROM accounts WHERE name_key = ?',
    ),
    names: db.prepare('SELECT name FROM accounts WHERE name_key > ? ORDER BY name_key LIMIT ?').pluck(),
    room: db.prepare('SELECT id FROM rooms WHERE name_key = ?').pluck(),
    findRoom: db.prepare<[string], RoomHead>(
      'SELECT r.id AS log, r.name, l.head FROM rooms r JOIN logs l ON l.id = r.id WHERE r.name_key = ?',
    ),
    members: db
      .prepare('SELECT a.name FROM members m JOIN accounts a ON a.id = m.account WHERE m.room = ? ORDER BY a.name_key')
      .pluck(),
  };
}
