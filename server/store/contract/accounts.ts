/** What any store does with accounts. */

import { ChatError } from '../../../shared/errors';
import type { Username } from '../../../shared/names';
import { type Account, type AccountId, mailboxOf } from '../../core/ports';
import { describeOn, epoch, freshWord, type OpenStore, type Stage } from './stage';

const nobody = 9_999_999 as AccountId;

export function accountsContract(open: OpenStore): void {
  describeOn('accounts', open, (stage) => {
    nameTests(stage);
    removalTests(stage);
    sealTests(stage);
    blockTests(stage);
  });
  listContract(open);
}

function nameTests(stage: () => Stage): void {
  test('an account is found by its name whatever the case, with the name as it was created', async () => {
    const name = `Alice${freshWord()}`;
    const { id } = await stage().store.accounts.create(name as Username, 'secret hash', epoch);
    const found = await stage().store.accounts.find(name.toUpperCase() as Username);
    expect(found).toEqual({ id, name, passwordHash: 'secret hash' });
  });

  test('an account without a password, and one that does not exist, are told apart', async () => {
    const { name } = await stage().account();
    expect(await stage().store.accounts.find(name)).toMatchObject({ name, passwordHash: undefined });
    expect(await stage().store.accounts.find('nobody' as Username)).toBeUndefined();
  });

  test('a name is taken in any case, also by one in the same batch', async () => {
    const word = freshWord();
    const both = await Promise.allSettled([stage().account(`Bob${word}`), stage().account(`bOB${word}`)]);
    expect(both.map((result) => result.status)).toEqual(['fulfilled', 'rejected']);
    await expect(stage().account(`BOB${word}`)).rejects.toMatchObject({ code: 'name_taken' });
    await expect(stage().account(`BOB${word}`)).rejects.toBeInstanceOf(ChatError);
  });

  test('a password is changed, but not that of nobody', async () => {
    const { id, name } = await stage().account();
    await stage().store.accounts.setPassword(id, 'new hash');
    expect(await stage().store.accounts.find(name)).toMatchObject({ passwordHash: 'new hash' });
    await expect(stage().store.accounts.setPassword(nobody, 'x')).rejects.toMatchObject({ code: 'account_unknown' });
  });
}

function removalTests(stage: () => Stage): void {
  test('a removed account is gone with its mailbox, cursors, memberships and blocks', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    const room = await stage().room(bob, alice);
    await stage().send(bob, alice.name, 'hello');
    await stage().store.accounts.block(alice.id, bob.name);
    await stage().store.accounts.remove(alice.id);
    expect(await stage().store.accounts.find(alice.name)).toBeUndefined();
    expect(await stage().inbox(alice)).toEqual([]);
    expect(await stage().store.logs.subscriptions(alice.id, '', epoch)).toEqual([]);
    expect(await stage().store.rooms.members(room.name)).toEqual([bob.name]);
    expect(await stage().send(bob, alice.name, 'hello?')).toBe('recipient_unknown');
  });

  test('what a removed account sent stays, under its name', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    await stage().send(alice, bob.name, 'remember me');
    await stage().store.accounts.remove(alice.id);
    const [message] = await stage().page(mailboxOf(bob.id), 0, 1);
    expect(message).toMatchObject({ from: alice.name });
    expect(await stage().inbox(bob)).toEqual(['remember me']);
  });

  test('a name that was given back makes a new account with an empty mailbox and an id of its own', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    await stage().send(bob, alice.name, 'for the first');
    await stage().store.accounts.remove(alice.id);
    const second = await stage().account(alice.name);
    expect(second.id).not.toBe(alice.id);
    expect(await stage().inbox(second)).toEqual([]);
    expect(await stage().send(bob, alice.name, 'for the second')).toMatchObject({ seq: 1 });
  });

  test('removing nobody, or a room by its id, changes nothing', async () => {
    const alice = await stage().account();
    const room = await stage().room(alice);
    await stage().store.accounts.remove(nobody);
    await stage().store.accounts.remove(room.log as number as AccountId);
    expect(await stage().store.rooms.members(room.name)).toEqual([alice.name]);
  });

  test('a removed account is not a member any more, also of a room that was just written to', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    const room = await stage().room(bob, alice);
    await stage().send(alice, room.name, 'here');
    await stage().store.accounts.remove(alice.id);
    expect(await stage().send(alice, room.name, 'still?')).toBe('not_a_member');
  });
}

function sealTests(stage: () => Stage): void {
  test('a sealed mailbox is unknown to senders until it is unsealed, from the place in the batch on', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    const before = stage().send(bob, alice.name, 'before');
    const sealed = stage().store.accounts.seal(alice.id);
    const during = stage().send(bob, alice.name, 'during');
    await sealed;
    expect([await before, await during]).toEqual([expect.objectContaining({ seq: 1 }), 'recipient_unknown']);
    expect(await stage().store.accounts.find(alice.name)).toBeDefined();
    await stage().store.accounts.unseal(alice.id);
    expect(await stage().send(bob, alice.name, 'after')).toMatchObject({ seq: 2 });
    await expect(stage().store.accounts.seal(nobody)).rejects.toMatchObject({ code: 'account_unknown' });
  });
}

function blockTests(stage: () => Stage): void {
  test('a blocked sender is refused until it is unblocked; others and rooms are not concerned', async () => {
    const [alice, bob, carol] = (await stage().accounts(3)) as [Account, Account, Account];
    const room = await stage().room(alice, bob);
    await stage().send(bob, alice.name, 'one');
    await stage().store.accounts.block(alice.id, bob.name);
    await stage().store.accounts.block(alice.id, bob.name.toUpperCase() as Username);
    expect(await stage().send(bob, alice.name, 'two')).toBe('blocked');
    expect(await stage().send(carol, alice.name, 'three')).toMatchObject({ seq: 2 });
    expect(await stage().send(alice, bob.name, 'four')).toMatchObject({ seq: 1 });
    expect(await stage().send(bob, room.name, 'five')).toMatchObject({ seq: 1 });
    await stage().store.accounts.unblock(alice.id, bob.name);
    await stage().store.accounts.unblock(alice.id, bob.name);
    expect(await stage().send(bob, alice.name, 'six')).toMatchObject({ seq: 3 });
  });

  test('blocking or unblocking needs two accounts', async () => {
    const alice = await stage().account();
    for (const change of [stage().store.accounts.block, stage().store.accounts.unblock]) {
      await expect(change(alice.id, 'nobody' as Username)).rejects.toMatchObject({ code: 'account_unknown' });
      await expect(change(nobody, alice.name)).rejects.toMatchObject({ code: 'account_unknown' });
    }
  });
}

function listContract(open: OpenStore): void {
  describeOn('the list of accounts', open, (stage) => {
    const names = ['Zoe', 'anna', 'Bob', 'bob-2', 'b.o', 'a_b', 'x9'];
    const list = (pattern?: string, after?: string, namesMax = 100) =>
      stage().store.accounts.list({ pattern, after, namesMax });
    beforeAll(() => Promise.all(names.map((name) => stage().account(name))));

    test('is in the order of the keys, without rooms', async () => {
      await stage().store.rooms.create('#bobs' as never, (await stage().account('mia')).id, [], epoch);
      expect(await list()).toEqual({
        names: ['a_b', 'anna', 'b.o', 'Bob', 'bob-2', 'mia', 'x9', 'Zoe'],
        more: false,
      });
    });

    test('comes in pages that say whether there is more', async () => {
      expect(await list(undefined, undefined, 2)).toEqual({ names: ['a_b', 'anna'], more: true });
      expect(await list(undefined, 'ANNA', 2)).toEqual({ names: ['b.o', 'Bob'], more: true });
      expect(await list(undefined, 'mia', 2)).toEqual({ names: ['x9', 'Zoe'], more: false });
    });

    test.each([
      ['BO', ['Bob', 'bob-2']],
      ['b', ['a_b', 'b.o', 'Bob', 'bob-2']],
      ['B?b', ['Bob']],
      ['b*', ['b.o', 'Bob', 'bob-2']],
      ['**o**', ['b.o', 'Bob', 'bob-2', 'Zoe']],
      ['?', []],
      ['_', ['a_b']],
      ['%', []],
      ['[b]*', []],
      ['[', []],
    ])('of %s is %j', async (pattern, expected) => {
      expect((await list(pattern)).names).toEqual(expected);
    });
  });
}
