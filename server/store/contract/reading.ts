/** What any store gives to read. */

import type { RoomName, Username } from '../../../shared/names';
import { type Account, type AccountId, type LogId, mailboxOf, type Seq } from '../../core/ports';
import { describeOn, type OpenStore, type Stage, textOf } from './stage';

export function readingContract(open: OpenStore): void {
  describeOn('reading', open, (stage) => {
    pageTests(stage);
    roomHistoryTests(stage);
    conversationTests(stage);
    conversationBoundTests(stage);
  });
}

const nowhere = 9_999_999 as LogId;

function pageTests(stage: () => Stage): void {
  test('a page holds the messages of its span, oldest first', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    await stage().sendAll(alice, bob.name, ['1', '2', '3', '4', '5']);
    const page = await stage().page(mailboxOf(bob.id), 1, 4);
    expect(page.map((message) => message.seq)).toEqual([2, 3, 4]);
    expect(page.map(textOf)).toEqual(['2', '3', '4']);
    expect(await stage().page(mailboxOf(bob.id), 5, 5)).toEqual([]);
    expect(await stage().page(nowhere, 0, 9)).toEqual([]);
  });

  test('a page holds what fits in its bytes, and at least one message', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    await stage().sendAll(alice, bob.name, ['a'.repeat(1_000), 'b'.repeat(1_000), 'c'.repeat(1_000)]);
    const lengthOf = async (bytesMax: number): Promise<number> =>
      (await stage().page(mailboxOf(bob.id), 0, 3, bytesMax)).length;
    expect(await lengthOf(1)).toBe(1);
    expect(await lengthOf(2_900)).toBe(2);
    expect(await lengthOf(10_000)).toBe(3);
  });

  test('a read of a log that does not reach as far as its span fails, and progress is not made up', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    await stage().sendAll(alice, bob.name, ['1', '2']);
    await expect(stage().page(mailboxOf(bob.id), 2, 3)).rejects.toMatchObject({ code: 'store_failed' });
    expect((await stage().page(mailboxOf(bob.id), 1, 3)).map(textOf)).toEqual(['2']);
    const spans = [
      { log: mailboxOf(bob.id), after: 0 as Seq, through: 2 as Seq },
      { log: mailboxOf(alice.id), after: 0 as Seq, through: 1 as Seq },
      { log: mailboxOf(bob.id), after: 1 as Seq, through: 2 as Seq },
    ];
    const pages = await stage().store.logs.read(spans, 10_000);
    expect(pages.map((page) => page.map(textOf))).toEqual([['1', '2']]);
  });

  test('pages of several logs come in one read, in order, as far as their bytes go', async () => {
    const [alice, bob, carol] = (await stage().accounts(3)) as [Account, Account, Account];
    await stage().sendAll(carol, alice.name, ['a'.repeat(1_000), 'b'.repeat(1_000)]);
    await stage().sendAll(carol, bob.name, ['c'.repeat(1_000)]);
    const spans = [alice, carol, bob].map(({ id }, index) => {
      return { log: mailboxOf(id), after: 0 as Seq, through: [2, 0, 1][index] as Seq };
    });
    const lengths = async (bytesMax: number) =>
      (await stage().store.logs.read(spans, bytesMax)).map((page) => page.length);
    expect(await lengths(10_000)).toEqual([2, 0, 1]);
    expect(await lengths(2_900)).toEqual([2, 0]);
    expect(await lengths(1_500)).toEqual([1]);
    expect(await lengths(1)).toEqual([1]);
    expect(await stage().store.logs.read([], 1_000)).toEqual([]);
  });

  test('a backlog has the heads of its logs and the messages after each position', async () => {
    const [alice, bob, carol] = (await stage().accounts(3)) as [Account, Account, Account];
    await stage().sendAll(carol, alice.name, ['1', '2', '3']);
    await stage().sendAll(carol, bob.name, ['4']);
    const positions = [
      { log: mailboxOf(alice.id), after: 1 as Seq },
      { log: nowhere, after: 0 as Seq },
      { log: mailboxOf(carol.id), after: 0 as Seq },
      { log: mailboxOf(bob.id), after: 0 as Seq },
    ];
    const { heads, pages } = await stage().store.logs.backlog(positions, 10_000);
    expect(heads).toEqual([3, 0, 0, 1]);
    expect(pages.map((page) => page.map(textOf))).toEqual([['2', '3'], [], [], ['4']]);
    const short = await stage().store.logs.backlog(positions, 1);
    expect([short.heads, short.pages.map((page) => page.map(textOf))]).toEqual([heads, [['2']]]);
    expect(await stage().store.logs.backlog([], 10_000)).toEqual({ heads: [], pages: [] });
  });

  test('heads come in the order they were asked for, 0 for an empty log and for none', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    await stage().sendAll(alice, bob.name, ['1', '2']);
    const logs = [mailboxOf(alice.id), nowhere, mailboxOf(bob.id)];
    expect(await stage().store.logs.heads(logs)).toEqual([0, 0, 2]);
    expect(await stage().store.logs.heads([])).toEqual([]);
  });

  test('messages of others are counted in each span', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    const room = await stage().room(alice, bob);
    for (const from of [alice, bob, bob, alice, bob]) await stage().send(from, room.name, 'x');
    const span = (after: number, through: number, except = alice.name) => {
      return { log: room.log, after: after as Seq, through: through as Seq, except };
    };
    const spans = [span(0, 5), span(1, 3), span(3, 4), span(5, 9), span(0, 5, bob.name)];
    expect(await stage().store.logs.count(spans)).toEqual([3, 2, 0, 0, 2]);
    expect(await stage().store.logs.count([])).toEqual([]);
  });
}

function roomHistoryTests(stage: () => Stage): void {
  test("a room's history is its newest messages before a seq, oldest first, to the room", async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    const room = await stage().room(alice, bob);
    await stage().sendAll(alice, room.name, ['1', '2', '3']);
    const shouted = room.name.toUpperCase() as RoomName;
    const newest = await stage().store.logs.roomHistory(bob.id, shouted, undefined, 2);
    expect(newest.map((message) => [message.seq, textOf(message), message.to])).toEqual([
      [2, '2', room.name],
      [3, '3', room.name],
    ]);
    const older = await stage().store.logs.roomHistory(bob.id, room.name, 2 as Seq, 2);
    expect(older.map(textOf)).toEqual(['1']);
  });

  test("a room's history of long messages ends where its bytes do, and holds one at least", async () => {
    const alice = await stage().account();
    const room = await stage().room(alice);
    for (const start of ['1', '2', '3', '4', '5', '6']) await stage().send(alice, room.name, longFrom(start));
    const startsBefore = async (before: number | undefined) => {
      const page = await stage().store.logs.roomHistory(alice.id, room.name, before as Seq | undefined, 200);
      return page.map((message) => textOf(message)[0]);
    };
    expect(await startsBefore(undefined)).toEqual(['3', '4', '5', '6']);
    expect(await startsBefore(3)).toEqual(['1', '2']);
    expect(await startsBefore(1)).toEqual([]);
  });

  test("a room's history is for its members", async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    const room = await stage().room(alice);
    const history = (name: string) => stage().store.logs.roomHistory(bob.id, name as RoomName, undefined, 9);
    await expect(history(room.name)).rejects.toMatchObject({ code: 'not_a_member' });
    await expect(history('#nowhere')).rejects.toMatchObject({ code: 'room_unknown' });
  });
}

function conversationTests(stage: () => Stage): void {
  test('a conversation has both sides by time, each with whom it went to, and nothing of others', async () => {
    const [alice, bob, carol] = (await stage().accounts(3)) as [Account, Account, Account];
    await stage().send(alice, bob.name, 'hi', { at: 1 });
    await stage().send(carol, alice.name, 'not this', { at: 2 });
    await stage().send(bob, alice.name, 'hello', { at: 3 });
    await stage().send(carol, bob.name, 'nor this', { at: 4 });
    await stage().send(alice, bob.name, 'how are you', { at: 5 });
    expect(await lines(stage(), alice, bob.name.toUpperCase())).toEqual([
      `${bob.name} 1 hi`,
      `${alice.name} 2 hello`,
      `${bob.name} 3 how are you`,
    ]);
    expect(await lines(stage(), alice, bob.name, { messagesMax: 2 })).toEqual([
      `${alice.name} 2 hello`,
      `${bob.name} 3 how are you`,
    ]);
  });

  test('a conversation of long messages leaves out none between two that it has', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    await stage().send(alice, bob.name, 'b0', { at: 1 });
    await stage().send(bob, alice.name, longFrom('a1'), { at: 2 });
    await stage().send(alice, bob.name, 'b1', { at: 3 });
    for (const start of ['a2', 'a3', 'a4']) await stage().send(bob, alice.name, longFrom(start), { at: 4 });
    await stage().send(alice, bob.name, longFrom('b2'), { at: 5 });
    const starts = (await lines(stage(), alice, bob.name)).map((line) => line.split(' ')[2]?.slice(0, 2));
    expect(starts).toEqual(['b1', 'a2', 'a3', 'a4', 'b2']);
  });

  test('a conversation with oneself has each message once', async () => {
    const alice = await stage().account();
    await stage().sendAll(alice, alice.name, ['note', 'another']);
    expect(await lines(stage(), alice, alice.name)).toEqual([`${alice.name} 1 note`, `${alice.name} 2 another`]);
  });

  test('a conversation needs somebody', async () => {
    const alice = await stage().account();
    await expect(lines(stage(), alice, 'nobody')).rejects.toMatchObject({ code: 'account_unknown' });
  });

  test('an account that has the name of an earlier one sees nothing of it', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    await stage().send(bob, alice.name, 'between us');
    await stage().store.accounts.remove(bob.id as AccountId);
    const second = await stage().account(bob.name);
    expect(await lines(stage(), second, alice.name)).toEqual([]);
    expect(await lines(stage(), alice, second.name)).toEqual([]);
  });
}

function conversationBoundTests(stage: () => Stage): void {
  test("`before` cuts one's own mailbox at that seq and the other one at the time of that message", async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    await stage().send(bob, alice.name, 'a1', { at: 10 });
    await stage().send(alice, bob.name, 'b1', { at: 20 });
    await stage().send(bob, alice.name, 'a2', { at: 30 });
    await stage().send(alice, bob.name, 'b2', { at: 40 });
    const before2 = await lines(stage(), alice, bob.name, { before: 2 });
    expect(before2).toEqual([`${alice.name} 1 a1`, `${bob.name} 1 b1`]);
    expect(await lines(stage(), alice, bob.name, { before: 9 })).toHaveLength(4);
    expect(await lines(stage(), alice, bob.name, { before: 1 })).toEqual([]);
  });

  test('neither side is reordered when the clock goes back', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    await stage().send(bob, alice.name, 'a1', { at: 50 });
    await stage().send(bob, alice.name, 'a2', { at: 10 });
    await stage().send(alice, bob.name, 'b1', { at: 60 });
    const order = (await lines(stage(), alice, bob.name)).filter((line) => line.startsWith(`${alice.name} `));
    expect(order).toEqual([`${alice.name} 1 a1`, `${alice.name} 2 a2`]);
  });
}

/** A message of which four take less than a page of history may, and five more. */
function longFrom(start: string): string {
  return start.padEnd(60_000, 'x');
}

async function lines(
  stage: Stage,
  account: Account,
  other: string,
  { before, messagesMax = 100 }: { before?: number; messagesMax?: number } = {},
): Promise<string[]> {
  const { logs } = stage.store;
  const page = await logs.conversation(account, other as Username, before as Seq | undefined, messagesMax);
  return page.map((message) => `${message.to} ${message.seq} ${textOf(message)}`);
}
