/** What any store does with cursors. */

import { type Account, type AccountId, defaultDevice, type LogId, mailboxOf, type Seq } from '../../core/ports';
import { describeOn, epoch, type OpenStore, type Stage } from './stage';

export function cursorsContract(open: OpenStore): void {
  describeOn('cursors', open, (stage) => {
    moveTests(stage);
    deviceTests(stage);
  });
}

function moveTests(stage: () => Stage): void {
  test('an account follows its mailbox, then its rooms by name', async () => {
    const alice = await stage().account();
    const { rooms, logs } = stage().store;
    const made = ['#zz', '#Aa', '#mm'].map((name) => rooms.create(`${name}1` as never, alice.id, [], 0 as never));
    const [zz, aa, mm] = await Promise.all(made);
    expect(await logs.subscriptions(alice.id, defaultDevice, epoch)).toEqual([
      { log: mailboxOf(alice.id), name: alice.name, cursor: 0 },
      { log: aa?.log, name: '#Aa1', cursor: 0 },
      { log: mm?.log, name: '#mm1', cursor: 0 },
      { log: zz?.log, name: '#zz1', cursor: 0 },
    ]);
    expect(await logs.subscriptions(9_999_999 as AccountId, 'phone', epoch)).toEqual([]);
  });

  test('move forward only, and not beyond the head', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    await stage().sendAll(alice, bob.name, ['1', '2', '3']);
    await stage().acknowledge(bob, 2);
    await stage().acknowledge(bob, 1);
    expect(await stage().cursors(bob)).toEqual([2]);
    await stage().acknowledge(bob, 99);
    expect(await stage().cursors(bob)).toEqual([3]);
  });

  test('move as far as what was sent in the same turn', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    void stage().send(alice, bob.name, '1');
    await stage().acknowledge(bob, 1);
    expect(await stage().cursors(bob)).toEqual([1]);
  });

  test('of what does not exist are left out, and the others move', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    await stage().sendAll(alice, bob.name, ['1', '2', '3']);
    const here = { account: bob.id, device: defaultDevice, log: mailboxOf(bob.id) };
    await stage().store.logs.moveCursors([
      { ...here, account: 9_999_999 as AccountId, seq: 1 as Seq },
      { ...here, log: 9_999_999 as LogId, seq: 1 as Seq },
      { ...here, log: mailboxOf(alice.id), seq: 1 as Seq },
      { ...here, seq: 1 as Seq },
      { ...here, seq: 2 as Seq },
    ]);
    expect(await stage().cursors(bob)).toEqual([2]);
    expect(await stage().cursors(alice)).toEqual([0]);
  });
}

function deviceTests(stage: () => Stage): void {
  test('of a new device begin where the default one stands, and are its own from then on', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    await stage().sendAll(alice, bob.name, ['1', '2', '3']);
    await stage().acknowledge(bob, 1);
    expect(await stage().cursors(bob, 'phone')).toEqual([1]);
    await stage().acknowledge(bob, 3);
    expect(await stage().cursors(bob, 'phone')).toEqual([1]);
    expect(await stage().cursors(bob, 'laptop')).toEqual([3]);
  });

  test('take the default one along, which a device that is behind does not hold back', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    await Promise.all([stage().cursors(bob, 'phone'), stage().cursors(bob, 'laptop')]);
    await stage().sendAll(alice, bob.name, ['1', '2', '3']);
    await stage().acknowledge(bob, 2, { device: 'phone' });
    await stage().acknowledge(bob, 1, { device: 'laptop' });
    const all = ['phone', 'laptop', defaultDevice].map((device) => stage().cursors(bob, device));
    expect(await Promise.all(all)).toEqual([[2], [1], [2]]);
  });

  test('of a device that two logins name for the first time at once are the same', async () => {
    const alice = await stage().account();
    const both = await Promise.all([stage().cursors(alice, 'phone'), stage().cursors(alice, 'phone')]);
    expect(both).toEqual([[0], [0]]);
  });
}
