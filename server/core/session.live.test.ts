import { bounds } from '../../shared/limits';
import { quiet } from '../../tests/harness/quiet';
import { type Client, World } from '../../tests/harness/world';
import type { Seq } from './ports';

let world: World;
let alice: Client;
let bob: Client;

beforeEach(async () => {
  world = new World();
  for (const name of ['alice', 'bob', 'carol']) world.account(name);
  alice = await world.login('alice');
  bob = await world.login('bob');
  bob.outlet.flush();
  bob.outlet.take();
});

async function sendAll(to: string, ...texts: string[]): Promise<void> {
  for (const text of texts) await world.send(alice, to, text);
}

describe('a live session', () => {
  test('that stands at the head is given a message without a read', async () => {
    await sendAll('bob', 'one', 'two');
    expect(bob.outlet.lines).toEqual(['1 alice bob one', '2 alice bob two']);
    expect(world.store.readCount('read')).toBe(0);
  });

  test('that missed a nudge catches up at the next one, in order', async () => {
    world.bus.loseNext();
    await sendAll('bob', 'lost');
    expect(bob.outlet.lines).toEqual([]);
    await sendAll('bob', 'next');
    expect(bob.outlet.lines).toEqual(['1 alice bob lost', '2 alice bob next']);
    expect(world.store.readCount('read')).toBe(1);
    await sendAll('bob', 'third');
    expect(world.store.readCount('read')).toBe(1);
  });

  test('writes a message once though it is nudged twice', async () => {
    await sendAll('bob', 'one');
    const [stored] = world.store.tables.messages.get(bob.account.id as never) ?? [];
    if (stored !== undefined) world.bus.publish({ log: bob.account.id as never, message: stored });
    await quiet();
    expect(bob.outlet.lines).toEqual(['1 alice bob one']);
  });

  test('does not forget what it knows of when a nudge comes late', async () => {
    bob.outlet.outboxBytesMax = 0;
    await sendAll('bob', 'one', 'two');
    const [first] = world.store.tables.messages.get(bob.account.id as never) ?? [];
    if (first !== undefined) world.bus.publish({ log: bob.account.id as never, message: first });
    bob.outlet.outboxBytesMax = 100;
    bob.session.resume();
    await quiet();
    expect(bob.outlet.lines).toEqual(['1 alice bob one', '2 alice bob two']);
  });

  test('keeps the order when messages come while a page is being read', async () => {
    world.store.gate('read').close();
    world.bus.loseNext();
    await sendAll('bob', 'one', 'two', 'three');
    world.store.gate('read').open();
    await quiet();
    expect(bob.outlet.lines).toEqual(['1 alice bob one', '2 alice bob two', '3 alice bob three']);
  });

  test('is given its own messages to itself', async () => {
    await world.send(bob, 'bob', 'note');
    expect(bob.outlet.lines).toEqual(['1 bob bob note']);
  });
});

describe('a slow reader', () => {
  test('is written nothing without room, and everything in order once there is', async () => {
    bob.outlet.outboxBytesMax = 4;
    await sendAll('bob', 'full', 'waits', 'waits too');
    expect(bob.outlet.take()).toEqual(['1 alice bob full']);
    expect(world.store.readCount('read')).toBe(0);
    bob.outlet.flush();
    await quiet();
    expect(bob.outlet.take()).toEqual(['2 alice bob waits', '3 alice bob waits too']);
  });

  test('has at most one page beyond its bound written to it', async () => {
    const body = 'x'.repeat(10_000);
    bob.outlet.outboxBytesMax = 25_000;
    let mostBytes = 0;
    bob.outlet.onTold = () => {
      mostBytes = Math.max(mostBytes, bob.outlet.outboxBytes);
    };
    await sendAll('bob', ...Array.from({ length: 40 }, () => body));
    while (bob.outlet.outboxBytes > 0) {
      bob.outlet.flush();
      await quiet();
    }
    expect(bob.outlet.lines).toHaveLength(40);
    expect(mostBytes).toBeGreaterThan(25_000);
    expect(mostBytes).toBeLessThanOrEqual(25_000 + bounds.pageBytesMax);
  });

  test('keeps nobody else waiting', async () => {
    const carol = await world.login('carol');
    carol.outlet.take();
    bob.outlet.outboxBytesMax = 0;
    await sendAll('bob', 'waits');
    await sendAll('carol', 'quick');
    expect(carol.outlet.lines).toEqual(['1 alice carol quick']);
  });
});

describe('a session that cannot read its log', () => {
  beforeEach(async () => {
    world.bus.loseNext();
    await sendAll('bob', 'one');
    world.store.failNextRead('read');
    await sendAll('bob', 'two');
  });

  test('logs it, and reads again after a while', async () => {
    expect(world.logger.errors).toEqual(['log_not_read']);
    world.clock.advance(bounds.readRetryMs - 1);
    await quiet();
    expect(bob.outlet.lines).toEqual([]);
    world.clock.advance(1);
    await quiet();
    expect(bob.outlet.lines).toEqual(['1 alice bob one', '2 alice bob two']);
  });

  test('does not read again when it has ended by then', async () => {
    bob.session.end();
    world.clock.advance(bounds.readRetryMs);
    await quiet();
    expect(bob.outlet.lines).toEqual([]);
    expect(world.store.readCount('read')).toBe(1);
  });
});

describe('a session that has ended', () => {
  test('is written nothing, whatever it is asked', async () => {
    bob.session.end();
    bob.session.end('taken_over');
    await sendAll('bob', 'one');
    bob.session.goLive();
    bob.session.resume();
    bob.session.follow({ log: alice.account.id as never, name: alice.account.name, cursor: 0 as Seq });
    await sendAll('alice', 'two');
    expect(bob.outlet.lines).toEqual([]);
    expect(bob.session.isEnded).toBe(true);
  });
});

describe('rooms of a live session', () => {
  test('one that it is made a member of is followed at once, and its cursor moves along', async () => {
    await world.chat.rooms.create(alice.account, '#den', ['bob']);
    await sendAll('#den', 'welcome');
    expect(bob.outlet.lines).toEqual(['1 alice #den welcome']);
  });

  test('one that it leaves is followed no more', async () => {
    await world.chat.rooms.create(alice.account, '#den', ['bob']);
    await world.chat.rooms.leave(bob.account, '#den');
    await sendAll('#den', 'without you');
    expect(bob.outlet.lines).toEqual([]);
    bob.session.unfollow(4 as never);
  });

  test('what was committed between joining and following comes without waiting for another', async () => {
    await world.chat.rooms.create(alice.account, '#den', []);
    world.store.autoCommit = false;
    const joined = world.chat.rooms.join(bob.account, '#den');
    world.post(alice, '#den', 'just after');
    world.store.commit();
    await joined;
    await quiet();
    expect(bob.outlet.lines).toEqual(['1 alice #den just after']);
  });

  test('that cannot look ahead when it joins still gets everything at the next message', async () => {
    await world.chat.rooms.create(alice.account, '#den', []);
    world.store.autoCommit = false;
    const joined = world.chat.rooms.join(bob.account, '#den');
    world.post(alice, '#den', 'just after');
    world.store.failNextRead('heads');
    world.store.commit();
    await joined;
    world.store.autoCommit = true;
    await sendAll('#den', 'next');
    expect(bob.outlet.lines).toEqual(['1 alice #den just after', '2 alice #den next']);
    expect(world.logger.errors).toEqual(['log_not_read']);
  });

  test('a page of one that was left meanwhile is not written, also when it was joined again', async () => {
    await world.chat.rooms.create(alice.account, '#den', ['bob']);
    world.bus.loseNext();
    await sendAll('#den', 'one');
    world.store.gate('read').close();
    await sendAll('#den', 'two');
    await world.chat.rooms.leave(bob.account, '#den');
    await world.chat.rooms.join(bob.account, '#den');
    await sendAll('#den', 'three');
    world.store.gate('read').open();
    await quiet();
    expect(bob.outlet.lines).toEqual(['3 alice #den three']);
  });

  test('joining twice is joining once', async () => {
    await world.chat.rooms.create(alice.account, '#den', ['bob']);
    await world.chat.rooms.join(bob.account, '#den');
    await sendAll('#den', 'once');
    expect(bob.outlet.lines).toEqual(['1 alice #den once']);
  });
});
