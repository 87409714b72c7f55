/** What changes rooms, inside the transaction of a batch. Each breaks its rule before it has changed anything. */

import type { Database } from 'better-sqlite3';
import { ChatError } from '../../../shared/errors';
import { roomKey } from '../../../shared/escaped-names';
import { limits } from '../../../shared/limits';
import { nameKey, type RoomName, type Username } from '../../../shared/names';
import type { UnixMs } from '../../core/ports';
import {
  type AccountId,
  type LogId,
  type Room,
  type RoomCreated,
  type RoomJoined,
  type Seq,
  seqZero,
} from '../../core/ports';
import type { Destinations } from './destinations';
import { findRoom } from './find-room';

/** Makes rooms, and lets accounts in and out. */
export class RoomWrites {
  private readonly statements: ReturnType<typeof prepareStatements>;

  constructor(
    db: Database,
    private readonly destinations: Destinations,
  ) {
    this.statements = prepareStatements(db);
  }

  /** @throws ChatError name_taken, account_unknown, members_too_many, rooms_too_many */
  create(name: RoomName, creator: AccountId | undefined, members: readonly Username[], at: UnixMs): RoomCreated {
    if (findRoom(this.statements.find, name) !== undefined) throw new ChatError('name_taken', { name });
    const ids = new Set<AccountId>();
    if (creator !== undefined) ids.add(this.existing(creator));
    for (const member of members) ids.add(this.named(member));
    if (ids.size > limits.roomMembersMax) throw new ChatError('members_too_many');
    for (const id of ids) this.requireRoomFor(id);
    const log = Number(this.statements.insertLog.run().lastInsertRowid) as LogId;
    this.statements.insert.run(log, name, roomKey(name), at);
    for (const id of ids) this.enter(id, log, seqZero);
    return { log, name, members: [...ids] };
  }

  /** @throws ChatError room_unknown, account_unknown, members_too_many, rooms_too_many */
  join(name: RoomName, account: AccountId): RoomJoined {
    const room = this.namedRoom(name);
    const stands = this.statements.cursorOf.get(account, room.log);
    if (stands !== undefined) return { ...room, cursor: stands as Seq };
    this.existing(account);
    const members = this.statements.memberCount.get(room.log) as number;
    if (members >= limits.roomMembersMax) throw new ChatError('members_too_many');
    this.requireRoomFor(account);
    const cursor = this.statements.head.get(room.log) as Seq;
    this.enter(account, room.log, cursor);
    this.destinations.setListed(room.log, account, true);
    return { ...room, cursor };
  }

  /** @throws ChatError room_unknown, not_a_member */
  leave(name: RoomName, account: AccountId): Room {
    const room = this.namedRoom(name);
    if (this.statements.removeMember.run(room.log, account).changes === 0)
      throw new ChatError('not_a_member', { name });
    this.statements.removeCursors.run(account, room.log);
    this.destinations.setListed(room.log, account, false);
    return room;
  }

  private enter(account: AccountId, log: LogId, cursor: Seq): void {
    this.statements.insertMember.run(log, account);
    this.statements.insertCursors.run(log, cursor, account, account);
  }

  private requireRoomFor(account: AccountId): void {
    const rooms = this.statements.roomCount.get(account) as number;
    if (rooms >= limits.roomsPerAccountMax) throw new ChatError('rooms_too_many');
  }

  private existing(account: AccountId): AccountId {
    if (this.statements.exists.get(account) === undefined) throw new ChatError('account_unknown');
    return account;
  }

  private named(name: Username): AccountId {
    const id = this.statements.idOf.get(nameKey(name));
    if (id === undefined) throw new ChatError('account_unknown', { name });
    return id as AccountId;
  }

  private namedRoom(name: RoomName): Room {
    const room = findRoom(this.statements.find, name);
    if (room === undefined) throw new ChatError('room_unknown', { name });
    return room;
  }
}

function prepareStatements(db: Database) {
  return {
    find: db.prepare<[string], Room>('SELECT id AS log, name FROM rooms WHERE name_key = ?'),
    idOf: db.prepare('SELECT id FROM accounts WHERE name_key = ?').pluck(),
    exists: db.prepare('SELECT 1 FROM accounts WHERE id = ?').pluck(),
    head: db.prepare('SELECT head FROM logs WHERE id = ?').pluck(),
    memberCount: db.prepare('SELECT count(*) FROM members WHERE room = ?').pluck(),
    roomCount: db.prepare('SELECT count(*) FROM members WHERE account = ?').pluck(),
    cursorOf: db
      .prepare(
        `SELECT c.seq FROM members m JOIN cursors c ON c.account = m.account AND c.device = '' AND c.log = m.room
         WHERE m.account = ? AND m.room = ?`,
      )
      .pluck(),
    insertLog: db.prepare('INSERT INTO logs (head) VALUES (0)'),
    insert: db.prepare('INSERT INTO rooms (id, name, name_key, created_at) VALUES (?, ?, ?, ?)'),
    insertMember: db.prepare('INSERT INTO members (room, account) VALUES (?, ?)'),
    // One for each device that the account has: those that stand in its mailbox.
    insertCursors: db.prepare(
      `INSERT INTO cursors (account, device, log, seq)
       SELECT account, device, ?, ? FROM cursors WHERE account = ? AND log = ?`,
    ),
    removeMember: db.prepare('DELETE FROM members WHERE room = ? AND account = ?'),
    removeCursors: db.prepare('DELETE FROM cursors WHERE account = ? AND log = ?'),
  };
}
