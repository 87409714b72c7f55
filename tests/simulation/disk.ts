/** What is committed: it outlives the server. Every change is told to the ledger. */

import {
  type Account,
  type AccountId,
  type Appended,
  type CursorMove,
  type Draft,
  defaultDevice,
  type LogId,
  mailboxOf,
  type RoomCreated,
  type RoomJoined,
  type Seq,
  type Subscription,
  type UnixMs,
} from '../../server/core/ports';
import type { RoomName, Username } from '../../shared/names';
import { ReferenceQueries } from '../harness/reference-queries';
import { ReferenceTables } from '../harness/reference-tables';
import type { Ledger } from './ledger';
import { numberOf } from './send';

/** What every message counts for: a page holds three. */
export const messageBytes = 20_000;

export class Disk {
  readonly tables: ReferenceTables;
  readonly queries: ReferenceQueries;

  constructor(
    readonly ledger: Ledger,
    mailboxMessagesMax: number,
  ) {
    this.tables = new ReferenceTables(mailboxMessagesMax);
    this.queries = new ReferenceQueries(this.tables, () => messageBytes);
  }

  createAccount(name: Username, passwordHash: string | undefined): Account {
    const account = this.tables.createAccount(name, passwordHash);
    this.ledger.accountMade(account.id, name);
    return account;
  }

  removeAccount(account: AccountId): void {
    if (!this.tables.accounts.has(account)) return;
    this.tables.removeAccount(account);
    this.ledger.accountRemoved(account);
  }

  createRoom(name: RoomName, creator: AccountId | undefined, members: readonly Username[]): RoomCreated {
    const room = this.tables.createRoom(name, creator, members);
    this.ledger.logMade(room.log, name);
    for (const member of room.members) this.ledger.joined(member, room.log, 0);
    return room;
  }

  joinRoom(name: RoomName, account: AccountId): RoomJoined {
    const wasMember = this.tables.namedRoom(name).members.has(account);
    const joined = this.tables.joinRoom(name, account);
    if (!wasMember) this.ledger.joined(account, joined.log, joined.cursor);
    return joined;
  }

  leaveRoom(name: RoomName, account: AccountId) {
    const room = this.tables.leaveRoom(name, account);
    this.ledger.left(account, room.log);
    return room;
  }

  append(draft: Draft): Appended {
    const appended = this.tables.append(draft);
    if (!appended.repeated) this.ledger.committed(appended.log, appended.seq, numberOf(draft.body));
    return appended;
  }

  moveCursor(move: CursorMove): void {
    this.tables.moveCursor(move);
    for (const device of new Set([move.device, defaultDevice])) {
      const cursor = this.tables.accounts.get(move.account)?.cursors.get(device)?.get(move.log);
      if (cursor !== undefined) this.ledger.cursorMoved(move.account, device, move.log, cursor);
    }
  }

  subscriptions(account: AccountId, device: string): { readonly found: Subscription[]; readonly isNew: boolean } {
    const row = this.tables.accounts.get(account);
    if (row === undefined) return { found: [], isNew: false };
    const usual = row.cursors.get(defaultDevice) as Map<LogId, Seq>;
    const own = row.cursors.get(device);
    const followed = [{ log: mailboxOf(account), name: row.name }, ...this.tables.roomsOf(account)];
    const found = followed.map(({ log, name }) => ({ log, name, cursor: (own?.get(log) ?? usual.get(log)) as Seq }));
    return { found, isNew: own === undefined };
  }

  beginDevice(account: AccountId, device: string, at: UnixMs): void {
    if (!this.tables.accounts.has(account)) return;
    this.ledger.deviceBegun(account, device, this.tables.cursorsOf(account, device, at));
  }

  /** The seq up to which everybody who follows the log has acknowledged it on every device, as far as is stored. */
  floor(log: LogId): Seq {
    const followers = this.tables.rooms.get(log)?.members ?? [log as number as AccountId];
    const cursors = [...followers].flatMap((id) => {
      return [...this.tables.existing(id).cursors.values()].map((places) => places.get(log) as Seq);
    });
    return Math.min(this.tables.head(log), ...cursors) as Seq;
  }

  prune(log: LogId, through: Seq): void {
    this.tables.prune(log, through);
    this.ledger.pruned(log, through);
  }

  /** The server is gone: what it only remembered is forgotten. */
  restart(): void {
    for (const row of this.tables.accounts.values()) row.isSealed = false;
  }

  requireKept(): void {
    this.ledger.requireKept((log, seq) => {
      const found = this.tables.messages.get(log)?.find((message) => message.seq === seq);
      return found === undefined ? undefined : numberOf(found.body);
    });
  }
}
