/** Rooms: made, joined, left. Sessions of the accounts concerned follow along at once. */

import {
  type DestinationName,
  parseRoomName,
  parseUsername,
  type RoomName,
  type Username,
} from '../../../shared/names';
import { type Account, type AccountId, type Clock, type LogId, type RoomStore, type Seq, seqZero } from '../ports';
import type { Presence } from '../presence';

export interface RoomsNeeds {
  readonly rooms: RoomStore;
  readonly clock: Clock;
  readonly presence: Presence;
}

export class Rooms {
  constructor(private readonly needs: RoomsNeeds) {}

  /** A room with its creator and these accounts as members.
   *  @throws ChatError room_name_invalid, name_invalid, name_taken, account_unknown, members_too_many, rooms_too_many */
  async create(creator: Account, room: string, members: readonly string[]): Promise<RoomName> {
    const name = parseRoomName(room);
    const created = await this.needs.rooms.create(name, creator.id, members.map(parseUsername), this.needs.clock.now());
    for (const member of created.members) this.follow(member, created.log, created.name, seqZero);
    return created.name;
  }

  /** @throws ChatError room_name_invalid, room_unknown, members_too_many, rooms_too_many */
  async join(account: Account, room: string): Promise<RoomName> {
    const joined = await this.needs.rooms.join(parseRoomName(room), account.id);
    this.follow(account.id, joined.log, joined.name, joined.cursor);
    return joined.name;
  }

  /** @throws ChatError room_name_invalid, room_unknown, not_a_member */
  async leave(account: Account, room: string): Promise<RoomName> {
    const left = await this.needs.rooms.leave(parseRoomName(room), account.id);
    this.needs.presence.changeSessions(account.id, (session) => session.unfollow(left.log));
    return left.name;
  }

  /** Members in the order of their names.
   *  @throws ChatError room_name_invalid, room_unknown */
  members(room: string): Promise<Username[]> {
    return this.needs.rooms.members(parseRoomName(room));
  }

  private follow(account: AccountId, log: LogId, name: DestinationName, cursor: Seq): void {
    this.needs.presence.changeSessions(account, (session) => session.follow({ log, name, cursor }));
  }
}
