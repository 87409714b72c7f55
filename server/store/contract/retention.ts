/** What any store removes, and what it keeps however old it is. */

import { type Account, defaultDevice, type LogId, mailboxOf, type UnixMs } from '../../core/ports';
import type { Pruned } from '../../core/retention-store';
import { describeOn, epoch, type OpenStore, type Stage } from './stage';

const newer = epoch + 1_000;
const older = epoch - 1_000;

export function retentionContract(open: OpenStore): void {
  describeOn('retention', open, (stage) => {
    ageTests(stage);
    followerTests(stage);
    keptTests(stage);
    sliceTests(stage);
  });
  describeOn('a removed account with a large mailbox', open, removalTests);
}

/** Prunes what is older than `before`, in as many writes as it takes; how many messages that removed. */
async function prune(stage: Stage, before: number, messagesMax = 1_000): Promise<number> {
  let after: LogId | undefined = 0 as LogId;
  let count = 0;
  while (after !== undefined) {
    const query = { after, before: before as UnixMs, logsMax: 7, messagesMax };
    const { next, messages }: Pruned = await stage.store.retention.prune(query);
    expect(messages).toBeLessThanOrEqual(messagesMax);
    after = next;
    count += messages;
  }
  return count;
}

function ageTests(stage: () => Stage): void {
  test('what everybody has acknowledged goes when it is older than the time asked for, and not before', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    await stage().send(alice, bob.name, 'old', { at: older });
    await stage().send(alice, bob.name, 'new', { at: newer });
    await stage().acknowledge(bob, 2);
    await prune(stage(), older);
    expect(await stage().inbox(bob)).toEqual(['old', 'new']);
    expect(await prune(stage(), epoch)).toBe(1);
    expect(await stage().inbox(bob)).toEqual(['new']);
  });

  test('what nobody has acknowledged stays however old it is', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    await stage().sendAll(alice, bob.name, ['1', '2', '3']);
    await stage().acknowledge(bob, 1);
    await prune(stage(), newer);
    expect(await stage().inbox(bob)).toEqual(['2', '3']);
  });

  test('a message that is too young keeps those behind it, whatever time they were given', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    await stage().send(alice, bob.name, 'while the clock was wrong', { at: newer });
    await stage().send(alice, bob.name, 'afterwards', { at: older });
    await stage().acknowledge(bob, 2);
    expect(await prune(stage(), epoch)).toBe(0);
    expect(await stage().inbox(bob)).toHaveLength(2);
  });
}

function followerTests(stage: () => Stage): void {
  test('a device that is behind keeps what it has not had', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    await stage().cursors(bob, 'phone');
    await stage().sendAll(alice, bob.name, ['1', '2', '3']);
    await stage().acknowledge(bob, 3);
    await stage().acknowledge(bob, 1, { device: 'phone' });
    await prune(stage(), newer);
    expect(await stage().inbox(bob)).toEqual(['2', '3']);
  });

  test('a member of a room who is behind on any device keeps what it has not had, until it leaves', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    const room = await stage().room(alice, bob);
    await stage().cursors(bob, 'phone');
    await stage().sendAll(alice, room.name, ['1', '2']);
    for (const member of [alice, bob]) await stage().acknowledge(member, 2, { log: room.log });
    await prune(stage(), newer);
    expect(await stage().texts(room.log)).toEqual(['1', '2']);
    await stage().store.rooms.leave(room.name, bob.id);
    await prune(stage(), newer);
    expect(await stage().texts(room.log)).toEqual([]);
  });

  test('a room without members loses what is old enough', async () => {
    const alice = await stage().account();
    const room = await stage().room(alice);
    await stage().send(alice, room.name, 'old', { at: older });
    await stage().send(alice, room.name, 'new', { at: newer });
    await stage().store.rooms.leave(room.name, alice.id);
    await prune(stage(), epoch);
    expect(await stage().texts(room.log)).toEqual(['new']);
  });
}

function keptTests(stage: () => Stage): void {
  test('the next message has the next seq, and cursors stay where they stood', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    await stage().sendAll(alice, bob.name, ['1', '2']);
    await stage().acknowledge(bob, 2);
    await prune(stage(), newer);
    expect(await stage().head(mailboxOf(bob.id))).toBe(2);
    expect(await stage().send(alice, bob.name, '3')).toMatchObject({ seq: 3 });
    expect(await stage().cursors(bob)).toEqual([2]);
    expect(await stage().store.logs.conversation(bob, alice.name, undefined, 9)).toHaveLength(1);
  });

  test('a key is the message it was used for until that is removed, and can then be used again', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    await stage().send(alice, bob.name, 'hi', { key: 'k' });
    await prune(stage(), newer);
    expect(await stage().send(alice, bob.name, 'hi', { key: 'k' })).toMatchObject({ seq: 1, repeated: true });
    await stage().acknowledge(bob, 1);
    await prune(stage(), newer);
    expect(await stage().send(alice, bob.name, 'ho', { key: 'k' })).toMatchObject({ seq: 2, repeated: false });
  });

  test('what comes in the same turn stays', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    void stage().send(alice, bob.name, '1');
    void stage().acknowledge(bob, 1);
    const pruned = stage().store.retention.prune({
      after: (mailboxOf(bob.id) - 1) as LogId,
      before: newer as UnixMs,
      logsMax: 1,
      messagesMax: 9,
    });
    void stage().send(alice, bob.name, '2');
    expect(await pruned).toMatchObject({ messages: 1 });
    expect(await stage().inbox(bob)).toEqual(['2']);
  });
}

function sliceTests(stage: () => Stage): void {
  test('one write looks at so many logs and removes so many messages, and says where to go on', async () => {
    await prune(stage(), newer);
    const people = (await stage().accounts(3)) as [Account, Account, Account];
    const [alice] = people;
    for (const person of people) await stage().sendAll(alice, person.name, ['1', '2', '3']);
    for (const person of people) await stage().acknowledge(person, 3, { device: defaultDevice });
    const step = (after: number | undefined, messagesMax: number) =>
      stage().store.retention.prune({ after: after as LogId, before: newer as UnixMs, logsMax: 2, messagesMax });
    const first = await step(alice.id - 1, 2);
    expect([first.messages, await stage().inbox(alice)]).toEqual([2, ['3']]);
    const second = await step(first.next, 100);
    expect([second.messages, await stage().inbox(people[2])]).toEqual([4, ['1', '2', '3']]);
    const third = await step(second.next, 100);
    expect(third).toEqual({ next: undefined, messages: 3 });
  });
}

function removalTests(stage: () => Stage): void {
  test('is gone for everybody at once, and its messages are removed with the others', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    const count = 3_000;
    await stage().sendAll(
      alice,
      bob.name,
      Array.from({ length: count }, (_, i) => `${i}`),
    );
    await stage().store.accounts.remove(bob.id);
    expect(await stage().store.accounts.find(bob.name)).toBeUndefined();
    expect([await stage().inbox(bob), await stage().head(mailboxOf(bob.id))]).toEqual([[], 0]);
    const span = { log: mailboxOf(bob.id), after: 0 as never, through: 9 as never, except: bob.name };
    expect(await stage().store.logs.count([span])).toEqual([0]);
    const again = await stage().account(bob.name);
    expect(await stage().send(alice, bob.name, 'for the second')).toMatchObject({ seq: 1 });
    await prune(stage(), older, 500);
    expect(await prune(stage(), older)).toBe(0);
    expect(await stage().inbox(again)).toEqual(['for the second']);
  });
}
