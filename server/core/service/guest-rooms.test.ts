import { bounds, limits } from '../../../shared/limits';
import type { RoomName } from '../../../shared/names';
import { quiet } from '../../../tests/harness/quiet';
import { RecordingOutlet } from '../../../tests/harness/recording-outlet';
import { type Client, codeOf, World } from '../../../tests/harness/world';
import type { AddressedMessage, Seq } from '../ports';

let world: World;
let alice: Client;
let gina: Client;

beforeEach(async () => {
  world = new World();
  for (const name of ['alice', 'bob']) world.account(name);
  alice = await world.login('alice');
  gina = await world.guest('Gina');
  alice.outlet.take();
});

function textsOf(page: readonly AddressedMessage[]): string[] {
  return page.map(({ seq, from, to, body }) => `${seq} ${from} ${to} ${new TextDecoder().decode(body)}`);
}

describe('a room that is ensured', () => {
  test('is made without members once, and is then there', async () => {
    const { rooms } = world.chat;
    expect(await Promise.all([rooms.ensure('#Lobby'), rooms.ensure('#lobby')])).toEqual(['#Lobby', '#Lobby']);
    expect(await rooms.ensure('#LOBBY')).toBe('#Lobby');
    expect(await rooms.members('#lobby')).toEqual([]);
    expect(await codeOf(rooms.ensure('lobby'))).toBe('room_name_invalid');
  });

  test('is not, when the store fails', async () => {
    world.store.failNextCommit('store_full');
    expect(await codeOf(world.chat.rooms.ensure('#lobby'))).toBe('store_full');
  });
});

describe('a guest in a room', () => {
  test('reads what comes from when it joined, sends there, and is not written its own', async () => {
    await world.chat.rooms.create(alice.account, '#Den', []);
    await world.send(alice, '#den', 'before');
    expect(await world.chat.rooms.join(gina.account, '#DEN')).toBe('#Den');
    expect(await world.chat.rooms.join(gina.account, '#den')).toBe('#Den');
    await world.send(alice, '#den', 'after');
    expect(await world.send(gina, '#den', 'mine')).toEqual({ seq: 3, to: '#Den', live: true });
    expect(gina.outlet.take()).toEqual(['2 alice #Den after']);
    expect(alice.outlet.take()).toEqual(['3 Gina #Den mine']);
  });

  test('gets what was committed while it joined', async () => {
    await world.chat.rooms.create(alice.account, '#den', []);
    world.store.gate('findRoom').close();
    const joining = world.chat.rooms.join(gina.account, '#den');
    await quiet();
    await world.send(alice, '#den', 'meanwhile');
    world.store.gate('findRoom').open();
    await joining;
    await quiet();
    expect(gina.outlet.lines).toEqual(['1 alice #den meanwhile']);
  });

  test('is among its members, in the order of names, until it leaves the room or the chat', async () => {
    const hugo = await world.guest('hugo');
    await world.chat.rooms.create(alice.account, '#den', ['bob', 'HUGO', 'gina', 'hugo']);
    expect(await world.chat.rooms.members('#den')).toEqual(['alice', 'bob', 'Gina', 'hugo']);
    expect(await world.chat.rooms.leave(hugo.account, '#DEN')).toBe('#den');
    expect(await world.chat.rooms.members('#den')).toEqual(['alice', 'bob', 'Gina']);
    await world.send(alice, '#den', 'gone?');
    expect([hugo.outlet.take(), gina.outlet.take()]).toEqual([[], ['1 alice #den gone?']]);
    expect(await world.send(hugo, '#den', 'hi')).toBe('not_a_member');
    gina.session.end();
    expect(await world.chat.rooms.members('#den')).toEqual(['alice', 'bob']);
    expect(await world.send(alice, '#den', 'anybody?')).toMatchObject({ live: false });
  });

  test('makes rooms that accounts and guests are in from their beginning', async () => {
    const hugo = await world.guest('hugo');
    expect(await world.chat.rooms.create(gina.account, '#den', ['bob', 'hugo', 'alice'])).toBe('#den');
    expect(await world.chat.rooms.members('#den')).toEqual(['alice', 'bob', 'Gina', 'hugo']);
    await world.send(gina, '#den', 'hi');
    for (const { outlet } of [alice, hugo]) expect(outlet.take()).toEqual(['1 Gina #den hi']);
    const bob = await world.login('bob');
    expect(bob.outlet.lines).toEqual(['burst bob 1', '1 Gina #den hi', 'end']);
  });

  test('that has left while the room was made is not in it', async () => {
    world.store.autoCommit = false;
    const making = world.chat.rooms.create(alice.account, '#den', ['gina']);
    gina.session.end();
    const next = await world.guest('gina');
    world.store.autoCommit = true;
    world.store.commit();
    await making;
    expect(await world.chat.rooms.members('#den')).toEqual(['alice']);
    expect(await world.send(next, '#den', 'hi')).toBe('not_a_member');
  });

  test('is refused what cannot be done, with its reason', async () => {
    const { rooms } = world.chat;
    await rooms.create(alice.account, '#den', []);
    expect(await codeOf(rooms.join(gina.account, '#nowhere'))).toBe('room_unknown');
    expect(await codeOf(rooms.leave(gina.account, '#nowhere'))).toBe('room_unknown');
    expect(await codeOf(rooms.leave(gina.account, '#den'))).toBe('not_a_member');
    expect(await codeOf(rooms.create(gina.account, '#DEN', []))).toBe('name_taken');
    expect(await codeOf(rooms.create(gina.account, '#new', ['nobody']))).toBe('account_unknown');
    expect(await world.send(gina, '#den', 'hi')).toBe('not_a_member');
    expect(await world.send(gina, '#nowhere', 'hi')).toBe('recipient_unknown');
    gina.session.end();
    expect(await codeOf(rooms.join(gina.account, '#den'))).toBe('account_unknown');
    expect(await codeOf(rooms.create(gina.account, '#new', []))).toBe('account_unknown');
  });

  test('is in no more rooms than an account may be', async () => {
    for (let i = 0; i < limits.roomsPerAccountMax; i += 1) {
      const log = (1_000_000 + i) as never;
      jest.spyOn(world.store.rooms, 'find').mockResolvedValueOnce({ log, name: `#r${i}` as RoomName, head: 0 as Seq });
      await world.chat.rooms.join(gina.account, `#r${i}`);
    }
    await world.chat.rooms.create(alice.account, '#den', []);
    expect(await codeOf(world.chat.rooms.join(gina.account, '#den'))).toBe('rooms_too_many');
    expect(await codeOf(world.chat.rooms.create(alice.account, '#new', ['gina']))).toBe('rooms_too_many');
    await world.chat.rooms.ensure('#r7');
    await world.chat.rooms.leave(gina.account, '#r7');
    expect(await world.chat.rooms.join(gina.account, '#den')).toBe('#den');
  });
});

describe('a guest that enters a room', () => {
  async function entered(name: string, historyMax: number): Promise<Client> {
    const outlet = new RecordingOutlet();
    const session = (await world.chat.guests.enter({ name, outlet })) as Client['session'];
    outlet.attach(session);
    await world.chat.rooms.enter(session, '#den', { historyMax });
    return { account: session.account, session, outlet };
  }

  beforeEach(async () => {
    await world.chat.rooms.create(alice.account, '#den', ['gina']);
    for (const text of ['one', 'two']) await world.send(alice, '#den', text);
    await world.send(gina, '#den', 'three');
  });

  test.each([
    [0, []],
    [2, ['2 alice #den two', '3 Gina #den three']],
    [100, ['1 alice #den one', '2 alice #den two', '3 Gina #den three']],
  ])('reads up to %i messages of its history, and goes on', async (historyMax, lines) => {
    const hugo = await entered('hugo', historyMax);
    await world.send(alice, '#den', 'four');
    expect(hugo.outlet.take()).toEqual([]);
    hugo.session.goLive();
    await quiet();
    await world.send(alice, '#den', 'five');
    expect(hugo.outlet.take()).toEqual([...lines, '4 alice #den four', '5 alice #den five']);
  });

  test('reads what others have sent under its name before, and not what it sends itself', async () => {
    gina.session.end();
    const next = await entered('Gina', 2);
    await world.send(next, '#den', 'mine');
    await world.deliver(next);
    expect(next.outlet.take()).toEqual(['burst Gina 2', '2 alice #den two', '3 Gina #den three', 'end']);
    await world.send(next, '#den', 'mine too');
    await world.send(alice, '#den', 'hers');
    next.outlet.flush();
    await world.deliver(next);
    expect(next.outlet.take()).toEqual(['6 alice #den hers', 'burst Gina 0', 'end']);
  });

  test('reads all of its history that was sent under its name before', async () => {
    await world.send(gina, '#den', 'four');
    gina.session.end();
    const next = await entered('Gina', 1);
    await world.deliver(next);
    expect(next.outlet.take()).toEqual(['burst Gina 1', '4 Gina #den four', 'end']);
  });
});

describe('the history of a room', () => {
  beforeEach(async () => {
    await world.chat.rooms.create(alice.account, '#den', ['gina']);
    for (const text of ['one', 'two', 'three', 'four']) await world.send(alice, '#den', text);
  });

  test('is read by a guest in it as by an account', async () => {
    const { messages } = world.chat;
    for (const [before, count] of [
      [undefined, undefined],
      [undefined, 2],
      [3, 1],
      [3, 200],
      [9, 2],
      [1, 2],
    ] as [Seq | undefined, number | undefined][]) {
      const asGuest = textsOf(await messages.history(gina.account, '#DEN', before, count));
      expect(asGuest).toEqual(textsOf(await messages.history(alice.account, '#DEN', before, count)));
    }
  });

  test('is whole when it is longer than a page, and has no more than was kept', async () => {
    const long = 'x'.repeat(bounds.pageBytesMax);
    for (let i = 0; i < 3; i += 1) await world.send(alice, '#den', long);
    const room = world.store.tables.namedRoom('#den' as RoomName);
    world.store.tables.prune(room.log, 2 as Seq);
    const page = await world.chat.messages.history(gina.account, '#den', undefined, 6);
    expect(page.map(({ seq }) => seq)).toEqual([3, 4, 5, 6, 7]);
  });

  test('is not read by a guest that is not in it', async () => {
    const hugo = await world.guest('hugo');
    const history = (room: string) => world.chat.messages.history(hugo.account, room, undefined, undefined);
    expect(await codeOf(history('#den'))).toBe('not_a_member');
    expect(await codeOf(history('#nowhere'))).toBe('room_unknown');
  });
});
