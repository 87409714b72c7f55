/** What the reference store holds: arrays and maps, and for each write the rule that it keeps. A rule that is broken
 *  throws its ChatError before anything has changed. */

import {
  type Account,
  type AccountId,
  type Appended,
  type CursorMove,
  type Draft,
  defaultDevice,
  type LogId,
  type Message,
  mailboxOf,
  type Room,
  type RoomCreated,
  type RoomJoined,
  type Seq,
  type StoredAccount,
  seqZero,
  type UnixMs,
} from '../../server/core/ports';
import { ChatError } from '../../shared/errors';
import { roomKey } from '../../shared/escaped-names';
import { limits } from '../../shared/limits';
import { type DestinationName, type NameKey, nameKey, type RoomName, type Username } from '../../shared/names';

export interface StoredMessage extends Message {
  readonly senderId: AccountId;
  readonly key: string | undefined;
  /** Where it stands among all messages of the store. */
  readonly ordinal: number;
}

export interface StoredRoom extends Room {
  readonly members: Set<AccountId>;
}

interface AccountRow extends StoredAccount {
  passwordHash: string | undefined;
  isSealed: boolean;
  readonly blocked: Set<AccountId>;
  /** Of each device, `''` among them, where it stands in each log. */
  readonly cursors: Map<string, Map<LogId, Seq>>;
  /** Of each device that named itself, when it was seen last. */
  readonly seenAt: Map<string, UnixMs>;
}

export class ReferenceTables {
  readonly accounts = new Map<AccountId, AccountRow>();
  readonly rooms = new Map<LogId, StoredRoom>();
  readonly messages = new Map<LogId, StoredMessage[]>();
  /** What {@link ReferenceTables.prune} took from a log's beginning. */
  private readonly pruned = new Map<LogId, Seq>();
  private lastId = 0;
  private lastOrdinal = 0;

  constructor(private readonly mailboxMessagesMax: number) {}

  account(name: Username): AccountRow | undefined {
    return [...this.accounts.values()].find((row) => nameKey(row.name) === nameKey(name));
  }

  room(name: RoomName): StoredRoom | undefined {
    // Made here, no two rooms have one key.
    return [...this.rooms.values()].find((row) => roomKey(row.name) === roomKey(name));
  }

  hasLog(log: LogId): boolean {
    return this.rooms.has(log) || this.accounts.has(log as number as AccountId);
  }

  head(log: LogId): Seq {
    return this.messages.get(log)?.at(-1)?.seq ?? this.pruned.get(log) ?? seqZero;
  }

  /** Removes messages up to `through`; the numbers that they had are not given again. */
  prune(log: LogId, through: Seq): void {
    const stored = this.messages.get(log);
    const kept = stored?.findIndex((message) => message.seq > through) ?? -1;
    this.pruned.set(log, this.head(log) < through ? this.head(log) : through);
    stored?.splice(0, kept === -1 ? stored.length : kept);
  }

  roomsOf(account: AccountId): StoredRoom[] {
    return [...this.rooms.values()]
      .filter((room) => room.members.has(account))
      .sort((a, b) => byKey(nameKey(a.name), nameKey(b.name)));
  }

  /** A device that was not seen before begins where the default one stands. */
  cursorsOf(account: AccountId, device: string, at = 0 as UnixMs): ReadonlyMap<LogId, Seq> {
    const row = this.existing(account);
    const cursors = row.cursors.get(device) ?? new Map(row.cursors.get(defaultDevice));
    row.cursors.set(device, cursors);
    if (device === defaultDevice) return cursors;
    this.see(account, device, at);
    while (row.seenAt.size > limits.devicesPerAccountMax) {
      const others = [...row.seenAt].filter(([name]) => name !== device);
      const [oldest] = others.reduce((a, b) => (b[1] < a[1] || (b[1] === a[1] && b[0] < a[0]) ? b : a));
      this.forget(row, oldest);
    }
    return cursors;
  }

  see(account: AccountId, device: string, at: UnixMs): void {
    const seenAt = this.accounts.get(account)?.seenAt;
    seenAt?.set(device, Math.max(at, seenAt.get(device) ?? 0) as UnixMs);
  }

  /** Removes up to `devicesMax` devices that were seen last before `seenBefore`. */
  forgetDevices(seenBefore: UnixMs, devicesMax: number): number {
    const stale = [...this.accounts.values()].flatMap((row) =>
      [...row.seenAt].filter(([, at]) => at < seenBefore).map(([device, at]) => ({ row, device, at })),
    );
    const removed = stale.sort((a, b) => a.at - b.at).slice(0, devicesMax);
    for (const { row, device } of removed) this.forget(row, device);
    return removed.length;
  }

  /** @throws ChatError account_unknown */
  existing(account: AccountId): AccountRow {
    const row = this.accounts.get(account);
    if (row === undefined) throw new ChatError('account_unknown');
    return row;
  }

  createAccount(name: Username, passwordHash: string | undefined): Account {
    if (this.account(name) !== undefined) throw new ChatError('name_taken', { name });
    const id = this.nextId() as AccountId;
    const cursors = new Map([[defaultDevice, new Map([[mailboxOf(id), seqZero]])]]);
    this.accounts.set(id, { id, name, passwordHash, isSealed: false, blocked: new Set(), cursors, seenAt: new Map() });
    this.messages.set(mailboxOf(id), []);
    return { id, name };
  }

  removeAccount(account: AccountId): void {
    this.accounts.delete(account);
    this.messages.delete(mailboxOf(account));
    this.pruned.delete(mailboxOf(account));
    for (const room of this.rooms.values()) room.members.delete(account);
    for (const row of this.accounts.values()) row.blocked.delete(account);
  }

  createRoom(name: RoomName, creator: AccountId | undefined, members: readonly Username[]): RoomCreated {
    if (this.room(name) !== undefined) throw new ChatError('name_taken', { name });
    const ids = new Set<AccountId>();
    if (creator !== undefined) ids.add(this.existing(creator).id);
    for (const member of members) ids.add(this.named(member).id);
    if (ids.size > limits.roomMembersMax) throw new ChatError('members_too_many');
    for (const id of ids) this.requireRoomFor(id);
    const room: StoredRoom = { log: this.nextId() as LogId, name, members: ids };
    this.rooms.set(room.log, room);
    this.messages.set(room.log, []);
    for (const id of ids) this.placeCursors(id, room.log, seqZero);
    return { log: room.log, name, members: [...ids] };
  }

  joinRoom(name: RoomName, account: AccountId): RoomJoined {
    const room = this.namedRoom(name);
    const known = this.existing(account).cursors.get(defaultDevice)?.get(room.log);
    if (known !== undefined) return { log: room.log, name: room.name, cursor: known };
    if (room.members.size >= limits.roomMembersMax) throw new ChatError('members_too_many');
    this.requireRoomFor(account);
    room.members.add(account);
    this.placeCursors(account, room.log, this.head(room.log));
    return { log: room.log, name: room.name, cursor: this.head(room.log) };
  }

  leaveRoom(name: RoomName, account: AccountId): Room {
    const room = this.namedRoom(name);
    if (!room.members.delete(account)) throw new ChatError('not_a_member', { name });
    for (const cursors of this.existing(account).cursors.values()) cursors.delete(room.log);
    return { log: room.log, name: room.name };
  }

  /** Forward, never beyond the head, and only where there is a cursor; the default one goes along. */
  moveCursor({ account, device, log, seq }: CursorMove): void {
    const devices = this.accounts.get(account)?.cursors;
    const head = this.head(log);
    for (const cursors of [devices?.get(device), devices?.get(defaultDevice)]) {
      const stood = cursors?.get(log);
      if (stood !== undefined && seq > stood) cursors?.set(log, seq < head ? seq : head);
    }
  }

  /** @throws ChatError as {@link Draft.refused} says */
  append(draft: Draft): Appended {
    const { log, name } = this.destinationOf(draft);
    const stored = this.messages.get(log) as StoredMessage[];
    const repeated = stored.find(
      (message) => draft.key !== undefined && message.key === draft.key && message.senderId === draft.senderId,
    );
    if (repeated !== undefined) {
      if (!sameBytes(repeated.body, draft.body)) throw new ChatError('key_reused');
      return { log, seq: repeated.seq, to: name, repeated: true };
    }
    this.requireSpace(log);
    const seq = (this.head(log) + 1) as Seq;
    const { at, from, senderId, key } = draft;
    this.lastOrdinal += 1;
    stored.push({ seq, at, from, senderId, key, body: draft.body.slice(), ordinal: this.lastOrdinal });
    return { log, seq, to: name, repeated: false };
  }

  /** @throws ChatError account_unknown */
  named(name: Username): AccountRow {
    const row = this.account(name);
    if (row === undefined) throw new ChatError('account_unknown', { name });
    return row;
  }

  /** @throws ChatError room_unknown */
  namedRoom(name: RoomName): StoredRoom {
    const room = this.room(name);
    if (room === undefined) throw new ChatError('room_unknown', { name });
    return room;
  }

  /** The seq that every cursor in the log has passed; `undefined` when nobody follows it. */
  floor(log: LogId): Seq | undefined {
    const stand = [...this.accounts.values()].flatMap((row) =>
      [...row.cursors.values()].flatMap((cursors) => cursors.get(log) ?? []),
    );
    return stand.length === 0 ? undefined : (Math.min(...stand) as Seq);
  }

  private forget(row: AccountRow, device: string): void {
    row.cursors.delete(device);
    row.seenAt.delete(device);
  }

  private destinationOf(draft: Draft): { readonly log: LogId; readonly name: DestinationName } {
    if (draft.to.startsWith('#')) {
      const room = this.room(draft.to as RoomName);
      if (room === undefined) throw new ChatError('recipient_unknown');
      if (draft.senderId >= 0 && !room.members.has(draft.senderId)) throw new ChatError('not_a_member');
      return room;
    }
    const row = this.account(draft.to as Username);
    if (row === undefined || row.isSealed) throw new ChatError('recipient_unknown');
    if (row.blocked.has(draft.senderId)) throw new ChatError('blocked');
    return { log: mailboxOf(row.id), name: row.name };
  }

  /** A log holds at most so many messages that somebody who follows it has not acknowledged on any device. */
  private requireSpace(log: LogId): void {
    const followers = this.rooms.get(log)?.members ?? [log as number as AccountId];
    const cursors = [...followers].map((id) => this.existing(id).cursors.get(defaultDevice)?.get(log) ?? seqZero);
    if (this.head(log) - Math.min(...cursors) >= this.mailboxMessagesMax) throw new ChatError('mailbox_full');
  }

  private requireRoomFor(account: AccountId): void {
    if (this.roomsOf(account).length >= limits.roomsPerAccountMax) throw new ChatError('rooms_too_many');
  }

  private placeCursors(account: AccountId, log: LogId, seq: Seq): void {
    for (const cursors of this.existing(account).cursors.values()) cursors.set(log, seq);
  }

  private nextId(): number {
    this.lastId += 1;
    return this.lastId;
  }
}

export function byKey(a: NameKey, b: NameKey): number {
  return a < b ? -1 : 1;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
