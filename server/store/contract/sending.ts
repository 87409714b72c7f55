/** What any store does with a draft. */

import type { Account, AccountId } from '../../core/ports';
import { defaultDevice, mailboxOf } from '../../core/ports';
import { bytesOf, describeOn, epoch, type OpenStore, type Stage } from './stage';

export function sendingContract(open: OpenStore): void {
  describeOn('sending', open, (stage) => {
    placeTests(stage);
    orderTests(stage);
    keyTests(stage);
    bodyTests(stage);
  });
  const twoAtMost = (stage: () => Stage): void => {
    quotaTests(stage);
    quotaRefusalTests(stage);
    roomQuotaTests(stage);
  };
  describeOn('a log of two messages at most', open, twoAtMost, 2);
}

function placeTests(stage: () => Stage): void {
  test('a message gets the next seq of its log, and the name of the recipient as it was created', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    const log = mailboxOf(bob.id);
    expect(await stage().send(alice, bob.name, 'one')).toEqual({ log, seq: 1, to: bob.name, repeated: false });
    const shouted = bob.name.toUpperCase();
    expect(await stage().send(alice, shouted, 'two')).toEqual({ log, seq: 2, to: bob.name, repeated: false });
    expect(await stage().send(bob, bob.name, 'to myself')).toMatchObject({ seq: 3 });
    expect(await stage().inbox(bob)).toEqual(['one', 'two', 'to myself']);
    expect(await stage().inbox(alice)).toEqual([]);
  });

  test('nobody and no room is recipient_unknown', async () => {
    const alice = await stage().account();
    expect(await stage().send(alice, 'nobody', 'x')).toBe('recipient_unknown');
    expect(await stage().send(alice, '#nowhere', 'x')).toBe('recipient_unknown');
  });

  test('a room takes messages from its members only', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    const room = await stage().room(alice);
    expect(await stage().send(bob, room.name, 'let me in')).toBe('not_a_member');
    expect(await stage().send(alice, room.name.toUpperCase(), 'mine')).toMatchObject({ seq: 1, to: room.name });
    await stage().store.rooms.join(room.name, bob.id);
    expect(await stage().send(bob, room.name, 'thanks')).toMatchObject({ log: room.log, seq: 2 });
    await stage().store.rooms.leave(room.name, bob.id);
    expect(await stage().send(bob, room.name, 'bye')).toBe('not_a_member');
  });

  test('a message can follow in the same turn as what makes it possible', async () => {
    const alice = await stage().account();
    const made = stage().store.accounts.create('JustMade' as never, undefined, epoch);
    const sent = stage().send(alice, 'justmade', 'welcome');
    expect(await sent).toMatchObject({ seq: 1, to: 'JustMade' });
    expect(await stage().inbox(await made)).toEqual(['welcome']);
  });
}

function orderTests(stage: () => Stage): void {
  test('drafts settle in the order in which they were appended, refused ones among them, and not before append returns', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    const settled: string[] = [];
    const last = new Promise<void>((resolve) => {
      for (let i = 0; i < 100; i += 1) {
        const note = (what: string): void => {
          settled.push(`${i} ${what}`);
          if (i === 99) resolve();
        };
        const to = i % 3 === 0 ? 'nobody' : bob.name;
        const fate = { committed: () => note('ok'), refused: () => note('refused') };
        const draft = { senderId: alice.id, from: alice.name, key: undefined, at: epoch, to: to as never, ...fate };
        stage().store.logs.append({ ...draft, body: bytesOf(`${i}`) });
        expect(settled).toEqual([]);
      }
    });
    await last;
    expect(settled).toEqual(Array.from({ length: 100 }, (_, i) => `${i} ${i % 3 === 0 ? 'refused' : 'ok'}`));
    expect(await stage().head(mailboxOf(bob.id))).toBe(66);
  });

  test('a draft that throws when it is told keeps nothing from the next one', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    const throws = (): void => {
      throw new Error('a bug of the caller');
    };
    const draft = { senderId: alice.id, from: alice.name, to: bob.name, key: undefined, at: epoch };
    stage().store.logs.append({ ...draft, body: bytesOf('one'), committed: throws, refused: throws });
    expect(await stage().send(alice, bob.name, 'two')).toMatchObject({ seq: 2 });
  });

  test('what is asked for after a commit was told sees it', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    for (let i = 1; i <= 50; i += 1) {
      await stage().send(alice, bob.name, `${i}`);
      expect(await stage().head(mailboxOf(bob.id))).toBe(i);
    }
  });
}

function keyTests(stage: () => Stage): void {
  test('the same key and body is the same message, also in the same batch, and to a name in another case', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    const key = 'k';
    const [first, second] = await Promise.all([
      stage().send(alice, bob.name, 'hi', { key }),
      stage().send(alice, bob.name.toUpperCase(), 'hi', { key, at: epoch + 5 }),
    ]);
    const third = await stage().send(alice, bob.name, 'hi', { key });
    expect([first, second, third]).toMatchObject([
      { seq: 1, repeated: false },
      { seq: 1, repeated: true },
      { seq: 1, repeated: true },
    ]);
    expect(await stage().inbox(bob)).toEqual(['hi']);
    expect(await stage().send(alice, bob.name, 'next')).toMatchObject({ seq: 2 });
  });

  test('the same key with another body is key_reused, also in the same batch', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    const key = 'k';
    const both = [stage().send(alice, bob.name, 'hi', { key }), stage().send(alice, bob.name, 'ho', { key })];
    expect(await Promise.all(both)).toEqual([expect.objectContaining({ seq: 1 }), 'key_reused']);
    expect(await stage().send(alice, bob.name, 'hi!', { key })).toBe('key_reused');
  });

  test('a key belongs to one sender and one destination', async () => {
    const [alice, bob, carol] = (await stage().accounts(3)) as [Account, Account, Account];
    const key = 'k';
    expect(await stage().send(alice, bob.name, '1', { key })).toMatchObject({ repeated: false });
    expect(await stage().send(carol, bob.name, '2', { key })).toMatchObject({ seq: 2, repeated: false });
    expect(await stage().send(alice, carol.name, '3', { key })).toMatchObject({ seq: 1, repeated: false });
  });

  test('a retry of a sender that was blocked meanwhile is refused', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    await stage().send(alice, bob.name, 'hi', { key: 'k' });
    await stage().store.accounts.block(bob.id, alice.name);
    expect(await stage().send(alice, bob.name, 'hi', { key: 'k' })).toBe('blocked');
  });
}

function bodyTests(stage: () => Stage): void {
  test.each([1, 64, 65_536])('a body of %i bytes comes back as it was, with its time and sender', async (length) => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    const at = epoch + 123;
    await stage().send(alice, bob.name, 'x'.repeat(length), { at });
    const [message] = await stage().page(mailboxOf(bob.id), 0, 1, 1);
    expect(message).toMatchObject({ seq: 1, at, from: alice.name });
    expect(Buffer.compare(message?.body ?? new Uint8Array(0), bytesOf('x'.repeat(length)))).toBe(0);
  });

  test('a body is taken as it is when it is appended, also from the middle of a buffer', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    const buffer = bytesOf('..ünï😀..');
    const body = buffer.subarray(2, buffer.length - 2);
    await new Promise((committed) => {
      const draft = { senderId: alice.id, from: alice.name, to: bob.name, key: undefined, at: epoch };
      stage().store.logs.append({ ...draft, body, committed, refused: committed });
    });
    expect(await stage().inbox(bob)).toEqual(['ünï😀']);
  });
}

function quotaTests(stage: () => Stage): void {
  test('takes the next one when the account has acknowledged one', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    await stage().sendAll(alice, bob.name, ['1', '2']);
    expect(await stage().send(alice, bob.name, '3')).toBe('mailbox_full');
    expect(await stage().send(alice, bob.name, '3')).toBe('mailbox_full');
    await stage().acknowledge(bob, 1);
    const both = [stage().send(alice, bob.name, '3'), stage().send(alice, bob.name, '4')];
    expect(await Promise.all(both)).toEqual([expect.objectContaining({ seq: 3 }), 'mailbox_full']);
  });

  test('takes the next one in the same batch as the acknowledgement', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    await stage().sendAll(alice, bob.name, ['1', '2']);
    const full = stage().send(alice, bob.name, '3');
    const moved = stage().acknowledge(bob, 2);
    const taken = stage().send(alice, bob.name, '3');
    await moved;
    expect([await full, await taken]).toEqual(['mailbox_full', expect.objectContaining({ seq: 3 })]);
  });
}

function quotaRefusalTests(stage: () => Stage): void {
  test('still says yes to a retry when it is full, and key_reused to another body', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    await stage().send(alice, bob.name, '1', { key: 'k' });
    await stage().send(alice, bob.name, '2');
    expect(await stage().send(alice, bob.name, '1', { key: 'k' })).toMatchObject({ seq: 1, repeated: true });
    expect(await stage().send(alice, bob.name, '9', { key: 'k' })).toBe('key_reused');
    expect(await stage().send(alice, bob.name, '9', { key: 'l' })).toBe('mailbox_full');
  });

  test('counts what no device of the account has acknowledged', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    await stage().store.logs.subscriptions(bob.id, 'phone', epoch);
    await stage().sendAll(alice, bob.name, ['1', '2']);
    await stage().acknowledge(bob, 2, { device: 'phone' });
    expect(await stage().send(alice, bob.name, '3')).toMatchObject({ seq: 3 });
  });

  test('refuses a sender with the first reason that holds', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    await stage().sendAll(alice, bob.name, ['1', '2']);
    await stage().store.accounts.block(bob.id, alice.name);
    expect(await stage().send(alice, bob.name, '3')).toBe('blocked');
    await stage().store.accounts.remove(bob.id as AccountId);
    expect(await stage().send(alice, bob.name, '3')).toBe('recipient_unknown');
  });
}

function roomQuotaTests(stage: () => Stage): void {
  test('of a room counts from the member that is furthest behind, until that one leaves', async () => {
    const [alice, bob] = (await stage().accounts(2)) as [Account, Account];
    const room = await stage().room(alice, bob);
    await stage().sendAll(alice, room.name, ['1', '2']);
    await stage().acknowledge(alice, 2, { log: room.log });
    expect(await stage().send(alice, room.name, '3')).toBe('mailbox_full');
    await stage().store.rooms.leave(room.name, bob.id);
    expect(await stage().send(alice, room.name, '3')).toMatchObject({ seq: 3 });
  });

  test('counts nothing for a member that left and came back at the head', async () => {
    const alice = await stage().account();
    const room = await stage().room(alice);
    await stage().sendAll(alice, room.name, ['1', '2']);
    await stage().store.rooms.leave(room.name, alice.id);
    await stage().store.rooms.join(room.name, alice.id);
    expect(await stage().store.logs.subscriptions(alice.id, defaultDevice, epoch)).toMatchObject([{}, { cursor: 2 }]);
    expect(await stage().send(alice, room.name, '3')).toMatchObject({ seq: 3 });
  });
}
