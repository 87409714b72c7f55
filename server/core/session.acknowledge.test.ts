import { roomNameFor } from '../../shared/escaped-names';
import { bounds } from '../../shared/limits';
import type { RoomName, Username } from '../../shared/names';
import { quiet } from '../../tests/harness/quiet';
import { type Client, World } from '../../tests/harness/world';
import type { Seq } from './ports';

const den = '#den' as RoomName;
/** The one that asks for heads again. */
const idleTimers = 1;
let world: World;
let alice: Client;

beforeEach(async () => {
  world = new World();
  world.account('alice');
  world.account('bob');
  alice = await world.login('alice');
  await world.chat.rooms.create(alice.account, den, ['bob']);
});

async function sendAll(to: string, ...texts: string[]): Promise<void> {
  for (const text of texts) await world.send(alice, to, text);
}

/** Where bob's default device stands, once everything has been stored. */
async function cursor(log: string): Promise<Seq | undefined> {
  world.clock.advance(bounds.cursorDelayMs);
  await quiet();
  return world.cursor(world.store.tables.named('bob' as Username), log);
}

describe('a client that acknowledges by itself', () => {
  let bob: Client;

  beforeEach(async () => {
    bob = await world.login('bob', { explicitAck: true });
    await sendAll('bob', 'one', 'two', 'three');
  });

  test('moves its cursor, and only by that', async () => {
    bob.outlet.flush();
    expect(bob.session.mark()).toBeUndefined();
    expect(await cursor('bob')).toBe(0);
    bob.session.acknowledge('BOB' as Username, 2 as Seq);
    expect(await cursor('bob')).toBe(2);
  });

  test('cannot acknowledge what it was not given', async () => {
    bob.session.acknowledge(bob.account.name, 99 as Seq);
    expect(await cursor('bob')).toBe(3);
    await sendAll('bob', 'four');
    expect(await cursor('bob')).toBe(3);
  });

  test('cannot acknowledge what came when it was gone, whatever it has left behind asks for', async () => {
    bob.session.abandon();
    await sendAll('bob', 'four');
    bob.session.resume();
    expect(await bob.session.burst()).toBe(false);
    bob.session.goLive();
    await quiet();
    bob.session.acknowledge(bob.account.name, 99 as Seq);
    expect(await cursor('bob')).toBe(3);
  });

  test('acknowledges a room by any spelling that means the same room', async () => {
    const cafe = roomNameFor('Caf\u00e9') as RoomName;
    await world.chat.rooms.create(alice.account, cafe, ['bob']);
    await sendAll(cafe, 'hi');
    bob.session.acknowledge(roomNameFor('cafe\u0301') as RoomName, 1 as Seq);
    expect(await cursor(cafe)).toBe(1);
  });

  test('cannot take an acknowledgement back', async () => {
    bob.session.acknowledge(bob.account.name, 2 as Seq);
    bob.session.acknowledge(bob.account.name, 1 as Seq);
    expect(await cursor('bob')).toBe(2);
    await world.deliver(bob);
    expect(bob.outlet.lines).toContain('burst bob 1');
  });

  test('is not heard about a log that it does not follow', async () => {
    bob.session.acknowledge('alice' as Username, 1 as Seq);
    expect(await cursor('bob')).toBe(0);
    expect(world.clock.pendingCount).toBe(idleTimers);
  });

  test('acknowledges what was written before a deliver also while that is under way', async () => {
    bob.outlet.outboxBytesMax = 0;
    const delivered = world.deliver(bob);
    await quiet();
    bob.session.acknowledge(bob.account.name, 3 as Seq);
    bob.outlet.outboxBytesMax = 100;
    bob.outlet.flush();
    await delivered;
    expect(await cursor('bob')).toBe(3);
    bob.outlet.take();
    await world.deliver(bob);
    expect(bob.outlet.lines).toEqual(['burst bob 0', 'end']);
  });

  test('acknowledges what was written before a deliver also while that repeats it', async () => {
    await sendAll('bob', 'four');
    bob.outlet.flush();
    const { logs } = world.store;
    const { backlog } = logs;
    logs.backlog = (positions) => backlog(positions, 3 * (64 + 'three'.length));
    bob.outlet.outboxBytesMax = 10;
    const delivered = world.deliver(bob);
    await quiet();
    expect(bob.outlet.lines.at(-1)).toBe('3 alice bob three');
    bob.session.acknowledge(bob.account.name, 4 as Seq);
    bob.outlet.flush();
    await delivered;
    expect(await cursor('bob')).toBe(4);
  });

  test('acknowledges its own messages in a room with those before them', async () => {
    await sendAll(den, 'hers');
    await world.send(bob, den, 'mine');
    expect(await cursor(den)).toBe(0);
    bob.session.acknowledge(den, 1 as Seq);
    expect(await cursor(den)).toBe(2);
  });

  test('needs not acknowledge its own messages in a room when nothing is before them', async () => {
    await world.send(bob, den, 'mine');
    expect(await cursor(den)).toBe(1);
    await sendAll(den, 'hers');
    expect(await cursor(den)).toBe(1);
    expect(bob.outlet.lines).not.toContain('1 bob #den mine');
  });
});

describe('a client that does not acknowledge', () => {
  let bob: Client;

  beforeEach(async () => {
    bob = await world.login('bob');
    bob.outlet.flush();
    await sendAll('bob', 'one', 'two');
  });

  test('has its cursor moved when the operating system has taken the bytes, not when they are handed over', async () => {
    bob.outlet.handOver();
    expect(await cursor('bob')).toBe(0);
    bob.outlet.taken();
    expect(await cursor('bob')).toBe(2);
  });

  test('has not got what was there when the bytes left and was written later', async () => {
    bob.outlet.outboxBytesMax = 1;
    await sendAll('bob', 'three');
    bob.outlet.handOver();
    bob.outlet.outboxBytesMax = 100;
    bob.session.resume();
    await quiet();
    expect(bob.outlet.lines.at(-1)).toBe('3 alice bob three');
    bob.outlet.taken();
    expect(await cursor('bob')).toBe(2);
  });

  test('has not got what was written after the bytes had left', async () => {
    bob.outlet.handOver();
    await sendAll('bob', 'three');
    bob.outlet.taken();
    expect(await cursor('bob')).toBe(2);
  });

  test('keeps what was on its way when its connection is lost', async () => {
    bob.outlet.handOver();
    bob.outlet.lose();
    bob.outlet.taken();
    expect(await cursor('bob')).toBe(0);
    const again = await world.login('bob');
    expect(again.outlet.lines).toEqual(['burst bob 2', '1 alice bob one', '2 alice bob two', 'end']);
  });

  test('has got what the operating system takes after the session has ended', async () => {
    bob.outlet.handOver();
    bob.session.end();
    bob.outlet.taken();
    expect(await cursor('bob')).toBe(2);
  });

  test('has its own messages in a room skipped, and its cursor moves over them', async () => {
    await sendAll(den, 'hers');
    await world.send(bob, den, 'mine');
    expect(await cursor(den)).toBe(0);
    bob.outlet.flush();
    expect(await cursor(den)).toBe(2);
    await world.send(bob, den, 'mine again');
    expect(await cursor(den)).toBe(3);
    expect(bob.outlet.lines.filter((line) => line.includes(den))).toEqual(['1 alice #den hers']);
  });

  test('has every log acknowledged that was written to, and none twice', async () => {
    await sendAll(den, 'hers');
    bob.outlet.flush();
    expect([await cursor('bob'), await cursor(den)]).toEqual([2, 1]);
    bob.outlet.flush();
    expect(world.clock.pendingCount).toBe(idleTimers);
  });
});
