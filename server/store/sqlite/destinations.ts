/** Where messages may go: the logs that the writer has met lately, with what decides about the next message. */

import type { Database } from 'better-sqlite3';
import { LRUCache } from 'lru-cache';
import type { RoomName } from '../../../shared/names';
import type { AccountId, LogId } from '../../core/ports';
import { findRoom } from './find-room';
import { storeBounds } from './limits';
import { PackWriter } from './pack';

/** Characters of a name for which a destination counts for one more. No account has as many. */
const nameLengthPerWeight = 64;

/** The log of an account or a room, as the transaction under way has it. */
export interface Destination {
  readonly log: LogId;
  /** As it was created. */
  readonly name: string;
  readonly isRoom: boolean;
  /** The accounts that may send here if it is a room, that may not if it is a mailbox. */
  readonly accounts: Set<AccountId>;
  head: number;
  /** The head as the database has it, and the records of the messages between the two. */
  headStored: number;
  gathered: PackWriter | undefined;
  /** A seq up to which everything is acknowledged by all who follow the log; it may lag behind. */
  floor: number;
  /** What {@link Destinations.age} was when the floor was looked up. */
  floorAge: number;
}

interface LogRow {
  readonly log: LogId;
  readonly name: string;
  readonly head: number;
}

/** A cache over the database. A write of a log's account or room must {@link forget} it, a write of its members or blocks must
 *  {@link setListed}, and a transaction that is rolled back must {@link clear} everything. */
export class Destinations {
  private readonly cache: LRUCache<string, Destination>;
  private readonly keys = new Map<LogId, string>();
  /** Those for which something has gathered, and perhaps was stored already. */
  private dirty: Destination[] = [];
  private readonly spare: PackWriter[] = [];
  private sealed: ReadonlySet<LogId>;
  private sealedBefore: ReadonlySet<LogId>;
  private readonly statements: ReturnType<typeof prepareStatements>;
  /** Counts what may have moved floors. */
  age = 0;

  /** `sealed` are the mailboxes that take no message from the start; `weightMax` is how many destinations, members and
   *  blocked accounts are remembered; a long name counts for several destinations. */
  constructor(db: Database, sealed: Iterable<LogId>, weightMax: number = storeBounds.destinationsWeightMax) {
    this.sealed = new Set(sealed);
    this.sealedBefore = this.sealed;
    this.statements = prepareStatements(db);
    this.cache = new LRUCache({
      maxSize: weightMax,
      // One that were too large to be kept would be loaded again within a batch, with a head that is out of date.
      sizeCalculation: (destination) => Math.min(weightOf(destination), weightMax / 4),
      dispose: (destination, _key, reason) => {
        if (reason === 'evict') this.evicted(destination);
      },
    });
  }

  /** The log of the account or room of this name, if it exists and takes messages. */
  find(name: string): Destination | undefined {
    const key = name.toLowerCase();
    const found = this.cache.get(key) ?? this.load(key);
    if (found === undefined || (this.sealed.size > 0 && this.sealed.has(found.log))) return undefined;
    return found;
  }

  seal(log: LogId): void {
    this.sealed = new Set(this.sealed).add(log);
  }

  unseal(log: LogId): void {
    this.sealed = new Set([...this.sealed].filter((other) => other !== log));
  }

  /** Gives the message of this record the next seq of the destination; the database has it after the next
   *  {@link flush}. All that gathers until then lies in one row. */
  add(destination: Destination, record: Uint8Array): number {
    destination.gathered ??= this.gather(destination);
    const { gathered } = destination;
    gathered.reserve(record.length);
    gathered.raw(record);
    destination.head += 1;
    if (gathered.length >= storeBounds.chunkBytesMax) this.store(destination);
    return destination.head;
  }

  /** Stores what has gathered for this destination. */
  store(destination: Destination): void {
    const { log, head, headStored, gathered } = destination;
    if (gathered === undefined) return;
    this.statements.insertChunk.run(log, headStored + 1, head, gathered.written);
    this.statements.setHead.run(head, log);
    destination.headStored = head;
    destination.gathered = undefined;
    if (this.spare.length < storeBounds.spareChunksMax && gathered.length < storeBounds.chunkBytesMax) {
      gathered.clear();
      this.spare.push(gathered);
    }
  }

  /** Looks up how far everybody has acknowledged, unless nothing can have moved since the last time. */
  refreshFloor(destination: Destination): void {
    if (destination.floorAge === this.age) return;
    destination.floorAge = this.age;
    const { log, isRoom } = destination;
    const floor = isRoom ? this.statements.roomFloor.get(log) : this.statements.mailboxFloor.get(log, log);
    destination.floor = (floor as number | null | undefined) ?? 0;
  }

  /** Stores what has gathered. Due before anything else reads logs, and before the commit. */
  flush(): void {
    for (const destination of this.dirty) this.store(destination);
    this.dirty = [];
  }

  /** The account has become one of {@link Destination.accounts}, or is not any more. A log that many are listed for would take
   *  long to be loaded again. */
  setListed(log: LogId, account: AccountId, isListed: boolean): void {
    const key = this.keys.get(log);
    const destination = key === undefined ? undefined : this.cache.get(key);
    if (key === undefined || destination === undefined) return;
    if (isListed) destination.accounts.add(account);
    else destination.accounts.delete(account);
    // Other members may be further behind.
    destination.floorAge = -1;
    // Its weight has changed, which the cache looks at when it takes an object in.
    this.cache.delete(key);
    this.cache.set(key, destination);
  }

  /** To be called with nothing unflushed. */
  forget(log: LogId): void {
    const key = this.keys.get(log);
    if (key === undefined) return;
    this.keys.delete(log);
    this.cache.delete(key);
  }

  /** What was sealed and unsealed stays so, whatever becomes of later transactions. */
  committed(): void {
    this.sealedBefore = this.sealed;
  }

  /** Goes back to before the transaction that failed: nothing is remembered but the seals of then. */
  clear(): void {
    this.sealed = this.sealedBefore;
    this.cache.clear();
    this.keys.clear();
    this.dirty = [];
  }

  private evicted(destination: Destination): void {
    this.keys.delete(destination.log);
    this.store(destination);
  }

  /** Where the destination's records gather: memory that an earlier batch has used, if there is any. */
  private gather(destination: Destination): PackWriter {
    this.dirty.push(destination);
    return this.spare.pop() ?? new PackWriter(storeBounds.chunkBytesMin);
  }

  private load(key: string): Destination | undefined {
    const isRoom = key.startsWith('#');
    const row = isRoom ? findRoom(this.statements.room, key as RoomName) : this.statements.mailbox.get(key);
    if (row === undefined) return undefined;
    // A room may be found by another spelling of its name, and be here already.
    const ownKey = row.name.toLowerCase();
    const cached = ownKey === key ? undefined : this.cache.get(ownKey);
    if (cached !== undefined) return cached;
    const rows = isRoom ? this.statements.members.all(row.log) : this.statements.blocked.all(row.log);
    const accounts = new Set(rows as AccountId[]);
    const headStored = row.head;
    const destination = { ...row, headStored, gathered: undefined, isRoom, accounts, floor: 0, floorAge: -1 };
    this.keys.set(row.log, ownKey);
    this.cache.set(ownKey, destination);
    return destination;
  }
}

function weightOf({ name, accounts }: Destination): number {
  return 1 + Math.floor(name.length / nameLengthPerWeight) + accounts.size;
}

function prepareStatements(db: Database) {
  const followers = 'FROM cursors c JOIN members m ON m.account = c.account AND m.room = c.log';
  return {
    mailbox: db.prepare<[string], LogRow>(
      'SELECT a.id AS log, a.name, l.head FROM accounts a JOIN logs l ON l.id = a.id WHERE a.name_key = ?',
    ),
    room: db.prepare<[string], LogRow>(
      'SELECT r.id AS log, r.name, l.head FROM rooms r JOIN logs l ON l.id = r.id WHERE r.name_key = ?',
    ),
    members: db.prepare('SELECT account FROM members WHERE room = ?').pluck(),
    blocked: db.prepare('SELECT blocked FROM blocks WHERE owner = ?').pluck(),
    mailboxFloor: db.prepare("SELECT seq FROM cursors WHERE account = ? AND device = '' AND log = ?").pluck(),
    roomFloor: db.prepare(`SELECT min(c.seq) ${followers} WHERE m.room = ? AND c.device = ''`).pluck(),
    insertChunk: db.prepare('INSERT INTO chunks (log, first, last, bytes) VALUES (?, ?, ?, ?)'),
    setHead: db.prepare('UPDATE logs SET head = ? WHERE id = ?'),
  };
}
