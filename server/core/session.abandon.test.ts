import { bounds } from '../../shared/limits';
import { quiet } from '../../tests/harness/quiet';
import { RecordingOutlet } from '../../tests/harness/recording-outlet';
import { type Client, World } from '../../tests/harness/world';

let world: World;
let alice: Client;

beforeEach(async () => {
  world = new World();
  world.account('alice');
  world.account('bob');
  alice = await world.login('alice');
  alice.outlet.take();
});

/** So many messages to bob, a page of the log each. */
async function sendPages(count: number): Promise<void> {
  for (let page = 1; page <= count; page += 1) await world.send(alice, 'bob', `${page}`.padEnd(bounds.pageBytesMax));
}

test('a session whose client has gone writes nothing more, and what comes meanwhile is there at the next login', async () => {
  const bob = await world.login('bob');
  bob.outlet.flush();
  bob.outlet.take();
  bob.session.abandon();
  await world.send(alice, 'bob', 'one');
  bob.session.resume();
  bob.session.goLive();
  await quiet();
  expect(bob.outlet.lines).toEqual([]);
  bob.session.end();
  expect((await world.login('bob')).outlet.lines).toEqual(['burst bob 1', '1 alice bob one', 'end']);
});

test('it still sends in the name of its account', async () => {
  const bob = await world.login('bob');
  bob.session.abandon();
  await world.send(bob, 'alice', 'still me');
  expect(alice.outlet.lines).toEqual(['1 bob alice still me']);
});

test.each([true, false])(
  'a burst that it is in the middle of comes to no end (explicit ack: %s)',
  async (explicitAck) => {
    await sendPages(5);
    const outlet = new RecordingOutlet();
    outlet.outboxBytesMax = bounds.pageBytesMax;
    const { session } = await world.enter('bob', { explicitAck }, outlet);
    const burst = session.burst();
    await quiet();
    const readCount = world.store.readCount('read');
    session.abandon();
    expect(await burst).toBe(false);
    outlet.flush();
    session.resume();
    await quiet();
    expect(world.store.readCount('read')).toBe(readCount);
    session.end();
    expect((await world.login('bob')).outlet.lines[0]).toMatch(/^burst bob [1-5]$/);
  },
);

test('it begins no burst, not even one that waits for what was written before', async () => {
  await sendPages(1);
  const bob = await world.login('bob');
  const burst = bob.session.burst();
  bob.session.abandon();
  bob.outlet.flush();
  expect(await burst).toBe(false);
  expect(await bob.session.burst()).toBe(false);
  expect(bob.outlet.lines.filter((line) => line.startsWith('burst'))).toHaveLength(1);
});

test('a session that has ended is not abandoned', async () => {
  const bob = await world.login('bob');
  bob.session.end();
  bob.session.abandon();
  expect(bob.session.isEnded).toBe(true);
});
