/** What is read of accounts and rooms. */

import type { Database } from 'better-sqlite3';
import { ChatError } from '../../../shared/errors';
import { nameKey, type RoomName, type Username } from '../../../shared/names';
import type { AccountId, NamePage, NameQuery, RoomHead, StoredAccount } from '../../core/ports';

interface AccountRow {
  readonly id: AccountId;
  readonly name: Username;
  readonly passwordHash: string | null;
}

export class DirectoryReads {
  private readonly statements: ReturnType<typeof prepareStatements>;

  constructor(db: Database) {
    this.statements = prepareStatements(db);
  }

  find(name: Username): StoredAccount | undefined {
    const row = this.statements.find.get(nameKey(name));
    return row && { ...row, passwordHash: row.passwordHash ?? undefined };
  }

  list({ pattern, after, namesMax }: NameQuery): NamePage {
    const key = pattern?.toLowerCase() ?? '';
    const { namesLike, namesWith } = this.statements;
    const [names, wanted] = /[*?]/.test(key) ? [namesLike, globOf(key)] : [namesWith, key];
    const found = names.all(wanted, after?.toLowerCase() ?? '', namesMax + 1) as Username[];
    return { names: found.slice(0, namesMax), more: found.length > namesMax };
  }

  findRoom(name: RoomName): RoomHead | undefined {
    return this.statements.findRoom.get(nameKey(name));
  }

  /** @throws ChatError room_unknown */
  members(name: RoomName): Username[] {
    const room = this.statements.room.get(nameKey(name));
    if (room === undefined) throw new ChatError('room_unknown', { name });
    return this.statements.members.all(room) as Username[];
  }
}

/** SQLite's GLOB knows sets in brackets too, which our patterns do not. */
function globOf(key: string): string {
  return key.replaceAll('[', '[[]').replace(/\*+/g, '*');
}

function prepareStatements(db: Database) {
  const page = 'name_key > ? ORDER BY name_key LIMIT ?';
  return {
    find: db.prepare<[string], AccountRow>(
      'SELECT id, name, password_hash AS passwordHash FROM accounts WHERE name_key = ?',
    ),
    namesWith: db.prepare(`SELECT name FROM accounts WHERE instr(name_key, ?) > 0 AND ${page}`).pluck(),
    namesLike: db.prepare(`SELECT name FROM accounts WHERE name_key GLOB ? AND ${page}`).pluck(),
    room: db.prepare('SELECT id FROM rooms WHERE name_key = ?').pluck(),
    findRoom: db.prepare<[string], RoomHead>(
      'SELECT r.id AS log, r.name, l.head FROM rooms r JOIN logs l ON l.id = r.id WHERE r.name_key = ?',
    ),
    members: db
      .prepare('SELECT a.name FROM members m JOIN accounts a ON a.id = m.account WHERE m.room = ? ORDER BY a.name_key')
      .pluck(),
  };
}
