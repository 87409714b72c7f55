/** Guests: who is here under a name without having an account. @see docs/delivery.md#guests */

import { ChatError } from '../../shared/errors';
import { roomKey } from '../../shared/escaped-names';
import { limits } from '../../shared/limits';
import { type DestinationName, type NameKey, nameKey, type RoomName, type Username } from '../../shared/names';
import type { GuestMailbox } from './guest-mailbox';
import type { Account, AccountId, Clock, Room } from './ports';

/** Whether this is a guest: its id, and that of its mailbox, is below 0. */
export function isGuest(account: Account): boolean {
  return account.id < 0;
}

/** The sender of what a guest sends to a room that it is not in: nobody is a member anywhere, and the store tells a room
 *  that is not there from one that takes nothing from outside. */
const nobody = 0 as AccountId;

/** A guest while its session lasts. */
export interface Guest {
  readonly account: Account;
  readonly mailbox: GuestMailbox;
  /** The rooms that it is in, each under the key of its own name. */
  readonly rooms: Map<NameKey, GuestRoom>;
}

export interface GuestRoom extends Room {
  /** As {@link roomKey} gives it. */
  readonly key: NameKey;
}

/** The guests that are here, and the ids that they get. */
export class GuestsOnline {
  private readonly byKey = new Map<NameKey, Guest>();
  private readonly byId = new Map<AccountId, Guest>();
  private lastId = 0;

  constructor(private readonly clock: Clock) {}

  get count(): number {
    return this.byKey.size;
  }

  /** An id below 0 that no guest had before: not in this run, and, unless the clock went back, in none before. What a
   *  guest of an earlier run has sent is stored under its id, with its keys. */
  newId(): AccountId {
    this.lastId = Math.max(this.lastId + 1, this.clock.now() * idsPerMs);
    return -this.lastId as AccountId;
  }

  add(guest: Guest): void {
    this.byKey.set(nameKey(guest.account.name), guest);
    this.byId.set(guest.account.id, guest);
  }

  remove({ account }: Guest): void {
    this.byKey.delete(nameKey(account.name));
    this.byId.delete(account.id);
  }

  named(name: DestinationName): Guest | undefined {
    return this.byKey.get(nameKey(name));
  }

  /** @throws ChatError account_unknown when it has left */
  of(account: Account): Guest {
    const guest = this.byId.get(account.id);
    if (guest === undefined) throw new ChatError('account_unknown', { name: account.name });
    return guest;
  }

  /** Whom the store is to see as the sender of what a guest sends to `to`. */
  senderId(guest: AccountId, to: DestinationName): AccountId {
    const isShutOut = to.startsWith('#') && !isIn(this.byId.get(guest), to as RoomName);
    return isShutOut ? nobody : guest;
  }

  membersOf({ name }: Room): Username[] {
    const key = nameKey(name);
    return [...this.byKey.values()].filter(({ rooms }) => rooms.has(key)).map(({ account }) => account.name);
  }
}

/** Whether the guest is in the room of this name, or of another spelling of it. */
function isIn(guest: Guest | undefined, name: RoomName): boolean {
  if (guest === undefined) return false;
  if (guest.rooms.has(nameKey(name))) return true;
  const key = roomKey(name);
  return [...guest.rooms.values()].some((room) => room.key === key);
}

/** @throws ChatError rooms_too_many */
export function requireRoomFor({ account, rooms }: Guest): void {
  if (rooms.size >= limits.roomsPerAccountMax) throw new ChatError('rooms_too_many', { name: account.name });
}

/** Guests that may enter in a millisecond, for ever, before ids run ahead of the clock. */
const idsPerMs = 1_000;
