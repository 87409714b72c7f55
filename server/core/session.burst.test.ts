import { bounds } from '../../shared/limits';
import type { RoomName } from '../../shared/names';
import { quiet } from '../../tests/harness/quiet';
import { RecordingOutlet } from '../../tests/harness/recording-outlet';
import { type Client, codeOf, World } from '../../tests/harness/world';
import { mailboxOf, type Seq } from './ports';

let world: World;
let alice: Client;

beforeEach(async () => {
  world = new World();
  world.account('alice');
  world.account('bob');
  alice = await world.login('alice');
  alice.outlet.take();
});

async function sendAll(to: string, ...texts: string[]): Promise<void> {
  for (const text of texts) await world.send(alice, to, text);
}

/** Alice and bob's room. */
async function makeRoom(name: string): Promise<RoomName> {
  return world.chat.rooms.create(alice.account, name, ['bob']);
}

describe('the burst of a login', () => {
  test('announces its number and then holds everything undelivered, in order', async () => {
    await sendAll('bob', 'one', 'two', 'three');
    const bob = await world.login('bob');
    expect(bob.outlet.lines).toEqual(['burst bob 3', '1 alice bob one', '2 alice bob two', '3 alice bob three', 'end']);
  });

  test('is empty when nothing is undelivered', async () => {
    const bob = await world.login('bob');
    expect(bob.outlet.lines).toEqual(['burst bob 0', 'end']);
    expect(world.store.readCount('read')).toBe(0);
  });

  test('holds the mailbox and then the rooms, without the messages of the account itself', async () => {
    await makeRoom('#den');
    const bob = await world.login('bob', { explicitAck: true });
    await world.send(bob, '#den', 'mine');
    await sendAll('#den', 'hers');
    await world.send(bob, '#den', 'mine too');
    bob.session.end();
    await sendAll('bob', 'direct');
    const again = await world.login('bob');
    expect(again.outlet.lines).toEqual(['burst bob 2', '1 alice bob direct', '2 alice #den hers', 'end']);
  });

  test('of many pages is whole and in order', async () => {
    const texts = Array.from({ length: 12 }, (_, index) => `${index}`.padEnd(bounds.pageBytesMax / 4));
    await sendAll('bob', ...texts);
    const bob = await world.login('bob');
    expect(bob.outlet.told.flatMap((told) => (told.kind === 'message' ? told.text : []))).toEqual(texts);
    expect(world.store.readCount('read')).toBe(2);
  });

  test('is all that is written from its beginning until the session goes live', async () => {
    await sendAll('bob', 'before', 'before too');
    const outlet = new RecordingOutlet();
    outlet.outboxBytesMax = 1;
    const bob = await world.enter('bob', {}, outlet);
    const burst = bob.session.burst();
    await quiet();
    await sendAll('bob', 'meanwhile');
    outlet.flush();
    expect(await burst).toBe(true);
    await sendAll('bob', 'after it');
    outlet.flush();
    await quiet();
    expect(outlet.take()).toEqual(['burst bob 2', '1 alice bob before', '2 alice bob before too']);
    bob.session.goLive();
    await quiet();
    expect(outlet.lines).toEqual(['3 alice bob meanwhile', '4 alice bob after it']);
  });

  test('goes on past messages that were pruned', async () => {
    await sendAll('bob', 'one', 'two');
    world.store.tables.messages.get(world.store.tables.named('bob' as never).id as never)?.splice(0, 1);
    const bob = await world.login('bob');
    expect(bob.outlet.lines).toContain('2 alice bob two');
  });

  test('ends when the rest of its log is gone', async () => {
    await sendAll('bob', 'one');
    const outlet = new RecordingOutlet();
    const bob = await world.enter('bob', {}, outlet);
    outlet.outboxBytesMax = 0;
    const burst = bob.session.burst();
    await quiet();
    world.store.tables.prune(mailboxOf(bob.account.id), 1 as Seq);
    outlet.outboxBytesMax = 100;
    outlet.flush();
    expect(await burst).toBe(true);
    expect(outlet.lines).toEqual(['burst bob 1']);
  });
});

describe('deliver', () => {
  test('repeats exactly what is unacknowledged when the client acknowledges by itself', async () => {
    await sendAll('bob', 'one', 'two', 'three');
    const bob = await world.login('bob', { explicitAck: true });
    bob.outlet.flush();
    bob.session.acknowledge(bob.account.name, 1 as Seq);
    bob.outlet.take();
    await world.deliver(bob);
    expect(bob.outlet.take()).toEqual(['burst bob 2', '2 alice bob two', '3 alice bob three', 'end']);
    bob.session.acknowledge(bob.account.name, 3 as Seq);
    await world.deliver(bob);
    expect(bob.outlet.take()).toEqual(['burst bob 0', 'end']);
  });

  test('waits for what is on its way to the operating system when delivery is acknowledged implicitly', async () => {
    const bob = await world.login('bob');
    await sendAll('bob', 'one');
    bob.outlet.take();
    const delivered = world.deliver(bob);
    await sendAll('bob', 'two');
    expect(bob.outlet.take()).toEqual([]);
    bob.outlet.flush();
    expect(await delivered).toBe(true);
    expect(bob.outlet.take()).toEqual(['burst bob 1', '2 alice bob two', 'end']);
  });

  test('writes nothing when the connection is lost before that', async () => {
    const bob = await world.login('bob');
    await sendAll('bob', 'one');
    bob.outlet.take();
    const delivered = world.deliver(bob);
    bob.outlet.lose();
    expect(await delivered).toBe(false);
    expect(bob.outlet.take()).toEqual([]);
  });

  test('has no page in it that was asked for before', async () => {
    const bob = await world.login('bob', { explicitAck: true });
    bob.outlet.take();
    world.store.gate('read').close();
    world.bus.loseNext();
    await sendAll('bob', 'one', 'two');
    expect(world.store.readCount('read')).toBe(1);
    const delivered = world.deliver(bob);
    await quiet();
    world.store.gate('read').open();
    expect(await delivered).toBe(true);
    expect(bob.outlet.take()).toEqual(['burst bob 2', '1 alice bob one', '2 alice bob two', 'end']);
    expect(world.store.readCount('read')).toBe(1);
  });

  test('that fails writes nothing and leaves the session live', async () => {
    const bob = await world.login('bob', { explicitAck: true });
    await sendAll('bob', 'one');
    bob.outlet.take();
    world.store.failNextRead('backlog');
    expect(await codeOf(world.deliver(bob))).toBe('store_failed');
    expect(bob.outlet.take()).toEqual([]);
    await sendAll('bob', 'two');
    expect(bob.outlet.take()).toEqual(['2 alice bob two']);
  });

  test('that cannot be counted writes nothing and leaves the session live', async () => {
    await makeRoom('#den');
    const bob = await world.login('bob', { explicitAck: true });
    await sendAll('#den', 'one', 'one more');
    bob.outlet.take();
    world.store.readOneByOne();
    world.store.failNextRead('count');
    expect(await codeOf(world.deliver(bob))).toBe('store_failed');
    await sendAll('#den', 'two');
    expect(bob.outlet.take()).toEqual(['3 alice #den two']);
  });

  test('holds as many messages as it announced though one is acknowledged while they are counted', async () => {
    await makeRoom('#den');
    const bob = await world.login('bob', { explicitAck: true });
    await sendAll('#den', 'one', 'two');
    bob.outlet.take();
    world.store.readOneByOne();
    world.store.gate('count').close();
    const delivered = world.deliver(bob);
    await quiet();
    bob.session.acknowledge('#den' as RoomName, 1 as Seq);
    world.store.gate('count').open();
    await delivered;
    expect(bob.outlet.take()).toEqual(['burst bob 2', '1 alice #den one', '2 alice #den two', 'end']);
    await world.deliver(bob);
    expect(bob.outlet.take()).toEqual(['burst bob 1', '2 alice #den two', 'end']);
  });
});

describe('a room that is left', () => {
  let bob: Client;

  beforeEach(async () => {
    await makeRoom('#den');
    bob = await world.login('bob', { explicitAck: true });
    await sendAll('#den', 'one', 'two');
    bob.outlet.take();
  });

  test('while a burst is counted is not part of it', async () => {
    world.store.readOneByOne();
    world.store.gate('count').close();
    const delivered = world.deliver(bob);
    await quiet();
    await world.chat.rooms.leave(bob.account, '#den');
    world.store.gate('count').open();
    await delivered;
    expect(bob.outlet.take()).toEqual(['burst bob 0', 'end']);
  });

  test.each(['backlog', 'count'] as const)('while the %s of a login is read is not part of its burst', async (read) => {
    world.account('carol');
    await world.chat.rooms.create(alice.account, '#aden', ['carol']);
    await world.chat.rooms.create(alice.account, '#zden', ['carol']);
    // More than comes with the heads, so that the rest has to be counted.
    await sendAll('#aden', 'one', 'two');
    await sendAll('#zden', 'x'.repeat(bounds.backlogBytesMax / 2), 'y'.repeat(bounds.backlogBytesMax / 2), 'three');
    const carol = await world.enter('carol');
    world.store.gate(read).close();
    const delivered = world.deliver(carol);
    await quiet();
    await world.chat.rooms.leave(carol.account, '#aden');
    world.store.gate(read).open();
    await delivered;
    const [announced, ...messages] = carol.outlet.take();
    expect(announced).toBe('burst carol 3');
    expect(messages.map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
      '1 alice #zden',
      '2 alice #zden',
      '3 alice #zden',
      'end',
    ]);
  });

  test('in the middle of a burst is written as far as the burst has announced it, and joined again from there', async () => {
    world.store.gate('read').close();
    const delivered = world.deliver(bob);
    await quiet();
    await world.chat.rooms.leave(bob.account, '#den');
    await sendAll('#den', 'unheard');
    await world.chat.rooms.join(bob.account, '#den');
    await sendAll('#den', 'heard');
    world.store.gate('read').open();
    await delivered;
    await quiet();
    const burst = ['burst bob 2', '1 alice #den one', '2 alice #den two', 'end'];
    expect(bob.outlet.take()).toEqual([...burst, '4 alice #den heard']);
    bob.session.acknowledge('#den' as RoomName, 4 as Seq);
    world.clock.advance(bounds.cursorDelayMs);
    await quiet();
    expect(world.cursor(bob.account, '#den')).toBe(4);
  });
});

describe('a session that ends', () => {
  test('before its burst has none', async () => {
    const bob = await world.enter('bob');
    bob.session.end();
    expect(await bob.session.burst()).toBe(false);
    expect(bob.outlet.lines).toEqual([]);
  });

  test('while its burst is being counted has none', async () => {
    await sendAll('bob', 'one');
    const bob = await world.enter('bob');
    world.store.gate('backlog').close();
    const burst = bob.session.burst();
    await quiet();
    bob.session.end('taken_over');
    world.store.gate('backlog').open();
    expect(await burst).toBe(false);
    expect(bob.outlet.lines).toEqual(['ended taken_over']);
  });

  test('in the middle of its burst writes no more of it', async () => {
    const long = 'a'.repeat(bounds.backlogBytesMax / 2);
    await sendAll('bob', long, long);
    const outlet = new RecordingOutlet();
    outlet.outboxBytesMax = 10;
    const bob = await world.enter('bob', {}, outlet);
    const burst = bob.session.burst();
    await quiet();
    outlet.take();
    bob.session.end('taken_over');
    expect(await burst).toBe(false);
    outlet.flush();
    await quiet();
    expect(outlet.lines).toEqual(['ended taken_over']);
  });

  test('in the middle of a read writes nothing of the page', async () => {
    await sendAll('bob', 'one', 'two');
    world.store.readOneByOne();
    const bob = await world.enter('bob');
    world.store.gate('read').close();
    const burst = bob.session.burst();
    await quiet();
    bob.session.end();
    world.store.gate('read').open();
    expect(await burst).toBe(false);
    await quiet();
    expect(bob.outlet.lines).toEqual(['burst bob 2']);
  });
});

test('a session that is abandoned in the middle of its burst writes no more, and is still there', async () => {
  await sendAll('bob', 'one', 'two');
  world.store.readOneByOne();
  const bob = await world.enter('bob', { explicitAck: true });
  world.store.gate('read').close();
  const burst = bob.session.burst();
  await quiet();
  bob.session.abandon();
  world.store.gate('read').open();
  expect(await burst).toBe(false);
  await quiet();
  expect(bob.outlet.lines).toEqual(['burst bob 2']);
  expect(bob.session.isEnded).toBe(false);
  expect(world.chat.accounts.who('bob').names).toEqual(['bob']);
});

test('a login with one unread message in each of many rooms takes one read, whatever the number of rooms', async () => {
  const rooms = Array.from({ length: 500 }, (_, index) => `#room${String(index).padStart(3, '0')}`);
  for (const room of rooms) {
    await makeRoom(room);
    await sendAll(room, 'hi');
  }
  const bob = await world.login('bob');
  expect(bob.outlet.lines).toEqual(['burst bob 500', ...rooms.map((room) => `1 alice ${room} hi`), 'end']);
  const reads = (['backlog', 'read', 'heads', 'count'] as const).map((name) => world.store.readCount(name));
  // The other read is that of alice's login.
  expect(reads).toEqual([2, 0, 500, 0]);
});

test('a session that catches up in many rooms reads them together', async () => {
  const rooms = Array.from({ length: 100 }, (_, index) => `#room${String(index).padStart(2, '0')}`);
  for (const room of rooms) await makeRoom(room);
  const outlet = new RecordingOutlet();
  await world.login('bob', {}, outlet);
  outlet.take();
  outlet.outboxBytesMax = 0;
  for (const room of rooms) await sendAll(room, 'hi');
  outlet.outboxBytesMax = 100_000;
  outlet.flush();
  await quiet();
  expect(outlet.lines).toEqual(rooms.map((room) => `1 alice ${room} hi`));
  expect(world.store.readCount('read')).toBe(1);
});
