/** Guests in rooms: their memberships are remembered while they are here, and stored nowhere. */

import { ChatError } from '../../../shared/errors';
import { roomKey } from '../../../shared/escaped-names';
import { bounds } from '../../../shared/limits';
import { nameKey, type RoomName, type Username } from '../../../shared/names';
import { type Guest, type GuestsOnline, isGuest, requireRoomFor } from '../guests';
import {
  type Account,
  type AddressedMessage,
  type LogStore,
  type Room,
  type RoomHead,
  type RoomStore,
  type Seq,
  seqZero,
} from '../ports';
import type { Presence } from '../presence';

export interface GuestRoomsNeeds {
  readonly rooms: RoomStore;
  readonly logs: LogStore;
  readonly online: GuestsOnline;
  readonly presence: Presence;
}

export class GuestRooms {
  constructor(private readonly needs: GuestRoomsNeeds) {}

  /** The guest reads what comes from now on, and before that the newest `historyMax` messages. Twice is once.
   *  @throws ChatError room_unknown, rooms_too_many, account_unknown when the guest has left meanwhile */
  async join(account: Account, name: RoomName, historyMax: number): Promise<RoomName> {
    const room = await this.existing(name);
    const guest = this.needs.online.of(account);
    if (!guest.rooms.has(nameKey(room.name))) {
      requireRoomFor(guest);
      this.admit(guest, room, Math.max(0, room.head - historyMax) as Seq, room.head);
    }
    return room.name;
  }

  /** @throws ChatError room_unknown, not_a_member, account_unknown when the guest has left meanwhile */
  async leave(account: Account, name: RoomName): Promise<RoomName> {
    const room = await this.existing(name);
    if (!this.needs.online.of(account).rooms.delete(nameKey(room.name))) throw new ChatError('not_a_member', { name });
    this.needs.presence.changeSessions(account.id, (session) => session.unfollow(room.log));
    return room.name;
  }

  /** Of these names and the creator, the guests, each once, and the names that are left for accounts.
   *  @throws ChatError rooms_too_many, account_unknown when the creator was a guest and has left */
  founders(creator: Account, names: readonly Username[]): { guests: ReadonlySet<Guest>; accounts: Username[] } {
    const { online } = this.needs;
    const guests = new Set<Guest>();
    const accounts: Username[] = [];
    if (isGuest(creator)) guests.add(online.of(creator));
    for (const name of names) {
      const guest = online.named(name);
      if (guest === undefined) accounts.push(name);
      else guests.add(guest);
    }
    for (const guest of guests) requireRoomFor(guest);
    return { guests, accounts };
  }

  /** The guests that are still here read the new room from its beginning. */
  found(room: Room, guests: Iterable<Guest>): void {
    for (const guest of guests) {
      if (this.needs.online.named(guest.account.name) === guest) this.admit(guest, room, seqZero, seqZero);
    }
  }

  /** As {@link LogStore.roomHistory}, for a guest.
   *  @throws ChatError room_unknown, not_a_member, account_unknown when the guest has left meanwhile */
  async history(
    account: Account,
    name: RoomName,
    before: Seq | undefined,
    messagesMax: number,
  ): Promise<AddressedMessage[]> {
    const room = await this.existing(name);
    if (!this.needs.online.of(account).rooms.has(nameKey(room.name))) throw new ChatError('not_a_member', { name });
    const { logs } = this.needs;
    const [head = seqZero] = await logs.heads([room.log]);
    const through = (before === undefined ? head : Math.min(head, before - 1)) as Seq;
    const history: AddressedMessage[] = [];
    let after = Math.max(0, through - messagesMax) as Seq;
    while (after < through) {
      const [page = []] = await logs.read([{ log: room.log, after, through }], bounds.pageBytesMax);
      for (const message of page) history.push({ ...message, to: room.name });
      keepNewest(history, bounds.historyBytesMax);
      after = page.at(-1)?.seq ?? through;
    }
    return history;
  }

  private admit({ account, rooms }: Guest, { log, name }: Room, cursor: Seq, ownAfter: Seq): void {
    rooms.set(nameKey(name), { log, name, key: roomKey(name) });
    this.needs.presence.changeSessions(account.id, (session) => session.follow({ log, name, cursor }, ownAfter));
  }

  /** @throws ChatError room_unknown */
  private async existing(name: RoomName): Promise<RoomHead> {
    const room = await this.needs.rooms.find(name);
    if (room === undefined) throw new ChatError('room_unknown', { name });
    return room;
  }
}

/** Drops the oldest messages until the rest takes at most `bytesMax` bytes of bodies; one message is left in any case. */
function keepNewest(messages: AddressedMessage[], bytesMax: number): void {
  let bytes = 0;
  const tooOld = messages.findLastIndex((message) => {
    bytes += message.body.length;
    return bytes > bytesMax;
  });
  messages.splice(0, Math.min(tooOld + 1, messages.length - 1));
}
