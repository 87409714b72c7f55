/** Clients of the nick room that send and do not read: one that exists already reads a single packet after READY. */

import { Connection } from '../../server/protocols/connection';
import { openNickroomListener } from '../../server/protocols/nickroom/listener';
import type { TcpListener } from '../../server/protocols/tcp-listener';
import { bounds } from '../../shared/limits';
import type { RoomName } from '../../shared/names';
import { World } from '../harness/world';
import { comesTrue } from './comes-true';
import { NickroomClient, packetOf } from './nickroom-client';

/** Of messages that fill whatever the operating system keeps for a client, and the outbox: 24 MB. */
const longCount = 400;
const padding = 'x'.repeat(60_000);
const keptCount = bounds.stalledGuestMessagesMax;

let world: World;
let listener: TcpListener;
const clients: NickroomClient[] = [];

beforeEach(async () => {
  world = new World();
  const options = { host: '127.0.0.1', port: 0, connectionsMax: 20, historyMessages: 0 };
  listener = await openNickroomListener(world.chat, options);
});
afterEach(() => {
  for (const { bytes } of clients.splice(0)) bytes.close();
  listener.destroy();
});

async function join(nickname: string): Promise<NickroomClient> {
  const client = await NickroomClient.join(listener.port, nickname);
  clients.push(client);
  return client;
}

function storedCount(): number {
  const room = world.store.tables.room('#lobby' as RoomName);
  return (room && world.store.tables.messages.get(room.log)?.length) ?? 0;
}

/** Says all of this in the room; resolves once it is stored. */
async function sayAll(client: NickroomClient, messages: readonly string[]): Promise<void> {
  const before = storedCount();
  for (const message of messages) client.say(message);
  await comesTrue(() => storedCount() === before + messages.length);
}

function numbered(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`);
}

/** Somebody who has read one packet after READY and then nothing, until nothing more gets through. */
async function stalled(nickname: string, speaker: NickroomClient): Promise<NickroomClient> {
  const client = await join(nickname);
  await sayAll(speaker, ['welcome']);
  expect(await client.heard()).toBe('bob: welcome');
  client.bytes.pause();
  for (const name of numbered('long ', longCount)) await sayAll(speaker, [`${name} ${padding}`]);
  return client;
}

/** The next message, without padding. */
async function heard(client: NickroomClient): Promise<string> {
  return (await client.heard()).replace(` ${padding}`, '');
}

/** What comes up to the message of the server, and that. */
async function heardUpToServer(client: NickroomClient): Promise<{ before: string[]; server: string }> {
  const before: string[] = [];
  for (;;) {
    const message = await heard(client);
    if (message.startsWith('server: ')) return { before, server: message };
    before.push(message);
  }
}

test('the messages of a client that does not read go on after 24 MB that it has not read', async () => {
  const bob = await join('bob');
  const alice = await stalled('alice', bob);
  alice.say('still here');
  expect(await bob.heard()).toBe('alice: still here');
  for (const text of numbered('and here ', 100)) alice.say(text);
  for (const text of numbered('and here ', 100)) expect(await bob.heard()).toBe(`alice: ${text}`);
});

test('a client that reads again after it has stalled is told how much is left out, and gets the newest after it', async () => {
  const bob = await join('bob');
  const alice = await stalled('alice', bob);
  const short = numbered('short ', keptCount + 500);
  await sayAll(bob, short);
  world.clock.advance(bounds.guestStallMs);
  alice.bytes.resume();
  const { before, server } = await heardUpToServer(alice);
  expect(before).toEqual(numbered('bob: long ', before.length));
  const leftOut = longCount - before.length + 500;
  expect(server).toBe(`server: The next ${leftOut} messages are left out: you were not reading.`);
  expect(await alice.heardAll(keptCount)).toEqual(short.slice(-keptCount).map((text) => `bob: ${text}`));
  await sayAll(bob, ['back to normal']);
  expect(await alice.heard()).toBe('bob: back to normal');
});

test('a client that is late, but not for long, gets everything in order', async () => {
  const bob = await join('bob');
  const alice = await stalled('alice', bob);
  const short = numbered('short ', keptCount + 500);
  await sayAll(bob, short);
  world.clock.advance(bounds.guestStallMs - 1);
  alice.bytes.resume();
  const expected = [...numbered('long ', longCount), ...short].map((text) => `bob: ${text}`);
  const all: string[] = [];
  while (all.length < expected.length) all.push(await heard(alice));
  expect(all).toEqual(expected);
});

test('a client that has stalled while few messages came gets all of them', async () => {
  const bob = await join('bob');
  const alice = await stalled('alice', bob);
  world.clock.advance(bounds.guestStallMs);
  alice.bytes.resume();
  const all: string[] = [];
  while (all.length < longCount) all.push(await heard(alice));
  expect(all).toEqual(numbered('bob: long ', longCount));
});

test('failures that a client does not read are counted, and told in one message', async () => {
  const bob = await join('bob');
  const alice = await stalled('alice', bob);
  for (let count = 0; count < 1_000; count += 1) alice.bytes.send(packetOf('no JSON'));
  alice.say('done');
  expect(await bob.heard()).toBe('alice: done');
  alice.bytes.resume();
  const { server } = await heardUpToServer(alice);
  expect(server).toBe('server: Not sent: 1000 of your messages, while you were not reading.');
});

test('a client that does not read can leave, and its name is free', async () => {
  const bob = await join('bob');
  const alice = await stalled('alice', bob);
  alice.say('last words');
  alice.say('BYE');
  expect(await bob.heard()).toBe('alice: last words');
  await comesTrue(() => world.chat.accounts.who(undefined).names.length === 1);
  await join('alice');
});

test('a nickname is not read while its answer has no room, and is answered once there is room', async () => {
  const client = await NickroomClient.connect(listener.port);
  clients.push(client);
  const hasRoom = jest.spyOn(Connection.prototype, 'hasRoom', 'get').mockReturnValue(false);
  await client.bytes.sendNow(packetOf('alice'));
  for (let turn = 0; turn < 100; turn += 1) await new Promise(setImmediate);
  expect(world.chat.accounts.who(undefined).names).toEqual([]);
  hasRoom.mockRestore();
  listener.resumeAll();
  expect(await client.packet()).toBe('READY');
});
