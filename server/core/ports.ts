/** What the core needs from outside. An adapter implements one of these and only `main.ts` picks it. */

import type { ErrorCode } from '../../shared/errors';
import type { DestinationName, RoomName, Username } from '../../shared/names';

declare const brand: unique symbol;

/** A log: the mailbox of an account or the log of a room. Never reused. */
export type LogId = number & { readonly [brand]: 'LogId' };
/** An account. It is also the {@link LogId} of its mailbox: see {@link mailboxOf}. Never reused. */
export type AccountId = number & { readonly [brand]: 'AccountId' };
/** The place of a message in its log, from 1; 0 stands before the first. */
export type Seq = number & { readonly [brand]: 'Seq' };
/** Milliseconds since 1970-01-01 UTC. */
export type UnixMs = number & { readonly [brand]: 'UnixMs' };

export const seqZero = 0 as Seq;

export function mailboxOf(account: AccountId): LogId {
  return account as number as LogId;
}

/** Whoever has a mailbox: an account of the store, or a guest, whose id is below 0. */
export interface Account {
  readonly id: AccountId;
  readonly name: Username;
}

/** An account with what a login is checked against; `undefined` when it has no password. */
export interface StoredAccount extends Account {
  readonly passwordHash: string | undefined;
}

/** A committed message. `body` is 1 to 65,536 bytes of UTF-8 without NUL, and may be a view of a larger buffer. */
export interface Message {
  readonly seq: Seq;
  readonly at: UnixMs;
  readonly from: Username;
  readonly body: Uint8Array;
}

/** A message in a page of a conversation, which may lie in either party's mailbox. */
export interface AddressedMessage extends Message {
  readonly to: DestinationName;
}

/** What came of a draft that was committed. */
export interface Appended {
  readonly log: LogId;
  readonly seq: Seq;
  /** The destination's name as it was created. */
  readonly to: DestinationName;
  /** The same sender, destination, key and body were stored before: this is that message, and no new one. */
  readonly repeated: boolean;
}

/** A message on its way into a log, and who waits for it: one object per message, no closure, no promise.
 *  Exactly one of the two methods is called, once, never before {@link LogStore.append} has returned, and
 *  `committed` never before the message is on disk. Drafts settle in the order in which they were appended. */
export interface Draft {
  /** Below 0 it is a guest's: the store looks neither for its membership nor whether it is blocked. */
  readonly senderId: AccountId;
  readonly from: Username;
  readonly to: DestinationName;
  /** The client's own key for this send; 1 to 64 visible ASCII characters. */
  readonly key: string | undefined;
  readonly body: Uint8Array;
  readonly at: UnixMs;
  committed(result: Appended): void;
  /** `recipient_unknown`, `blocked`, `not_a_member`, `mailbox_full`, `key_reused`, `store_full` or `store_failed`. */
  refused(code: ErrorCode): void;
}

/** A log that an account follows, and where one device of it stands there. */
export interface Subscription {
  readonly log: LogId;
  /** The account's own name for its mailbox, or the room's. */
  readonly name: DestinationName;
  /** Everything up to here is acknowledged. */
  readonly cursor: Seq;
}

/** The device of a session that named none: the account's default cursor. */
export const defaultDevice = '';

/** A device has acknowledged a log up to `seq`, inclusive. */
export interface CursorMove {
  readonly account: AccountId;
  readonly device: string;
  readonly log: LogId;
  readonly seq: Seq;
}

/** A page of names in the order of their keys. */
export interface NamePage {
  readonly names: readonly Username[];
  /** There are more after the last of these. */
  readonly more: boolean;
}

export interface NameQuery {
  /** A substring, or a whole-name pattern when it holds `*` or `?`; compared without case. */
  readonly pattern: string | undefined;
  /** Names after this one only. */
  readonly after: string | undefined;
  /** 1 to 1,000. */
  readonly namesMax: number;
}

/** Every method that returns a promise may reject with ChatError `store_failed` or `store_full`
 *  besides the codes it names; a write that rejected has left nothing behind. */
export interface AccountStore {
  /** Makes the account, its empty mailbox and its default cursor.
   *  @throws ChatError name_taken */
  create(name: Username, passwordHash: string | undefined, at: UnixMs): Promise<Account>;
  find(name: Username): Promise<StoredAccount | undefined>;
  /** @throws ChatError account_unknown */
  setPassword(account: AccountId, passwordHash: string): Promise<void>;
  /** From now on its mailbox takes no message: senders are told `recipient_unknown`, as they will be once
   *  {@link AccountStore.remove} is through. A restart undoes it, and so does {@link AccountStore.unseal}. */
  seal(account: AccountId): Promise<void>;
  unseal(account: AccountId): Promise<void>;
  /** Removes the account, its mailbox, cursors, memberships and blocks in one transaction. What is more than a short
   *  write can take of the mailbox is out of everybody's reach, and removed by `RetentionStore.prune`. */
  remove(account: AccountId): Promise<void>;
  list(query: NameQuery): Promise<NamePage>;
  /** `owner` takes no more messages from `other` in its mailbox. Idempotent.
   *  @throws ChatError account_unknown */
  block(owner: AccountId, other: Username): Promise<void>;
  /** @throws ChatError account_unknown */
  unblock(owner: AccountId, other: Username): Promise<void>;
}

/** Where reading a log goes on: after this seq, exclusive. */
export interface LogPosition {
  readonly log: LogId;
  readonly after: Seq;
}

/** Messages with `after < seq <= through`. */
export interface LogSpan extends LogPosition {
  readonly through: Seq;
}

/** A span of which the messages from `except` are not counted. */
export interface CountedSpan extends LogSpan {
  readonly except: Username;
}

/** What several logs held at one moment, in the order in which they were asked for. */
export interface Backlog {
  /** The seq of the newest message of each log, 0 for an empty log and for one that does not exist. */
  readonly heads: readonly Seq[];
  /** As {@link LogStore.read} of everything up to these heads. */
  readonly pages: readonly (readonly Message[])[];
}

/** Logs, and the cursors in them. Its promises may reject as those of {@link AccountStore}. */
export interface LogStore {
  /** Takes a draft into the batch that is gathering. In the transaction, and so without a race: the destination
   *  exists, takes messages from this sender, has room, and the key was not used for another body. */
  append(draft: Draft): void;
  /** True while what waits to be committed is over its bound: whoever appends stops reading its peers until
   *  the listener given to {@link LogStore.onRelief} is called. */
  readonly congested: boolean;
  onRelief(listener: () => void): void;
  /** The messages of the spans, oldest first, in one round trip: as many as fit in `bytesMax` (bodies and a small overhead
   *  each), but at least one if there is one. A page for each span that was looked at, in order; later spans have none. A
   *  page is empty only if its messages were pruned, or their log was removed. The pages end before a log that has nothing of
   *  its span because it does not reach as far: what was announced cannot be read yet.
   *  @throws ChatError store_failed when that is the first log */
  read(spans: readonly LogSpan[], bytesMax: number): Promise<(readonly Message[])[]>;
  /** What is there after these positions at one moment, in one round trip: the heads of the logs, and as many of the
   *  messages as {@link LogStore.read} would give. */
  backlog(positions: readonly LogPosition[], bytesMax: number): Promise<Backlog>;
  /** The logs that the account follows: its mailbox, then its rooms by name. A new device starts where the
   *  account's default cursor stands; of more than `limits.devicesPerAccountMax` the one that was seen longest ago is
   *  forgotten. `at` is when the device is seen; the store may note it to the hour. A device that cannot be noted,
   *  because the disk is full or broken, is answered like any other. */
  subscriptions(account: AccountId, device: string, at: UnixMs): Promise<Subscription[]>;
  /** For each of `logs`, in order, the seq of its newest message. */
  heads(logs: readonly LogId[]): Promise<Seq[]>;
  /** How many messages each span has, in order, without those from its `except`. */
  count(spans: readonly CountedSpan[]): Promise<number[]>;
  /** Moves cursors forward; a move backward, or of a cursor that is gone, is left out. A device's move takes the
   *  account's default cursor along: that one stands where any device of the account has been. */
  moveCursors(moves: readonly CursorMove[]): Promise<void>;
  /** The newest `messagesMax` messages of a room with `seq < before`, oldest first: of them as many of the newest as take
   *  `bounds.historyBytesMax` bytes, but at least one when there is one.
   *  @throws ChatError room_unknown, not_a_member */
  roomHistory(
    account: AccountId,
    room: RoomName,
    before: Seq | undefined,
    messagesMax: number,
  ): Promise<AddressedMessage[]>;
  /** The newest `messagesMax` messages between two accounts, oldest first: those from `other` in the account's
   *  mailbox with `seq < before`, and those of the account in the other's mailbox that are not newer than the
   *  message `before`. Bounded in bytes as {@link LogStore.roomHistory} is.
   *  @throws ChatError account_unknown */
  conversation(
    account: Account,
    other: Username,
    before: Seq | undefined,
    messagesMax: number,
  ): Promise<AddressedMessage[]>;
}

export interface Room {
  readonly log: LogId;
  readonly name: RoomName;
}

export interface RoomHead extends Room {
  /** The seq of its newest message. */
  readonly head: Seq;
}

/** Rooms, and who is in them. Its promises may reject as those of {@link AccountStore}. */
export interface RoomStore {
  /** Makes a room with these members, whose cursors stand at its beginning. It may be without any.
   *  @throws ChatError name_taken, account_unknown, members_too_many, rooms_too_many */
  create(
    name: RoomName,
    creator: AccountId | undefined,
    members: readonly Username[],
    at: UnixMs,
  ): Promise<RoomCreated>;
  find(name: RoomName): Promise<RoomHead | undefined>;
  /** The account's cursors there stand at the head: it reads what comes from now on. Idempotent.
   *  @throws ChatError room_unknown, members_too_many, rooms_too_many */
  join(name: RoomName, account: AccountId): Promise<RoomJoined>;
  /** @throws ChatError room_unknown, not_a_member */
  leave(name: RoomName, account: AccountId): Promise<Room>;
  /** Members by name.
   *  @throws ChatError room_unknown */
  members(name: RoomName): Promise<Username[]>;
}

export interface RoomCreated extends Room {
  /** The creator included if there is one, each once. */
  readonly members: readonly AccountId[];
}

export interface RoomJoined extends Room {
  /** Where the new member's cursor stands. */
  readonly cursor: Seq;
}

/** Accounts, logs and rooms, durable. What a correct one does is in store/contract.ts. */
export interface Store {
  readonly accounts: AccountStore;
  readonly logs: LogStore;
  readonly rooms: RoomStore;
  /** Settles what was appended, then closes. */
  close(): Promise<void>;
}

/** A device of an account that named itself. */
export interface AccountDevice {
  readonly account: AccountId;
  readonly device: string;
}

/** That a message was committed. It carries the message: a session at the head writes it without a read. */
export interface Nudge {
  readonly log: LogId;
  readonly message: Message;
}

/** Carries nudges to every node, this one included. A lost nudge costs time, never a message.
 *  What a correct one does is in bus/contract.ts. */
export interface Bus {
  publish(nudge: Nudge): void;
  subscribe(listener: (nudge: Nudge) => void): void;
  close(): Promise<void>;
}

/** A task that was planned. To cancel it twice, or after it ran, is nothing. */
export interface Timer {
  cancel(): void;
}

/** The time of day, which may be set back, and timers, which do not follow it. A delay may be of any length. */
export interface Clock {
  now(): UnixMs;
  /** Runs `task` once, after `delayMs` at the earliest. */
  after(delayMs: number, task: () => void): Timer;
}

export interface Chance {
  /** At least 0, below 1. */
  fraction(): number;
}

/** Besides the code they name, both questions may reject with ChatError `password_invalid`, for a password of more than
 *  `limits.passwordBytesMax`, or `closing`. */
export interface Hasher {
  /** @throws ChatError busy when too many wait */
  hash(password: string): Promise<string>;
  /** Whether `password` is the one that was hashed. Without a `hash` it is false, after the same time.
   *  @throws ChatError busy when too many wait */
  verify(password: string, hash: string | undefined): Promise<boolean>;
  close(): Promise<void>;
}

/** `event` is a stable name such as `pruned`; what varies is in `facts`. */
export interface Logger {
  info(event: string, facts?: object): void;
  warn(event: string, facts?: object): void;
  /** A bug or a fault of the machine, with its cause. Never a password or a body. */
  error(event: string, cause: unknown, facts?: object): void;
}
