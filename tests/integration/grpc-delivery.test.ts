/** What comes on a `ChatStream`, when, and what of it comes again. */

import { bounds } from '../../shared/limits';
import { password } from '../harness/world';
import { comesTrue } from './comes-true';
import { GrpcStage, type Person, texts } from './grpc-stage';

let stage: GrpcStage;
let carol: Person;

beforeEach(async () => {
  stage = await GrpcStage.open();
  for (const name of ['alice', 'bob']) stage.account(name);
  carol = await stage.enter('carol');
});

afterEach(() => stage.close());

/** Carol sends bob these, one after the other. */
async function write(...messages: string[]): Promise<void> {
  for (const message of messages) await stage.send(carol, 'bob', message);
}

/** What bob's device has acknowledged. */
function cursor(device?: string): number | undefined {
  return stage.world.cursor({ id: bobId(), name: 'bob' as never }, 'bob', device);
}

function bobId() {
  return stage.world.store.tables.account('bob' as never)!.id;
}

/** Resolves once bob's cursor stands there. */
async function acknowledged(seq: number, device?: string): Promise<void> {
  while (cursor(device) !== seq) {
    stage.world.clock.advance(bounds.cursorDelayMs);
    await new Promise(setImmediate);
  }
}

const login = { username: 'bob', password };

test('what is undelivered comes by itself at a login that has a stream, and then what is new', async () => {
  await write('one', 'two');
  const bob = stage.connect();
  const stream = await bob.stream().opened();
  expect(await bob.ask('LoginAccount', login)).toEqual({ success: true, message: expect.any(String), undelivered: 2 });
  await write('three');
  expect(texts(await stream.first(3))).toEqual(['one', 'two', 'three']);
  await acknowledged(3);
});

test('a stream that is sent along with the login counts as open, though it arrives behind it', async () => {
  await write('one');
  for (let round = 1; round <= 20; round += 1) {
    const bob = stage.connect();
    // The channel is connected first, so that the order of the calls is that of their bytes.
    expect(await bob.ask('LogoutAccount', { username: 'bob' })).toMatchObject({ code: 'not_logged_in' });
    const loggedIn = bob.ask('LoginAccount', { ...login, ack: round < 20, takeover: true });
    const stream = bob.stream();
    expect(await loggedIn).toEqual({ success: true, message: expect.any(String), undelivered: 1 });
    expect(texts(await stream.first(1))).toEqual(['one']);
  }
});

test('on a stream that is opened after the login only what is new comes, until it is asked for', async () => {
  await write('one', 'two');
  const bob = stage.connect();
  expect(await bob.ask('LoginAccount', login)).toEqual({ success: true, message: expect.any(String) });
  await write('three');
  const stream = await bob.stream().opened();
  await write('four');
  expect(texts(await stream.first(1))).toEqual(['four']);
  expect(await bob.ask('DeliverMessages', { username: 'bob' })).toEqual({
    success: true,
    message: expect.any(String),
    undelivered: 3,
  });
  expect(texts(await stream.first(4))).toEqual(['four', 'one', 'two', 'three']);
  await write('five');
  expect(texts(await stream.first(5)).at(-1)).toBe('five');
  await acknowledged(5);
});

test('no cursor passes what was left out: it comes at the next login', async () => {
  await write('one');
  const bob = stage.connect();
  await bob.ask('LoginAccount', login);
  const stream = await bob.stream().opened();
  await write('two');
  await stream.first(1);
  await bob.ask('LogoutAccount', { username: 'bob' });
  expect(await bob.ask('LoginAccount', login)).toEqual({ success: true, message: expect.any(String), undelivered: 2 });
  expect(texts(await stream.first(3))).toEqual(['two', 'one', 'two']);
});

test('what was asked for without a stream comes on the next', async () => {
  await write('one');
  const bob = stage.connect();
  await bob.ask('LoginAccount', login);
  expect(await bob.ask('DeliverMessages', { username: 'bob' })).toEqual({ success: true, message: expect.any(String) });
  expect(await bob.ask('DeliverMessages', { username: 'bob' })).toEqual({ success: true, message: expect.any(String) });
  const stream = await bob.stream().opened();
  await write('two');
  expect(texts(await stream.first(2))).toEqual(['one', 'two']);
});

test('what was delivered is not delivered again', async () => {
  await write('one');
  const bob = stage.connect();
  const stream = await bob.stream().opened();
  await bob.ask('LoginAccount', login);
  await stream.first(1);
  expect(await bob.ask('DeliverMessages', { username: 'bob' })).toEqual({
    success: true,
    message: expect.any(String),
    undelivered: 0,
  });
  await acknowledged(1);
  bob.close();
  const next = await stage.enter('bob', { takeover: true });
  await write('two');
  expect(texts(await next.stream.first(1))).toEqual(['two']);
});

test('deliveries asked for all at once are one', async () => {
  await write('one', 'two');
  const bob = stage.connect();
  await bob.ask('LoginAccount', login);
  const stream = await bob.stream().opened();
  const asked = await Promise.all([1, 2, 3].map(() => bob.ask('DeliverMessages', { username: 'bob' })));
  expect(asked.every(({ success }) => success)).toBe(true);
  await write('three');
  expect(texts(await stream.first(3))).toEqual(['one', 'two', 'three']);
});

test('a delivery that the store fails is told so and may be asked for again', async () => {
  await write('one');
  const bob = stage.connect();
  await bob.ask('LoginAccount', login);
  const stream = await bob.stream().opened();
  await bob.ask('Ack', { log: 'bob', seq: 0 });
  stage.world.store.failNextRead('backlog');
  expect(await bob.ask('DeliverMessages', { username: 'bob' })).toMatchObject({ code: 'store_failed' });
  await write('two');
  expect(await bob.ask('DeliverMessages', { username: 'bob' })).toMatchObject({ success: true });
  expect(texts(await stream.first(2)).sort()).toEqual(['one', 'two']);
});

describe('a stream', () => {
  test('that is lost while its login stays is followed by one that goes on where it stood', async () => {
    const bob = stage.connect();
    const first = await bob.stream().opened();
    await bob.ask('LoginAccount', login);
    await write('one');
    await first.first(1);
    first.call.cancel();
    await first.all();
    await write('two', 'three');
    const second = await bob.stream().opened();
    await write('four');
    expect(texts(await second.first(3))).toEqual(['two', 'three', 'four']);
    await acknowledged(4);
  });

  test('gives way to a newer one, and its messages go there', async () => {
    const bob = stage.connect();
    const first = await bob.stream().opened();
    await bob.ask('LoginAccount', login);
    const second = await bob.stream().opened();
    await first.all();
    expect(first.error).toMatchObject({ code: 10, details: 'taken over' });
    await write('one');
    expect(texts(await second.first(1))).toEqual(['one']);
    expect(first.items).toEqual([]);
  });

  test('gives way to a newer one before anybody has logged in, too', async () => {
    const bob = stage.connect();
    const first = await bob.stream().opened();
    const second = await bob.stream().opened();
    await first.all();
    await bob.ask('LoginAccount', login);
    await write('one');
    expect(texts(await second.first(1))).toEqual(['one']);
  });

  test('that nobody reads holds a bounded part of what is undelivered, and goes on when it is read', async () => {
    const body = 'x'.repeat(10_000);
    const count = 500;
    for (let index = 0; index < count; index += 50) await write(...Array.from({ length: 50 }, () => body));
    const bob = stage.connect();
    const stream = bob.stream();
    stream.call.pause();
    await bob.ask('LoginAccount', login);
    // The reads of the log stop when nothing more is taken.
    let pages = -1;
    for (let still = 0; still < 20; still += 1) {
      await bob.ask('Ack', { log: 'bob', seq: 0 });
      const now = stage.world.store.readCount('read');
      if (now !== pages) still = 0;
      pages = now;
    }
    const readBytes = pages * bounds.pageBytesMax;
    expect(readBytes).toBeLessThan(2 * (bounds.outboxBytesMax + bounds.pageBytesMax));
    expect(cursor() ?? 0).toBeLessThan(count / 2);
    stream.call.resume();
    expect((await stream.first(count)).map(({ seq }) => seq)).toEqual(Array.from({ length: count }, (_, i) => i + 1));
    await acknowledged(count);
  });

  test('that is cut while much is on its way loses nothing of it', async () => {
    const body = 'x'.repeat(10_000);
    await write(...Array.from({ length: 100 }, (_, index) => `${index + 1} ${body}`));
    const bob = stage.connect();
    const first = bob.stream();
    first.call.pause();
    await bob.ask('LoginAccount', login);
    first.call.cancel();
    await first.all();
    const second = await bob.stream().opened();
    await second.first(1);
    const begin = second.items[0]!.seq;
    // What the operating system had taken for the first stream counts as delivered; from there on nothing is missing.
    const rest = await second.first(100 - begin + 1);
    expect(rest.map(({ seq }) => seq)).toEqual(Array.from({ length: rest.length }, (_, index) => begin + index));
    expect(begin).toBeLessThan(50);
  });
});

describe('a client that acknowledges by itself', () => {
  const acking = { ...login, ack: true };

  test('gets what it has not acknowledged again on every new stream', async () => {
    await write('one', 'two', 'three');
    const bob = stage.connect();
    const first = await bob.stream().opened();
    expect(await bob.ask('LoginAccount', acking)).toEqual({
      success: true,
      message: expect.any(String),
      undelivered: 3,
    });
    await first.first(3);
    expect(await bob.ask('Ack', { log: 'BOB', seq: 1 })).toEqual({ success: true, message: expect.any(String) });
    first.call.cancel();
    await first.all();
    const second = await bob.stream().opened();
    expect(texts(await second.first(2))).toEqual(['two', 'three']);
    await bob.ask('Ack', { log: 'bob', seq: 3 });
    await acknowledged(3);
  });

  test('gets it again on a new connection, too', async () => {
    await write('one');
    const bob = stage.connect();
    const stream = await bob.stream().opened();
    await bob.ask('LoginAccount', acking);
    await stream.first(1);
    const next = await stage.enter('bob', { ack: true, takeover: true });
    expect(texts(await next.stream.first(1))).toEqual(['one']);
  });

  test('is told when what it acknowledges is no log or no number', async () => {
    const bob = stage.connect();
    await bob.ask('LoginAccount', acking);
    expect(await bob.ask('Ack', { log: 'b b', seq: 1 })).toMatchObject({ code: 'name_invalid' });
    expect(await bob.ask('Ack', { log: 'bob', seq: '18446744073709551615' })).toMatchObject({ code: 'number_invalid' });
    expect(await bob.ask('Ack', { log: 'nobody', seq: 1 })).toEqual({ success: true, message: expect.any(String) });
    expect(cursor()).toBe(0);
  });

  test('has cursors of its own for each device', async () => {
    const device = { ...acking, device: 'phone' };
    await write('one', 'two');
    const bob = stage.connect();
    const stream = await bob.stream().opened();
    expect(await bob.ask('LoginAccount', device)).toEqual({
      success: true,
      message: expect.any(String),
      undelivered: 2,
    });
    await stream.first(2);
    await bob.ask('Ack', { log: 'bob', seq: 1 });
    await acknowledged(1, 'phone');
    await bob.ask('LogoutAccount', { username: 'bob' });
    expect(await bob.ask('LoginAccount', { ...acking, device: 'desk' })).toEqual({
      success: true,
      message: expect.any(String),
      undelivered: 1,
    });
  });
});

describe('DeleteAccount', () => {
  test('writes what is undelivered, then removes the account and leaves the stream to the next login', async () => {
    await write('one', 'two');
    const bob = stage.connect();
    await bob.ask('LoginAccount', login);
    const stream = await bob.stream().opened();
    expect(await bob.ask('DeleteAccount', { username: 'bob' })).toEqual({ success: true, message: expect.any(String) });
    expect(texts(await stream.first(2))).toEqual(['one', 'two']);
    expect(await bob.ask('LoginAccount', login)).toMatchObject({ code: 'credentials_wrong' });
    expect(await bob.ask('LoginAccount', { username: 'alice', password })).toEqual({
      success: true,
      message: expect.any(String),
      undelivered: 0,
    });
    await stage.send(carol, 'alice', 'welcome');
    expect(texts(await stream.first(3)).at(-1)).toBe('welcome');
  });

  test('removes the account without a stream, too', async () => {
    await write('one');
    const bob = stage.connect();
    await bob.ask('LoginAccount', login);
    expect(await bob.ask('DeleteAccount', { username: 'bob' })).toEqual({ success: true, message: expect.any(String) });
    expect(await stage.world.chat.accounts.exists('bob')).toBe(false);
  });

  test('is answered with success where the account is gone, though somebody has taken it over meanwhile', async () => {
    const bob = stage.connect();
    await bob.ask('LoginAccount', login);
    const { store } = stage.world;
    store.autoCommit = false;
    const asked = bob.ask('DeleteAccount', { username: 'bob' });
    await comesTrue(() => store.gatheringCount > 0);
    await stage.world.enter('bob', { takeover: true });
    store.autoCommit = true;
    store.commit();
    expect(await asked).toEqual({ success: true, message: expect.any(String) });
    expect(await stage.world.chat.accounts.exists('bob')).toBe(false);
  });

  test('leaves the account when its stream goes before everything is written', async () => {
    const body = 'x'.repeat(10_000);
    await write(...Array.from({ length: 100 }, () => body));
    const bob = stage.connect();
    const stream = bob.stream();
    stream.call.pause();
    await bob.ask('LoginAccount', login);
    const asked = bob.ask('DeleteAccount', { username: 'bob' });
    expect(await bob.ask('DeleteAccount', { username: 'bob' })).toMatchObject({ code: 'logged_in_elsewhere' });
    stream.call.cancel();
    expect(await asked).toMatchObject({ code: 'not_logged_in' });
    expect(await stage.world.chat.accounts.exists('bob')).toBe(true);
    await write('still there');
    const again = await stage.enter('bob');
    expect(texts(await again.stream.first(1))).toEqual([body]);
  });

  test('is refused while the account is logged in elsewhere, and the login goes on', async () => {
    stage.close();
    stage = await GrpcStage.open({ sessionsPerAccountMax: 2 });
    const [first, second] = [await stage.enter('bob'), await stage.enter('bob')];
    expect(await first.caller.ask('DeleteAccount', { username: 'bob' })).toMatchObject({ code: 'logged_in_elsewhere' });
    await stage.send(second, 'bob', 'to both');
    expect(texts(await first.stream.first(1))).toEqual(['to both']);
    expect(texts(await second.stream.first(1))).toEqual(['to both']);
  });
});

test('the sends of a client that does not read its stream are carried out while 12 MB wait for it', async () => {
  const bob = await stage.enter('bob');
  bob.stream.call.pause();
  for (let count = 0; count < 200; count += 1) await write('x'.repeat(60_000));
  const answers = ['one', 'two'].map((message) =>
    bob.caller.ask('SendMessage', { fromUsername: 'bob', toUsername: 'carol', message }),
  );
  expect(texts(await carol.stream.first(2)).sort()).toEqual(['one', 'two']);
  // The answers share the connection's flow control with the stream: they come once it is read.
  bob.stream.call.resume();
  for (const answer of answers) expect(await answer).toMatchObject({ success: true });
});
