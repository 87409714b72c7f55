/** What any store does with rooms. */

import { roomNameFor } from '../../../shared/escaped-names';
import { limits } from '../../../shared/limits';
import type { RoomName, Username } from '../../../shared/names';
import type { Account } from '../../core/ports';
import { describeOn, epoch, freshWord, type OpenStore, type Stage } from './stage';

export function roomsContract(open: OpenStore): void {
  describeOn('rooms', open, (stage) => {
    creationTests(stage);
    membershipTests(stage);
    deviceTests(stage);
    memberlessTests(stage);
  });
  describeOn('rooms that only guests are in', open, guestTests, 2);
  describeOn('rooms at their limits', open, limitTests);
}

function creationTests(stage: () => Stage): void {
  test('a room has its creator and members, each once, whose cursors stand at its beginning', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    const members = [bob.name, alice.name, bob.name.toUpperCase() as Username];
    const name = `#Den${freshWord()}` as RoomName;
    const room = await stage().store.rooms.create(name, alice.id, members, epoch);
    expect(room).toEqual({ log: room.log, name, members: expect.arrayContaining([alice.id, bob.id]) });
    expect(room.members).toHaveLength(2);
    expect(await stage().store.rooms.members(name.toUpperCase() as RoomName)).toEqual([alice.name, bob.name].sort());
    expect(await stage().cursors(bob)).toEqual([0, 0]);
  });

  test('the longest name is that of a room like any other, in any case', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    const word = freshWord();
    const name = `#Long${word}${'x_-.Z0'.repeat(50)}`.slice(0, 1 + limits.roomNameLengthMax) as RoomName;
    const other = `${name.slice(0, -1)}y` as RoomName;
    const { log } = await stage().store.rooms.create(name, alice.id, [bob.name], epoch);
    await expect(stage().store.rooms.create(name.toUpperCase() as RoomName, bob.id, [], epoch)).rejects.toMatchObject({
      code: 'name_taken',
    });
    expect(await stage().send(bob, name.toUpperCase(), 'one')).toMatchObject({ log, seq: 1, to: name });
    expect(await stage().send(alice, name, 'two', { key: 'k'.repeat(limits.keyLengthMax) })).toMatchObject({
      seq: 2,
      to: name,
    });
    expect(await stage().texts(log)).toEqual(['one', 'two']);
    const history = await stage().store.logs.roomHistory(bob.id, name.toLowerCase() as RoomName, undefined, 10);
    expect(history.map(({ to }) => to)).toEqual([name, name]);
    expect(await stage().store.rooms.find(name)).toEqual({ log, name, head: 2 });
    expect(await stage().store.rooms.find(other)).toBeUndefined();
    expect(await stage().send(alice, other, 'three')).toBe('recipient_unknown');
  });

  test('a room that stands for a chat is found by every spelling of it, and is called as it was made', async () => {
    const [alice, bob, carol] = (await stage().accounts(3)) as [Account, Account, Account];
    const word = freshWord();
    const name = roomNameFor(`Caf\u00e9 ${word}`) as RoomName;
    const spelled = [`cafe\u0301 ${word}`, `CAF\u00c9 ${word}`, `ＣＡＦÉ ${word.toUpperCase()}`].map(
      (text) => roomNameFor(text) as RoomName,
    );
    const [decomposed, upper, wide] = spelled as [RoomName, RoomName, RoomName];
    const { rooms, logs } = stage().store;
    const { log } = await rooms.create(name, alice.id, [], epoch);
    for (const other of spelled) {
      expect(await rooms.find(other)).toMatchObject({ log, name });
      await expect(rooms.create(other, bob.id, [], epoch)).rejects.toMatchObject({ code: 'name_taken' });
    }
    expect(await rooms.join(decomposed, bob.id)).toEqual({ log, name, cursor: 0 });
    expect(await rooms.join(upper, carol.id)).toEqual({ log, name, cursor: 0 });
    // Each by another spelling, some before and some after the room has been used by its own name.
    expect(await stage().send(bob, wide, 'one')).toMatchObject({ log, seq: 1, to: name });
    expect(await stage().send(alice, name, 'two')).toMatchObject({ log, seq: 2, to: name });
    expect(await stage().send(bob, decomposed, 'three')).toMatchObject({ log, seq: 3, to: name });
    expect(await stage().send(alice, name, 'four')).toMatchObject({ log, seq: 4, to: name });
    expect(await stage().texts(log)).toEqual(['one', 'two', 'three', 'four']);
    const history = await logs.roomHistory(bob.id, upper, undefined, 10);
    expect(history.map(({ to, seq }) => [to, seq])).toEqual([1, 2, 3, 4].map((seq) => [name, seq]));
    expect(await rooms.leave(upper, carol.id)).toEqual({ log, name });
    expect(await rooms.members(wide)).toEqual([alice.name, bob.name].sort());
    expect(await stage().send(carol, wide, 'five')).toBe('not_a_member');
    expect(await rooms.find(roomNameFor(`Cafe ${word}`) as RoomName)).toBeUndefined();
  });

  test('a name is taken in any case, but not by an account', async () => {
    const alice = await stage().account();
    const name = alice.name.replace(/^/, '#') as RoomName;
    const create = (as: string) => stage().store.rooms.create(as as RoomName, alice.id, [], epoch);
    await create(name);
    await expect(create(name.toUpperCase())).rejects.toMatchObject({ code: 'name_taken' });
  });

  test('a room with an unknown member is not made', async () => {
    const alice = await stage().account();
    const name = `#x${freshWord()}` as RoomName;
    const members = [alice.name, 'nobody' as Username];
    const create = stage().store.rooms.create(name, alice.id, members, epoch);
    await expect(create).rejects.toMatchObject({ code: 'account_unknown', detail: { name: 'nobody' } });
    await expect(stage().store.rooms.members(name)).rejects.toMatchObject({ code: 'room_unknown' });
    const ofNobody = stage().store.rooms.create(name, 9_999_999 as never, [], epoch);
    await expect(ofNobody).rejects.toMatchObject({ code: 'account_unknown' });
  });
}

function membershipTests(stage: () => Stage): void {
  test('who joins reads what comes from then on; joining twice changes nothing', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    const room = await stage().room(alice);
    await stage().sendAll(alice, room.name, ['1', '2']);
    const joined = await stage().store.rooms.join(room.name.toUpperCase() as RoomName, bob.id);
    expect(joined).toEqual({ log: room.log, name: room.name, cursor: 2 });
    await stage().send(alice, room.name, '3');
    expect(await stage().store.rooms.join(room.name, bob.id)).toMatchObject({ cursor: 2 });
    expect(await stage().cursors(bob)).toEqual([0, 2]);
  });

  test('who joins in the same turn as a message stands behind it', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    const room = await stage().room(alice);
    void stage().send(alice, room.name, '1');
    expect(await stage().store.rooms.join(room.name, bob.id)).toMatchObject({ cursor: 1 });
  });

  test('who leaves follows the room no more, and comes back at its head', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    const room = await stage().room(alice, bob);
    const left = await stage().store.rooms.leave(room.name.toUpperCase() as RoomName, bob.id);
    expect(left).toEqual({ log: room.log, name: room.name });
    expect(await stage().cursors(bob)).toEqual([0]);
    expect(await stage().store.rooms.members(room.name)).toEqual([alice.name]);
    await stage().send(alice, room.name, 'unseen');
    expect(await stage().store.rooms.join(room.name, bob.id)).toMatchObject({ cursor: 1 });
  });

  test('a room that everybody left keeps its name and its messages', async () => {
    const alice = await stage().account();
    const room = await stage().room(alice);
    await stage().send(alice, room.name, 'still here');
    await stage().store.rooms.leave(room.name, alice.id);
    expect(await stage().store.rooms.members(room.name)).toEqual([]);
    expect(await stage().texts(room.log)).toEqual(['still here']);
  });

  test('joining, leaving and looking at what is not there is refused', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    const { rooms } = stage().store;
    const nowhere = '#nowhere' as RoomName;
    await expect(rooms.join(nowhere, alice.id)).rejects.toMatchObject({ code: 'room_unknown' });
    await expect(rooms.leave(nowhere, alice.id)).rejects.toMatchObject({ code: 'room_unknown' });
    await expect(rooms.members(nowhere)).rejects.toMatchObject({ code: 'room_unknown' });
    const room = await stage().room(alice);
    await expect(rooms.leave(room.name, bob.id)).rejects.toMatchObject({ code: 'not_a_member' });
    await expect(rooms.join(room.name, 9_999_999 as never)).rejects.toMatchObject({ code: 'account_unknown' });
  });
}

function deviceTests(stage: () => Stage): void {
  test('every device of a member has a cursor in a room that is made, joined or left', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    await stage().cursors(bob, 'phone');
    const room = await stage().room(alice, bob);
    await stage().send(alice, room.name, '1');
    await stage().acknowledge(bob, 1, { device: 'phone', log: room.log });
    expect([await stage().cursors(bob, 'phone'), await stage().cursors(bob)]).toEqual([
      [0, 1],
      [0, 1],
    ]);
    await stage().store.rooms.leave(room.name, bob.id);
    expect(await stage().cursors(bob, 'phone')).toEqual([0]);
    await stage().store.rooms.join(room.name, bob.id);
    await stage().send(alice, room.name, '2');
    await stage().acknowledge(bob, 2, { log: room.log });
    expect(await stage().cursors(bob, 'phone')).toEqual([0, 1]);
  });
}

function memberlessTests(stage: () => Stage): void {
  test('a room can be made without members, and accounts join it later', async () => {
    const name = `#Hall${freshWord()}` as RoomName;
    const room = await stage().store.rooms.create(name, undefined, [], epoch);
    expect(room).toEqual({ log: room.log, name, members: [] });
    expect(await stage().store.rooms.members(name)).toEqual([]);
    const alice = await stage().account();
    expect(await stage().send(alice, name, 'let me in')).toBe('not_a_member');
    await stage().store.rooms.join(name, alice.id);
    expect(await stage().send(alice, name, 'hi')).toMatchObject({ seq: 1 });
  });

  test('a room made without a creator has the accounts that were named', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    const name = `#Hall${freshWord()}` as RoomName;
    const room = await stage().store.rooms.create(name, undefined, [alice.name, bob.name], epoch);
    expect([...room.members].sort()).toEqual([alice.id, bob.id].sort());
    expect(await stage().cursors(alice)).toEqual([0, 0]);
  });

  test('a room is found by its name in any case, with its newest message, and one that is not there is not', async () => {
    const alice = await stage().account();
    const { log, name } = await stage().room(alice);
    await stage().sendAll(alice, name, ['1', '2']);
    expect(await stage().store.rooms.find(name.toUpperCase() as RoomName)).toEqual({ log, name, head: 2 });
    expect(await stage().store.rooms.find('#nowhere' as RoomName)).toBeUndefined();
  });
}

/** A guest as the store meets it: an id that no account has, as low as the clock makes it. */
const guest = { id: -1_700_000_000_000_123, name: 'Passer.by' } as unknown as Account;

function guestTests(stage: () => Stage): void {
  test('a guest sends to rooms and accounts, and its name stands under what it has sent', async () => {
    const alice = await stage().account();
    const room = await stage().room(alice);
    expect(await stage().send(guest, room.name, 'to all')).toMatchObject({ log: room.log, seq: 1 });
    expect(await stage().send(guest, alice.name, 'to you')).toMatchObject({ seq: 1 });
    expect(await stage().inbox(alice)).toEqual(['to you']);
    const [message] = await stage().store.logs.roomHistory(alice.id, room.name, undefined, 1);
    expect(message).toMatchObject({ from: 'Passer.by', to: room.name });
    expect(await stage().send(guest, '#nowhere', 'x')).toBe('recipient_unknown');
  });

  test('a room without members is never full', async () => {
    const { log, name } = await stage().store.rooms.create(`#h${freshWord()}` as RoomName, undefined, [], epoch);
    await stage().sendAll(guest, name, ['1', '2', '3']);
    expect(await stage().send(guest, name, '4')).toMatchObject({ seq: 4 });
    const alice = await stage().account();
    await stage().store.rooms.join(name, alice.id);
    await stage().sendAll(guest, name, ['5', '6']);
    expect(await stage().send(guest, name, '7')).toBe('mailbox_full');
    await stage().store.rooms.leave(name, alice.id);
    expect(await stage().send(guest, name, '7')).toMatchObject({ log, seq: 7 });
  });

  test('a key of a guest is its own: another guest has not used it', async () => {
    const alice = await stage().account();
    const other = { ...guest, id: (guest.id - 1) as Account['id'] };
    const send = (by: Account) => stage().send(by, alice.name, 'hi', { key: 'k' });
    expect([await send(guest), await send(guest), await send(other)]).toMatchObject([
      { seq: 1, repeated: false },
      { seq: 1, repeated: true },
      { seq: 2, repeated: false },
    ]);
  });
}

function limitTests(stage: () => Stage): void {
  test('a room has no more members than the limit', async () => {
    const crowd = await stage().accounts(limits.roomMembersMax + 1);
    const [alice, ...others] = crowd as [Account, ...Account[]];
    const names = others.map((other) => other.name);
    const create = (members: readonly Username[]) =>
      stage().store.rooms.create(`#c${freshWord()}` as RoomName, alice.id, members, epoch);
    await expect(create(names)).rejects.toMatchObject({ code: 'members_too_many' });
    const room = await create(names.slice(1));
    const late = others[0] as Account;
    await expect(stage().store.rooms.join(room.name, late.id)).rejects.toMatchObject({ code: 'members_too_many' });
    await stage().store.rooms.leave(room.name, alice.id);
    expect(await stage().store.rooms.join(room.name, late.id)).toMatchObject({ log: room.log });
  });

  test('an account is in no more rooms than the limit', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    const rooms = await Promise.all(Array.from({ length: limits.roomsPerAccountMax }, () => stage().room(alice)));
    await expect(stage().room(bob, alice)).rejects.toMatchObject({ code: 'rooms_too_many' });
    const another = await stage().room(bob);
    const join = () => stage().store.rooms.join(another.name, alice.id);
    await expect(join()).rejects.toMatchObject({ code: 'rooms_too_many' });
    await stage().store.rooms.leave((rooms[0] as { name: RoomName }).name, alice.id);
    expect(await join()).toMatchObject({ log: another.log });
  });
}
