/** Rooms: made, joined, left. Sessions of the accounts and guests concerned follow along at once. */

import {
  type DestinationName,
  nameKey,
  parseRoomName,
  parseUsername,
  type RoomName,
  type Username,
} from '../../../shared/names';
import { type GuestsOnline, isGuest } from '../guests';
import { type Account, type AccountId, type Clock, type LogId, type RoomStore, type Seq, seqZero } from '../ports';
import type { Presence } from '../presence';
import type { Session } from '../session';
import type { GuestRooms } from './guest-rooms';

export interface RoomsNeeds {
  readonly rooms: RoomStore;
  readonly clock: Clock;
  readonly presence: Presence;
  readonly guests: GuestsOnline;
  readonly guestRooms: GuestRooms;
}

export class Rooms {
  constructor(private readonly needs: RoomsNeeds) {}

  /** A room with its creator and these members, guests among them.
   *  @throws ChatError room_name_invalid, name_invalid, name_taken, account_unknown, members_too_many, rooms_too_many */
  async create(creator: Account, room: string, members: readonly string[]): Promise<RoomName> {
    const { clock, guestRooms, rooms } = this.needs;
    const name = parseRoomName(room);
    const { guests, accounts } = guestRooms.founders(creator, members.map(parseUsername));
    const created = await rooms.create(name, isGuest(creator) ? undefined : creator.id, accounts, clock.now());
    for (const member of created.members) this.follow(member, created.log, created.name, seqZero);
    guestRooms.found(created, guests);
    return created.name;
  }

  /** A room of this name, made without members if there is none.
   *  @throws ChatError room_name_invalid */
  async ensure(room: string): Promise<RoomName> {
    const { clock, rooms } = this.needs;
    const name = parseRoomName(room);
    try {
      return (await rooms.create(name, undefined, [], clock.now())).name;
    } catch (error) {
      const found = await rooms.find(name);
      if (found === undefined) throw error;
      return found.name;
    }
  }

  /** @throws ChatError room_name_invalid, room_unknown, members_too_many, rooms_too_many */
  async join(account: Account, room: string): Promise<RoomName> {
    const name = parseRoomName(room);
    if (isGuest(account)) return this.needs.guestRooms.join(account, name, 0);
    const joined = await this.needs.rooms.join(name, account.id);
    this.follow(account.id, joined.log, joined.name, joined.cursor);
    return joined.name;
  }

  /** A guest joins, and its session begins `historyMax` messages before the newest one, 0 or more. Those under its own
   *  name are among them: they are of somebody who had the name before.
   *  @throws ChatError room_name_invalid, room_unknown, rooms_too_many, account_unknown when the session has ended */
  enter({ account }: Session, room: string, { historyMax }: { readonly historyMax: number }): Promise<RoomName> {
    return this.needs.guestRooms.join(account, parseRoomName(room), historyMax);
  }

  /** @throws ChatError room_name_invalid, room_unknown, not_a_member */
  async leave(account: Account, room: string): Promise<RoomName> {
    const name = parseRoomName(room);
    if (isGuest(account)) return this.needs.guestRooms.leave(account, name);
    const left = await this.needs.rooms.leave(name, account.id);
    this.needs.presence.changeSessions(account.id, (session) => session.unfollow(left.log));
    return left.name;
  }

  /** Members in the order of their names, guests among them.
   *  @throws ChatError room_name_invalid, room_unknown */
  members(room: string): Promise<Username[]> {
    return this.allMembers(parseRoomName(room));
  }

  private async allMembers(name: RoomName): Promise<Username[]> {
    const accounts = await this.needs.rooms.members(name);
    const room = this.needs.guests.count === 0 ? undefined : await this.needs.rooms.find(name);
    const guests = room === undefined ? [] : this.needs.guests.membersOf(room);
    if (guests.length === 0) return accounts;
    return [...accounts, ...guests].sort((a, b) => (nameKey(a) < nameKey(b) ? -1 : 1));
  }

  private follow(account: AccountId, log: LogId, name: DestinationName, cursor: Seq): void {
    this.needs.presence.changeSessions(account, (session) => session.follow({ log, name, cursor }));
  }
}
