import { bounds } from '../../../shared/limits';
import { quiet } from '../../../tests/harness/quiet';
import { RecordingOutlet } from '../../../tests/harness/recording-outlet';
import { type Client, codeOf, World } from '../../../tests/harness/world';
import { isGuest } from '../guests';

let world: World;
let alice: Client;

beforeEach(async () => {
  world = new World();
  world.account('alice');
  world.account('bob');
  alice = await world.login('alice', { wantsReceipts: true });
  alice.outlet.take();
});

describe('the name of a guest', () => {
  test('is its own while it is here, and free again at once', async () => {
    const gina = await world.guest('Gina');
    expect(gina.account).toEqual({ id: expect.any(Number), name: 'Gina' });
    expect([isGuest(gina.account), isGuest(alice.account)]).toEqual([true, false]);
    expect(await codeOf(world.guest('gina'))).toBe('name_taken');
    gina.session.end();
    const next = await world.guest('GINA');
    expect(next.account.id).toBeLessThan(gina.account.id);
  });

  test.each([
    ['ALICE', 'name_taken'],
    ['server', 'name_reserved'],
    ['two words', 'name_invalid'],
    ['#den', 'name_invalid'],
  ])('is not %s: %s', async (name, code) => {
    expect(await codeOf(world.guest(name))).toBe(code);
  });

  test('is not given to an account, and is once the guest has left', async () => {
    const gina = await world.guest('Gina');
    expect(await codeOf(world.chat.accounts.create('gina', 'pw'))).toBe('name_taken');
    expect(await codeOf(world.chat.accounts.createOpen('gina'))).toBe('name_taken');
    gina.session.end();
    expect(await world.chat.accounts.createOpen('gina')).toMatchObject({ name: 'gina' });
  });

  test('is free when its connection went while it entered, and when the store failed', async () => {
    const outlet = new RecordingOutlet();
    world.store.gate('find').close();
    const entering = world.chat.guests.enter({ name: 'gina', outlet, isGone: () => outlet.isGone });
    await quiet();
    expect(await codeOf(world.guest('gina'))).toBe('name_taken');
    outlet.lose();
    world.store.gate('find').open();
    expect(await entering).toBeUndefined();
    world.store.failNextRead('find');
    expect(await codeOf(world.guest('gina'))).toBe('store_failed');
    expect((await world.guest('gina')).account.name).toBe('gina');
  });

  test('goes to the account that is being made, however the two interleave', async () => {
    for (const held of ['guest', 'account'] as const) {
      for (const make of ['create', 'createOpen'] as const) {
        const own = new World({ autoCommit: false });
        const enter = (): Promise<unknown> => own.chat.guests.enter({ name: 'eve', outlet: new RecordingOutlet() });
        const create = (): Promise<unknown> => own.chat.accounts[make]('Eve', 'pw');
        own.store.gate('find').close();
        const [first, second] = held === 'guest' ? [enter, create] : [create, enter];
        const codes = [codeOf(first()), codeOf(second())];
        await quiet();
        own.store.gate('find').open();
        await quiet();
        own.store.commit();
        expect(await Promise.all(codes)).toEqual([undefined, 'name_taken']);
      }
    }
  });
});

describe('a message to a guest', () => {
  test('is written to it at once, and acknowledged as to anybody', async () => {
    const gina = await world.guest('Gina');
    expect(await world.send(alice, 'GINA', 'hi')).toEqual({ seq: 1, to: 'Gina', live: true });
    expect(await world.send(alice, 'gina', 'ho')).toMatchObject({ seq: 2 });
    expect(gina.outlet.take()).toEqual(['1 alice Gina hi', '2 alice Gina ho']);
    gina.outlet.flush();
    expect(alice.outlet.take()).toEqual(['receipt Gina 1', 'receipt Gina 2']);
    expect(world.store.readCount('read')).toBe(0);
  });

  test('is told to its sender after the send has returned, as by a store', async () => {
    const gina = await world.guest('gina');
    const posted = world.post(alice, 'gina', 'hi');
    expect([posted.outcome, gina.outlet.lines]).toEqual([undefined, []]);
    await quiet();
    expect(posted.outcome).toMatchObject({ seq: 1 });
  });

  test('that is sent again under its key is the same message', async () => {
    const gina = await world.guest('gina');
    expect(await world.send(alice, 'gina', 'hi', 'k')).toMatchObject({ seq: 1 });
    expect(await world.send(alice, 'GINA', 'hi', 'k')).toMatchObject({ seq: 1, to: 'gina' });
    expect(await world.send(alice, 'gina', 'ho', 'k')).toBe('key_reused');
    expect(gina.outlet.take()).toEqual(['1 alice gina hi']);
    gina.outlet.flush();
    expect(alice.outlet.take()).toEqual(['receipt gina 1']);
  });

  test('waits for a guest that reads slowly, and is all that waits', async () => {
    const outlet = new RecordingOutlet();
    outlet.outboxBytesMax = 1;
    await world.guest('gina', {}, outlet);
    for (const text of ['one', 'two', 'three']) await world.send(alice, 'gina', text);
    expect(outlet.take()).toEqual(['1 alice gina one']);
    outlet.flush();
    await quiet();
    expect(outlet.take()).toEqual(['2 alice gina two', '3 alice gina three']);
  });

  test('stays until a guest that acknowledges by itself has done so, and a burst repeats it', async () => {
    const gina = await world.guest('gina', { explicitAck: true });
    for (const text of ['one', 'two']) await world.send(alice, 'gina', text);
    gina.outlet.flush();
    gina.session.acknowledge(gina.account.name, 1 as never);
    gina.outlet.take();
    await world.deliver(gina);
    expect(gina.outlet.take()).toEqual(['burst gina 1', '2 alice gina two', 'end']);
    expect(alice.outlet.take()).toEqual(['receipt gina 1']);
  });

  test('is refused once it has left, also when the two cross, and nothing of it is left behind', async () => {
    const gina = await world.guest('gina', { explicitAck: true });
    await world.send(alice, 'gina', 'one');
    const crossing = world.post(alice, 'gina', 'two');
    gina.session.end();
    await quiet();
    expect(crossing.outcome).toBe('recipient_unknown');
    expect(await world.send(alice, 'gina', 'three')).toBe('recipient_unknown');
    const next = await world.guest('gina');
    await world.send(alice, 'gina', 'four');
    expect(next.outlet.lines).toEqual(['1 alice gina four']);
    next.outlet.flush();
    expect(alice.outlet.take()).toEqual(['receipt gina 1']);
  });

  test('of another guest, and of itself, comes too', async () => {
    const gina = await world.guest('gina');
    const hugo = await world.guest('hugo');
    await world.send(hugo, 'gina', 'hi');
    await world.send(gina, 'gina', 'note');
    expect(gina.outlet.lines).toEqual(['1 hugo gina hi', '2 gina gina note']);
  });
});

describe('a guest', () => {
  test('sends to accounts, whose mailbox keeps it under its name', async () => {
    const gina = await world.guest('Gina');
    expect(await world.send(gina, 'bob', 'hi', 'k')).toEqual({ seq: 1, to: 'bob', live: false });
    expect(await world.send(gina, 'bob', 'hi', 'k')).toMatchObject({ seq: 1 });
    gina.session.end();
    const again = await world.guest('Gina');
    expect(await world.send(again, 'bob', 'ho', 'k')).toMatchObject({ seq: 2 });
    const bob = await world.login('bob');
    expect(bob.outlet.lines).toEqual(['burst bob 2', '1 Gina bob hi', '2 Gina bob ho', 'end']);
  });

  test('is among those who are online and may be drawn, and is no account', async () => {
    const gina = await world.guest('Gina');
    expect(world.chat.accounts.who(undefined).names).toEqual(['alice', 'Gina']);
    expect((await world.chat.accounts.list(undefined, undefined)).names).toEqual(['alice', 'bob']);
    const ticket = { sent: jest.fn(), failed: jest.fn() };
    world.chat.messages.sendAtRandom({ session: alice.session, body: Buffer.from('you?'), ticket });
    await quiet();
    expect(ticket.sent).toHaveBeenCalledWith({ seq: 1, to: 'Gina', live: true });
    expect(gina.outlet.lines).toEqual(['1 alice Gina you?']);
    gina.session.end();
    expect(world.chat.accounts.who(undefined).names).toEqual(['alice']);
  });

  test('has no cursor that is stored and no device that is kept', async () => {
    const gina = await world.guest('gina');
    const moves = jest.spyOn(world.store.logs, 'moveCursors');
    await world.chat.rooms.ensure('#lobby');
    await world.chat.rooms.join(gina.account, '#lobby');
    await world.chat.rooms.join(alice.account, '#lobby');
    await world.send(alice, '#lobby', 'hi');
    await world.send(alice, 'gina', 'you');
    gina.outlet.flush();
    await world.chat.close();
    expect(moves.mock.calls.flatMap(([all]) => all).filter(({ account }) => account < 0)).toEqual([]);
    expect(world.chat.devicesInUse()).toEqual([]);
  });

  test('blocks nobody, is blocked by nobody, and has no history with anybody', async () => {
    const gina = await world.guest('gina');
    await world.send(alice, 'gina', 'hi');
    await world.send(gina, 'alice', 'ho');
    const { accounts, messages } = world.chat;
    expect(await codeOf(accounts.block(alice.account, 'gina'))).toBe('account_unknown');
    expect(await codeOf(accounts.block(gina.account, 'alice'))).toBe('account_unknown');
    expect(await messages.history(gina.account, 'alice', undefined, undefined)).toEqual([]);
    expect(await messages.history(alice.account, 'gina', undefined, undefined)).toEqual([]);
    gina.session.end();
    expect(await codeOf(messages.history(alice.account, 'gina', undefined, undefined))).toBe('account_unknown');
  });
});

test('what a sender is owed by guests that have left does not count as pending', async () => {
  for (let i = 0; i < bounds.receiptsPendingMax / bounds.guestMessagesMax; i += 1) {
    const gina = await world.guest('gina', { explicitAck: true });
    for (let j = 0; j < bounds.guestMessagesMax; j += 1) world.post(alice, 'gina', 'x');
    await quiet();
    expect(await world.send(alice, 'gina', 'too much')).toBe('mailbox_full');
    gina.session.end();
  }
  const gina = await world.guest('gina');
  await world.send(alice, 'gina', 'hi');
  gina.outlet.flush();
  expect(alice.outlet.take()).toEqual(['receipt gina 1']);
});
