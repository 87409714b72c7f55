import { bounds } from '../../shared/limits';
import type { Username } from '../../shared/names';
import { quiet } from '../../tests/harness/quiet';
import { RecordingOutlet } from '../../tests/harness/recording-outlet';
import { type Client, codeOf, World } from '../../tests/harness/world';
import type { Seq } from './ports';

let world: World;
let alice: Client;

beforeEach(async () => {
  world = new World({ sessionsPerAccountMax: 2 });
  world.account('alice');
  world.account('bob');
  alice = await world.login('alice', { wantsReceipts: true });
  alice.outlet.take();
});

async function sendAll(to: string, ...texts: string[]): Promise<void> {
  for (const text of texts) await world.send(alice, to, text);
}

/** Bob, live, with two messages that are undelivered. */
async function beyond(options: { explicitAck?: boolean } = {}, outlet?: RecordingOutlet): Promise<Client> {
  await sendAll('bob', 'old', 'older');
  const bob = await world.enter('bob', options, outlet);
  await bob.session.goLiveBeyondBacklog();
  return bob;
}

async function cursorOf(name: string): Promise<Seq | undefined> {
  world.clock.advance(bounds.cursorDelayMs);
  await quiet();
  return world.cursor(world.store.tables.named('bob' as Username), name);
}

test('live messages are written at once, and those that were undelivered are what the next burst holds', async () => {
  const bob = await beyond();
  await sendAll('bob', 'new');
  expect(bob.outlet.take()).toEqual(['3 alice bob new']);
  bob.outlet.flush();
  await world.deliver(bob);
  expect(bob.outlet.take()).toEqual(['burst bob 2', '1 alice bob old', '2 alice bob older', 'end']);
  await sendAll('bob', 'newer');
  bob.outlet.flush();
  await world.deliver(bob);
  expect(bob.outlet.take()).toEqual(['4 alice bob newer', 'burst bob 0', 'end']);
  expect(world.store.readCount('read')).toBe(0);
});

test('no cursor and no receipt passes the undelivered messages before they are on their way', async () => {
  const bob = await beyond();
  await sendAll('bob', 'new');
  bob.outlet.flush();
  await quiet();
  expect([await cursorOf('bob'), alice.outlet.take()]).toEqual([0, []]);
  await world.deliver(bob);
  expect(await cursorOf('bob')).toBe(0);
  bob.outlet.flush();
  await quiet();
  expect([await cursorOf('bob'), alice.outlet.take()]).toEqual([
    3,
    ['receipt bob 1', 'receipt bob 2', 'receipt bob 3'],
  ]);
});

test('a session that ends before the burst leaves everything to the next one', async () => {
  const bob = await beyond();
  await sendAll('bob', 'new');
  bob.outlet.flush();
  bob.session.end();
  const again = await world.login('bob');
  expect(again.outlet.lines).toEqual(['burst bob 3', '1 alice bob old', '2 alice bob older', '3 alice bob new', 'end']);
});

test('half of the burst that reached the operating system is half of it acknowledged', async () => {
  world.store.readOneByOne();
  const bob = await beyond({});
  await sendAll('bob', 'new');
  bob.outlet.flush();
  bob.outlet.outboxBytesMax = 1;
  const delivery = world.deliver(bob);
  await quiet();
  bob.outlet.handOver();
  bob.outlet.taken();
  await quiet();
  expect(bob.outlet.take()).toEqual(['3 alice bob new', 'burst bob 2', '1 alice bob old']);
  bob.outlet.flush();
  await quiet();
  expect(await cursorOf('bob')).toBe(1);
  bob.outlet.lose();
  expect(await delivery).toBe(true);
});

test('what was written after the bytes that have left is not acknowledged with them', async () => {
  world.store.readOneByOne();
  const bob = await beyond();
  await sendAll('bob', 'new');
  bob.outlet.flush();
  bob.outlet.outboxBytesMax = 2;
  const delivery = world.deliver(bob);
  await quiet();
  bob.outlet.handOver();
  bob.outlet.outboxBytesMax = 1_000;
  bob.session.resume();
  await delivery;
  expect(bob.outlet.take().slice(1)).toEqual(['burst bob 2', '1 alice bob old', '2 alice bob older', 'end']);
  bob.outlet.taken();
  expect(await cursorOf('bob')).toBe(1);
  bob.outlet.flush();
  expect(await cursorOf('bob')).toBe(3);
});

test('going live again while a burst is being asked for leaves it what it is for', async () => {
  const bob = await beyond();
  await sendAll('bob', 'new');
  const delivery = world.deliver(bob);
  await sendAll('bob', 'newer');
  await bob.session.goLiveBeyondBacklog();
  bob.outlet.flush();
  await delivery;
  expect(bob.outlet.take()).toEqual([
    '3 alice bob new',
    '4 alice bob newer',
    'burst bob 2',
    '1 alice bob old',
    '2 alice bob older',
    'end',
  ]);
});

test('what a slow reader has not got of the live messages comes with the burst, after what was undelivered', async () => {
  const outlet = new RecordingOutlet();
  const bob = await beyond({}, outlet);
  outlet.outboxBytesMax = 1;
  await sendAll('bob', 'new', 'newer');
  const delivery = world.deliver(bob);
  outlet.flush();
  outlet.outboxBytesMax = 1_000;
  await delivery;
  expect(outlet.take()).toEqual([
    '3 alice bob new',
    'burst bob 3',
    '1 alice bob old',
    '2 alice bob older',
    '4 alice bob newer',
    'end',
  ]);
});

test('a client that acknowledges by itself is believed what it has of the live messages once it has the others', async () => {
  const bob = await beyond({ explicitAck: true });
  await sendAll('bob', 'new', 'newer');
  bob.session.acknowledge(bob.account.name, 3 as Seq);
  bob.session.acknowledge(bob.account.name, 2 as Seq);
  expect(await cursorOf('bob')).toBe(0);
  await world.deliver(bob);
  expect(bob.outlet.take().slice(2)).toEqual(['burst bob 2', '1 alice bob old', '2 alice bob older', 'end']);
  bob.session.acknowledge(bob.account.name, 1 as Seq);
  expect(await cursorOf('bob')).toBe(1);
  bob.session.acknowledge(bob.account.name, 2 as Seq);
  expect(await cursorOf('bob')).toBe(3);
  expect(alice.outlet.take()).toEqual(['receipt bob 1', 'receipt bob 2', 'receipt bob 3']);
  bob.session.end();
  const again = await world.login('bob');
  expect(again.outlet.lines).toEqual(['burst bob 1', '4 alice bob newer', 'end']);
});

test('an acknowledgement of what is not there yet counts for what is', async () => {
  const bob = await beyond({ explicitAck: true });
  await sendAll('bob', 'new');
  bob.session.acknowledge(bob.account.name, 99 as Seq);
  await world.deliver(bob);
  await sendAll('bob', 'newer');
  bob.session.acknowledge(bob.account.name, 2 as Seq);
  expect(await cursorOf('bob')).toBe(3);
});

test('in a room the own messages are left out of both', async () => {
  await world.chat.rooms.create(alice.account, '#den', ['bob']);
  await sendAll('#den', 'one');
  const before = await world.enter('bob', { explicitAck: true });
  before.session.goLive();
  await world.send(before, '#den', 'mine');
  before.session.end();
  await sendAll('#den', 'two');
  const bob = await world.enter('bob');
  await bob.session.goLiveBeyondBacklog();
  await world.send(bob, '#den', 'mine too');
  await sendAll('#den', 'three');
  expect(bob.outlet.take()).toEqual(['5 alice #den three']);
  bob.outlet.flush();
  await world.deliver(bob);
  expect(bob.outlet.take()).toEqual(['burst bob 2', '1 alice #den one', '3 alice #den two', 'end']);
  bob.outlet.flush();
  expect(await cursorOf('#den')).toBe(5);
});

test('undelivered messages that are all its own hold no cursor back after the burst', async () => {
  await world.chat.rooms.create(alice.account, '#den', ['bob']);
  const before = await world.enter('bob');
  await world.send(before, '#den', 'mine');
  before.session.end();
  const bob = await world.enter('bob');
  await bob.session.goLiveBeyondBacklog();
  await sendAll('#den', 'hers');
  bob.outlet.flush();
  expect(await cursorOf('#den')).toBe(0);
  await world.deliver(bob);
  bob.outlet.flush();
  expect(bob.outlet.take()).toEqual(['2 alice #den hers', 'burst bob 0', 'end']);
  expect(await cursorOf('#den')).toBe(2);
});

test('a session with nothing undelivered, or live already, goes on as any other', async () => {
  const bob = await world.enter('bob');
  await bob.session.goLiveBeyondBacklog();
  await sendAll('bob', 'one');
  await bob.session.goLiveBeyondBacklog();
  bob.outlet.flush();
  await quiet();
  expect([bob.outlet.take(), await cursorOf('bob')]).toEqual([['1 alice bob one'], 1]);
});

test('going live fails with the store, and the session is held as before', async () => {
  await sendAll('bob', 'old');
  const bob = await world.enter('bob');
  world.store.failNextRead('heads');
  expect(await codeOf(bob.session.goLiveBeyondBacklog())).toBe('store_failed');
  await sendAll('bob', 'new');
  await world.deliver(bob);
  expect(bob.outlet.lines).toEqual(['burst bob 2', '1 alice bob old', '2 alice bob new', 'end']);
});

test('a burst that fails with the store leaves its messages to the one after it', async () => {
  const bob = await beyond();
  world.store.failNextRead('backlog');
  expect(await codeOf(world.deliver(bob))).toBe('store_failed');
  await sendAll('bob', 'new');
  bob.outlet.flush();
  await world.deliver(bob);
  expect(bob.outlet.take()).toEqual(['3 alice bob new', 'burst bob 2', '1 alice bob old', '2 alice bob older', 'end']);
});

test('a burst whose messages cannot be counted fails once, with the store', async () => {
  await world.chat.rooms.create(alice.account, '#den', ['bob']);
  await sendAll('#den', 'old');
  const outlet = new RecordingOutlet();
  const bob = await world.enter('bob', {}, outlet);
  await bob.session.goLiveBeyondBacklog();
  outlet.outboxBytesMax = 1;
  await sendAll('#den', 'new', 'newer');
  world.store.readOneByOne();
  world.store.failNextRead('count');
  const code = codeOf(world.deliver(bob));
  outlet.flush();
  expect(await code).toBe('store_failed');
  await quiet();
  outlet.outboxBytesMax = 1_000;
  outlet.flush();
  await world.deliver(bob);
  expect(outlet.take()).toEqual(['2 alice #den new', '3 alice #den newer', 'burst bob 1', '1 alice #den old', 'end']);
});

test('a session that ends while it goes live stays ended', async () => {
  world.store.gate('heads').close();
  const bob = await world.enter('bob');
  const going = bob.session.goLiveBeyondBacklog();
  bob.session.end();
  world.store.gate('heads').open();
  await going;
  expect(bob.session.isEnded).toBe(true);
  expect(await world.send(alice, 'bob', 'x')).toMatchObject({ live: false });
});
