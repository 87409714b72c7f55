import type { ChatError, ErrorCode } from '../../../shared/errors';
import { limits } from '../../../shared/limits';
import { quiet } from '../../../tests/harness/quiet';
import { type Client, codeOf, World } from '../../../tests/harness/world';
import type { Seq } from '../ports';

let world: World;
let alice: Client;

beforeEach(async () => {
  world = new World({ mailboxMessagesMax: 3 });
  for (const name of ['alice', 'Bob', 'carol']) world.account(name);
  alice = await world.login('alice', { wantsReceipts: true });
  alice.outlet.flush();
  alice.outlet.take();
});

/** The code that a send is refused with before it reaches the store. */
function refusalOf(to: string, body: Uint8Array): ErrorCode | undefined {
  const ticket = { sent: fail, failed: fail };
  try {
    world.chat.messages.send({ session: alice.session, to, key: undefined, body, ticket });
    return undefined;
  } catch (error) {
    return (error as ChatError).code;
  }
}

function fail(): void {
  throw new Error('a refused send has a ticket that was told');
}

describe('a send', () => {
  test('is answered when its commit is through, and before anybody is given the message', async () => {
    const order: string[] = [];
    const bob = await world.login('bob');
    bob.outlet.onTold = (told) => order.push(told.kind);
    world.store.autoCommit = false;
    const ticket = { sent: () => order.push('sent'), failed: fail };
    const body = new TextEncoder().encode('hi');
    world.chat.messages.send({ session: alice.session, to: 'bob', key: undefined, body, ticket });
    await quiet();
    expect(order).toEqual([]);
    world.store.commit();
    expect(order).toEqual(['sent', 'message']);
  });

  test('says the number and the name as it was created, and whether somebody is there to read', async () => {
    expect(await world.send(alice, 'BOB', 'one')).toEqual({ seq: 1, to: 'Bob', live: false });
    await world.login('bob');
    expect(await world.send(alice, 'bob', 'two')).toEqual({ seq: 2, to: 'Bob', live: true });
  });

  test('to oneself is live', async () => {
    expect(await world.send(alice, 'alice', 'note')).toEqual({ seq: 1, to: 'alice', live: true });
    expect(alice.outlet.lines).toEqual(['1 alice alice note']);
  });

  test('to a room is live when another member is there', async () => {
    await world.chat.rooms.create(alice.account, '#Den', ['bob']);
    expect(await world.send(alice, '#den', 'anybody?')).toEqual({ seq: 1, to: '#Den', live: false });
    const bob = await world.login('bob');
    expect(await world.send(alice, '#den', 'hello')).toEqual({ seq: 2, to: '#Den', live: true });
    expect(bob.outlet.lines).toContain('2 alice #Den hello');
    expect(alice.outlet.lines).toEqual([]);
  });

  test('repeated with its key has the same number and is given to nobody again', async () => {
    const bob = await world.login('bob');
    const first = await world.send(alice, 'bob', 'once', 'k1');
    const reads = world.store.readCount('read');
    expect(await world.send(alice, 'bob', 'once', 'k1')).toEqual(first);
    expect(bob.outlet.lines.filter((line) => line.includes('once'))).toHaveLength(1);
    expect(world.store.readCount('read')).toBe(reads);
  });

  test('repeated with its key is given to who was not told when it was committed', async () => {
    const bob = await world.login('bob');
    world.bus.loseNext();
    const given = () => bob.outlet.lines.filter((line) => line.includes('once'));
    await world.send(alice, 'bob', 'once', 'k1');
    expect(given()).toEqual([]);
    await world.send(alice, 'bob', 'once', 'k1');
    await quiet();
    expect(given()).toEqual(['1 alice Bob once']);
  });

  test('is answered though the session that sent it has ended', async () => {
    world.store.autoCommit = false;
    const posted = world.post(alice, 'bob', 'last words');
    alice.session.end();
    world.store.commit();
    expect(posted.outcome).toMatchObject({ seq: 1 });
  });

  test('is answered in the order of the sends of its session', async () => {
    const order: string[] = [];
    const body = new TextEncoder().encode('hi');
    for (const to of ['bob', 'nobody', 'carol']) {
      const ticket = { sent: () => order.push(to), failed: () => order.push(`not ${to}`) };
      world.chat.messages.send({ session: alice.session, to, key: undefined, body, ticket });
    }
    await quiet();
    expect(order).toEqual(['bob', 'not nobody', 'carol']);
  });
});

describe('a send that the store refuses', () => {
  test.each<[ErrorCode, string]>([
    ['recipient_unknown', 'nobody'],
    ['recipient_unknown', '#nowhere'],
    ['not_a_member', '#den'],
    ['blocked', 'carol'],
    ['mailbox_full', 'bob'],
  ])('is told %s for %s', async (code, to) => {
    const carol = world.store.tables.named('carol' as never);
    await world.chat.rooms.create(carol, '#den', []);
    await world.chat.accounts.block(carol, 'alice');
    for (let count = 0; count < 3; count += 1) await world.send(alice, 'bob', 'fills it');
    expect(await world.send(alice, to, 'hi')).toBe(code);
  });

  test('is told that its key was used for another body', async () => {
    await world.send(alice, 'bob', 'one', 'k1');
    expect(await world.send(alice, 'bob', 'two', 'k1')).toBe('key_reused');
  });

  test.each(['store_failed', 'store_full'] as const)('is told %s, and nothing is kept of it', async (code) => {
    const bob = await world.login('bob');
    world.store.failNextCommit(code);
    expect(await world.send(alice, 'bob', 'lost')).toBe(code);
    expect(await world.send(alice, 'bob', 'kept')).toMatchObject({ seq: 1 });
    expect(bob.outlet.lines).toEqual(['burst Bob 0', 'end', '1 alice Bob kept']);
  });

  test('names the destination in the error', async () => {
    const body = new TextEncoder().encode('hi');
    const error = await new Promise<ChatError>((resolve) => {
      world.chat.messages.send({
        session: alice.session,
        to: 'nobody',
        key: undefined,
        body,
        ticket: { sent: fail, failed: resolve },
      });
    });
    expect(error.detail).toEqual({ name: 'nobody' });
  });
});

describe('a body', () => {
  test.each<[string, ErrorCode | undefined, Uint8Array]>([
    ['of no bytes', 'body_empty', new Uint8Array(0)],
    ['one byte too long', 'body_too_long', new Uint8Array(limits.bodyBytesMax + 1).fill(97)],
    ['with a NUL', 'body_invalid', Uint8Array.from([97, 0, 97])],
  ])('%s is refused at once, and its ticket is told nothing', (_, code, body) => {
    expect(refusalOf('bob', body)).toBe(code);
    expect(world.store.gatheringCount).toBe(0);
  });

  test('of the largest size is taken', async () => {
    expect(await world.send(alice, 'bob', 'x'.repeat(limits.bodyBytesMax))).toMatchObject({ seq: 1 });
  });

  test('goes nowhere when its destination is not a name', () => {
    const body = Uint8Array.from([97]);
    expect(refusalOf('b b', body)).toBe('name_invalid');
    expect(refusalOf('#', body)).toBe('room_name_invalid');
  });
});

describe('a send at random', () => {
  function sendAtRandom(): { to: string | undefined } {
    const drawn: { to: string | undefined } = { to: undefined };
    const ticket = { sent: ({ to }: { to: string }) => (drawn.to = to), failed: fail };
    world.chat.messages.sendAtRandom({ session: alice.session, body: Uint8Array.from([97]), ticket });
    return drawn;
  }

  test('goes to somebody else who is online', async () => {
    const bob = await world.login('bob');
    const drawn = sendAtRandom();
    await quiet();
    expect(drawn.to).toBe('Bob');
    expect(bob.outlet.lines).toContain('1 alice Bob a');
  });

  test('fails at once when nobody else is online', () => {
    expect(sendAtRandom).toThrow(expect.objectContaining({ code: 'nobody_online' }));
  });
});

describe('a receipt', () => {
  test('comes when the recipient has acknowledged the message', async () => {
    const bob = await world.login('bob', { explicitAck: true });
    await world.send(alice, 'bob', 'one');
    await world.send(alice, 'bob', 'two');
    expect(alice.outlet.lines).toEqual([]);
    bob.session.acknowledge(bob.account.name, 1 as Seq);
    expect(alice.outlet.lines).toEqual(['receipt Bob 1']);
    bob.session.acknowledge(bob.account.name, 2 as Seq);
    expect(alice.outlet.lines).toEqual(['receipt Bob 1', 'receipt Bob 2']);
  });

  test('comes once for a send that was repeated', async () => {
    await world.send(alice, 'bob', 'one', 'k1');
    await world.send(alice, 'bob', 'one', 'k1');
    const bob = await world.login('bob');
    bob.outlet.flush();
    expect(alice.outlet.lines).toEqual(['receipt Bob 1']);
  });

  test('comes only to who asked for it, only for mailboxes, and only while the session lasts', async () => {
    await world.chat.rooms.create(alice.account, '#den', ['bob']);
    const carol = await world.login('carol');
    carol.outlet.take();
    await world.send(carol, 'bob', 'no receipt');
    await world.send(alice, '#den', 'no receipt for rooms');
    world.store.autoCommit = false;
    world.post(alice, 'bob', 'gone by then');
    alice.session.end();
    world.store.commit();
    world.store.autoCommit = true;
    const bob = await world.login('bob');
    bob.outlet.flush();
    expect([carol.outlet.lines, alice.outlet.lines]).toEqual([[], []]);
  });
});

describe('history', () => {
  test('of a conversation has what both have sent, oldest first', async () => {
    const bob = await world.login('bob');
    await world.send(alice, 'bob', 'hello');
    await world.send(bob, 'alice', 'hi');
    await world.send(alice, 'bob', 'how are you?');
    const page = await world.chat.messages.history(alice.account, 'bob', undefined, undefined);
    expect(page.map(({ from, to }) => `${from} ${to}`)).toEqual(['alice Bob', 'Bob alice', 'alice Bob']);
    expect(await world.chat.messages.history(alice.account, 'bob', 1 as Seq, undefined)).toHaveLength(1);
  });

  test('of a room is for its members, page by page', async () => {
    await world.chat.rooms.create(alice.account, '#den', []);
    for (const text of ['one', 'two', 'three']) await world.send(alice, '#den', text);
    const seqs = async (before: number | undefined, max: number | undefined): Promise<number[]> =>
      (await world.chat.messages.history(alice.account, '#den', before as Seq | undefined, max)).map(({ seq }) => seq);
    expect(await seqs(undefined, 2)).toEqual([2, 3]);
    expect(await seqs(2, 2)).toEqual([1]);
    expect(await seqs(undefined, 1)).toEqual([3]);
    await expect(seqs(undefined, 0)).rejects.toMatchObject({ code: 'number_invalid' });
    await expect(seqs(0, undefined)).rejects.toMatchObject({ code: 'number_invalid' });
    const carol = world.store.tables.named('carol' as never);
    expect(await codeOf(world.chat.messages.history(carol, '#den', undefined, undefined))).toBe('not_a_member');
    expect(await codeOf(world.chat.messages.history(carol, 'nobody', undefined, undefined))).toBe('account_unknown');
    expect(() => world.chat.messages.history(carol, 'b b', undefined, undefined)).toThrow();
  });

  test('is at most 200 messages, and 50 when nobody says', async () => {
    world = new World();
    world.account('alice');
    alice = await world.login('alice');
    await world.chat.rooms.create(alice.account, '#den', []);
    for (let count = 0; count < 210; count += 1) world.post(alice, '#den', 'x');
    await quiet();
    expect(await world.chat.messages.history(alice.account, '#den', undefined, 1_000)).toHaveLength(200);
    expect(await world.chat.messages.history(alice.account, '#den', undefined, undefined)).toHaveLength(50);
  });
});
