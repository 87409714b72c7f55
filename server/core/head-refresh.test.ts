import { bounds } from '../../shared/limits';
import { quiet } from '../../tests/harness/quiet';
import { type Client, World } from '../../tests/harness/world';
import { mailboxOf, type Seq } from './ports';

let world: World;
let alice: Client;

beforeEach(async () => {
  world = new World();
  world.account('alice');
  world.account('bob');
  alice = await world.login('alice');
});

async function refreshed(): Promise<void> {
  world.clock.advance(bounds.headRefreshMs);
  await quiet();
}

test('a message whose nudge was lost is written once the heads are asked for again', async () => {
  const bob = await world.login('bob');
  bob.outlet.take();
  world.bus.loseNext();
  await world.send(alice, 'bob', 'hi');
  expect(bob.outlet.take()).toEqual([]);
  await refreshed();
  expect(bob.outlet.take()).toEqual(['1 alice bob hi']);
  await refreshed();
  expect(bob.outlet.take()).toEqual([]);
});

test('heads are asked for in slices, those of guests not at all, and go on after a failure', async () => {
  const rooms = Array.from({ length: bounds.headsPerReadMax }, (_, index) => `#room${index}`);
  for (const room of rooms) await world.chat.rooms.create(alice.account, room, ['bob']);
  const guest = await world.guest('gina');
  const bob = await world.login('bob');
  bob.outlet.take();
  const before = world.store.readCount('heads');
  await refreshed();
  // One log more than rooms for alice, and one for bob: two slices.
  expect(world.store.readCount('heads') - before).toBe(2);
  world.store.failNextRead('heads');
  world.bus.loseNext();
  await world.send(alice, 'bob', 'hi');
  await refreshed();
  expect([world.logger.errors, bob.outlet.take()]).toEqual([['heads_not_refreshed'], []]);
  await refreshed();
  expect(bob.outlet.take()).toEqual(['1 alice bob hi']);
  expect(guest.session.isEnded).toBe(false);
});

test('no head is asked for after the chat has closed', async () => {
  await world.login('bob');
  const before = world.store.readCount('heads');
  await world.chat.close();
  await refreshed();
  expect(world.store.readCount('heads')).toBe(before);
});

test('a page without the message that was announced is an error, and the message is read when it is there', async () => {
  const bob = await world.login('bob');
  bob.outlet.take();
  const log = mailboxOf(bob.account.id);
  const announced = { seq: 2 as Seq, at: world.clock.now(), from: alice.account.name, body: new Uint8Array([0x78]) };
  world.bus.publish({ log, message: announced });
  await quiet();
  expect([bob.outlet.take(), world.logger.errors]).toEqual([[], ['log_not_read']]);
  world.bus.loseNext(2);
  await world.send(alice, 'bob', 'one');
  await world.send(alice, 'bob', 'two');
  world.clock.advance(bounds.readRetryMs);
  await quiet();
  expect(bob.outlet.take()).toEqual(['1 alice bob one', '2 alice bob two']);
});

test('a log that cannot be read yet does not keep a session from its others', async () => {
  await world.chat.rooms.create(alice.account, '#den', ['bob']);
  const bob = await world.login('bob');
  bob.outlet.take();
  const announced = { seq: 2 as Seq, at: world.clock.now(), from: alice.account.name, body: new Uint8Array([0x78]) };
  world.bus.publish({ log: mailboxOf(bob.account.id), message: announced });
  await quiet();
  world.bus.loseNext();
  await world.send(alice, '#den', 'hi');
  await refreshed();
  world.clock.advance(bounds.readRetryMs);
  await quiet();
  expect(bob.outlet.take()).toEqual(['1 alice #den hi']);
});
