/** WebSockets that are silent, slow, or told goodbye. */

import { wireBounds } from '../../server/protocols/chateau/limits';
import { bounds } from '../../shared/limits';
import { quiet } from '../harness/quiet';
import { RawClient } from '../harness/raw-client';
import { ChateauStage, type Peer } from './chateau-stage';
import { comesTrue } from './comes-true';

let stage: ChateauStage;

beforeEach(async () => {
  stage = await ChateauStage.open();
});
afterEach(() => stage.close());

/** Lets so much time go by for the server, with the world going on in between. */
async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += bounds.sweepMs) stage.world.clock.advance(bounds.sweepMs);
  await quiet();
}

/** Lets the cursors that have moved by now be stored. */
async function cursorsStored(): Promise<void> {
  stage.world.clock.advance(bounds.cursorDelayMs);
  await quiet();
}

test('a peer that answers a ping stays, however long it says nothing', async () => {
  const client = await stage.register('alice');
  for (let round = 0; round < 4; round += 1) {
    const asked = new Promise((resolve) => client.socket.once('ping', resolve));
    await pass(wireBounds.pingMs);
    await asked;
    // Its pong is there before its next frame is answered.
    await client.expectSilence();
  }
  await client.expectSilence();
});

test('a peer that reads nothing for minutes, and answers no ping meanwhile, stays and gets its messages', async () => {
  const blocked = await stage.connect({ autoPong: false });
  await blocked.ask({ type: 'RegisterRequest', username: 'alice' });
  const asked = new Promise((resolve) => blocked.socket.once('ping', resolve));
  await pass(wireBounds.goneMs - 2 * bounds.sweepMs);
  await asked;
  const bob = await stage.register('bob');
  expect(await bob.ask({ type: 'SingleMessageRequest', recipient: 'alice', content: 'hi' })).toMatchObject({
    live: true,
  });
  expect(await blocked.next()).toMatchObject({ sender: 'bob', content: 'hi' });
});

test('a peer that does not answer a ping is taken for gone, and its name is free', async () => {
  const client = await stage.connect({ autoPong: false });
  await client.ask({ type: 'RegisterRequest', username: 'alice' });
  await pass(wireBounds.goneMs);
  expect(await client.closed()).toMatchObject({ code: 1_006 });
  await stage.register('alice');
});

/** Lets it answer pings, and register never. */
async function neverRegister(client: Peer): Promise<void> {
  for (let passedMs = 0; passedMs < bounds.idleTimeoutMs; passedMs += wireBounds.pingMs) {
    const asked = new Promise((resolve) => client.socket.once('ping', resolve));
    await pass(wireBounds.pingMs);
    if (passedMs + wireBounds.pingMs >= bounds.idleTimeoutMs) break;
    await asked;
    await new Promise<void>((resolve) => {
      client.socket.ping();
      client.socket.once('pong', () => resolve());
    });
  }
}

test('a peer that never registers is told and closed, though it answers pings', async () => {
  const client = await stage.connect();
  await client.expectSilence();
  await neverRegister(client);
  expect(await client.next()).toMatchObject({ type: 'NoticeEvent', code: 'idle' });
  expect(await client.closed()).toEqual({ code: 1_000, reason: 'idle' });
});

test('a peer that never registers is told and closed when it answers no pings either', async () => {
  const client = await stage.connect({ autoPong: false });
  await client.expectSilence();
  await pass(bounds.idleTimeoutMs);
  expect(await client.next()).toMatchObject({ type: 'NoticeEvent', code: 'idle' });
  expect(await client.closed()).toEqual({ code: 1_000, reason: 'idle' });
});

test.each([
  ['speaks the numeric dialect', [{ type: 4 }]],
  ['has not said which dialect it speaks', []],
])('a peer that never registers and %s is closed without a word', async (_, frames) => {
  const client = await stage.connect();
  for (const frame of frames) expect(await client.ask(frame)).toEqual({ status: 400 });
  await neverRegister(client);
  await expect(client.text()).rejects.toThrow('closed: 1000 idle');
});

describe('a reader that does not read', () => {
  const count = 4_000;
  const content = 'x'.repeat(4_000);

  test('is kept its messages for, in bounded memory, and gets them all in order when it reads', async () => {
    const reader = await stage.register('reader', 'pw');
    const sender = await stage.register('sender', 'pw');
    reader.socket.pause();
    let answered = 0;
    for (let id = 1; id <= count; id += 1) {
      sender.send({ type: 'SingleMessageRequest', recipient: 'reader', content: `${id} ${content}`, id });
      if (id % 500 === 0) {
        answered += (await sender.take(500)).length;
      }
    }
    expect(answered).toBe(count);
    expect(stage.sockets.outboxBytes).toBeGreaterThan(0);
    expect(stage.sockets.outboxBytes).toBeLessThan(bounds.outboxBytesMax + 2 * bounds.pageBytesMax);
    await pass(2 * wireBounds.goneMs);
    reader.socket.resume();
    const got = await reader.take(count);
    expect(got.map(({ seq }) => seq)).toEqual(got.map((_, index) => index + 1));
  });

  test('and asks on is no longer read from, and is answered when it reads', async () => {
    const flood = await stage.register('flood', 'pw');
    flood.socket.pause();
    for (let id = 1; id <= count; id += 1) {
      flood.send({ type: 'SingleMessageRequest', recipient: 'flood', content: `${id} ${content}`, id });
    }
    const other = await stage.register('other');
    await other.expectSilence();
    flood.socket.resume();
    const got = await flood.take(2 * count);
    const answers = got.filter(({ type }) => type === 'SingleMessageResponse');
    expect(answers.map(({ id }) => id)).toEqual(answers.map((_, index) => index + 1));
    expect(answers).toHaveLength(count);
  });
});

test('a message is acknowledged once the operating system has it, and not before', async () => {
  const bob = stage.world.account('bob');
  const reader = await stage.register('bob', 'pw');
  const sender = await stage.register('alice', 'pw');
  const message = { type: 'SingleMessageRequest', recipient: 'bob', content: 'x'.repeat(60_000) };
  reader.socket.pause();
  let sent = 0;
  do {
    await sender.ask(message);
    sent += 1;
    await cursorsStored();
  } while (stage.sockets.outboxBytes === 0);
  // The last one was written, and the operating system has no room for all of it.
  expect(stage.world.cursor(bob)).toBe(sent - 1);
  reader.socket.resume();
  await reader.take(sent);
  await reader.expectSilence();
  await cursorsStored();
  expect(stage.world.cursor(bob)).toBe(sent);
});

describe('when the server closes', () => {
  test('who speaks the named dialect is told, and all are closed with 1001; nobody registers any more', async () => {
    const named = await stage.register('alice');
    const numeric = await stage.registerNumerically('bob');
    const stranger = await stage.connect();
    await stranger.expectSilence();
    const silent = await stage.connect();
    const closing = stage.sockets.close();
    for (const client of [named, stranger]) {
      expect(await client.next()).toMatchObject({ type: 'NoticeEvent', status: 300, code: 'closing' });
    }
    expect(await stranger.ask({ type: 1, username: 'carol' })).toEqual({ status: 300 });
    expect(await stranger.ask({ type: 'RegisterRequest', username: 'carol' })).toMatchObject({ status: 300 });
    expect(await numeric.ask({ type: 4 })).toEqual({ status: 200, clients: ['alice', 'bob'] });
    stage.world.clock.advance(bounds.closingMs);
    for (const client of [named, numeric, stranger, silent]) {
      expect(await client.closed()).toEqual({ code: 1_001, reason: 'closing' });
    }
    for (const client of [numeric, silent]) await expect(client.text()).rejects.toThrow('closed: 1001 closing');
    await closing;
  });

  test('and nobody is there it is done at once', async () => {
    await stage.sockets.close();
  });
});

test('a peer that breaks the protocol is logged out at once, and closed though it reads nothing more', async () => {
  const client = await RawClient.connect(stage.port);
  const head = 'GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13';
  client.send(`${head}\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`);
  const register = '{"type":1,"username":"alice"}';
  client.send(Buffer.concat([Buffer.from([0x81, 0x80 | register.length, 0, 0, 0, 0]), Buffer.from(register)]));
  await client.until('{"status":200}');
  client.pause();
  const notMasked = Buffer.from([0x81, 2, 0x7b, 0x7d]);
  client.send(notMasked);
  await comesTrue(() => stage.world.chat.accounts.who(undefined).names.length === 0);
  await stage.register('alice');
  await pass(bounds.lingerMs);
  client.resume();
  await client.closed();
});
