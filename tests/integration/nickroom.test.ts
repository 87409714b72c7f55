/** The nick room, from its bytes to the store and back. */

import { openNickroomListener } from '../../server/protocols/nickroom/listener';
import type { TcpListener } from '../../server/protocols/tcp-listener';
import { bounds } from '../../shared/limits';
import type { RoomName } from '../../shared/names';
import { World } from '../harness/world';
import { comesTrue } from './comes-true';
import { NickroomClient, packetOf } from './nickroom-client';

let world: World;
let listener: TcpListener;
const clients: NickroomClient[] = [];

const connectionsMax = 20;
const historyMessages = 5;

async function connect(): Promise<NickroomClient> {
  const client = await NickroomClient.connect(listener.port);
  clients.push(client);
  return client;
}

async function join(nickname: string): Promise<NickroomClient> {
  const client = await connect();
  expect(await client.choose(nickname)).toBe('READY');
  return client;
}

/** Who is online, as the server knows it. */
function online(): readonly string[] {
  return world.chat.accounts.who(undefined).names;
}

/** How many messages of the room are stored. */
function storedCount(): number | undefined {
  const { tables } = world.store;
  const room = tables.room('#lobby' as RoomName);
  return room && tables.messages.get(room.log)?.length;
}

/** Says something; resolves once it is stored. */
async function said(client: NickroomClient, message: string): Promise<void> {
  const before = storedCount() ?? 0;
  client.say(message);
  await comesTrue(() => storedCount() === before + 1);
}

beforeEach(async () => {
  world = new World();
  listener = await openNickroomListener(world.chat, { host: '127.0.0.1', port: 0, connectionsMax, historyMessages });
});
afterEach(() => {
  for (const { bytes } of clients.splice(0)) bytes.close();
  listener.destroy();
});

describe('choosing a nickname', () => {
  test('the server speaks first, and READY answers a name that is free', async () => {
    expect(await (await connect()).choose('alice')).toBe('READY');
    expect(online()).toEqual(['alice']);
  });

  test('a name with its length once more is read as well', async () => {
    const client = await connect();
    client.bytes.send(packetOf(packetOf('alice')));
    expect(await client.packet()).toBe('READY');
    expect(online()).toEqual(['alice']);
  });

  test.each(['', 'a b', '#lobby', 'server', 'System', 'x'.repeat(33), '\u00e9', 'x'.repeat(65_535)])(
    'RETRY answers %j, which nobody can have, and another may follow',
    async (name) => {
      const client = await connect();
      expect(await client.choose(name)).toBe('RETRY');
      expect(await client.choose('alice')).toBe('READY');
    },
  );

  test('packets in a request that a page has made a browser send are not obeyed', async () => {
    const client = await connect();
    const head = 'POST / HTTP/1.1\r\nContent-Type: text/plain\r\nContent-Length: 20600\r\n\r\n';
    // Read as a packet it would end here.
    const packetBytes = 2 + Buffer.from('PO').readUInt16BE();
    client.bytes.send(Buffer.concat([Buffer.from(head.padEnd(packetBytes, 'x')), packetOf('mallory')]));
    expect(await client.bytes.closed()).toEqual(Buffer.alloc(0));
    expect(online()).toEqual([]);
  });

  test('RETRY answers the name of an account, whether it is online or not', async () => {
    world.account('carol');
    const client = await connect();
    expect(await client.choose('Carol')).toBe('RETRY');
    await world.login('carol');
    expect(await client.choose('carol')).toBe('RETRY');
  });

  test('RETRY answers a name that somebody here has, until its holder leaves, however', async () => {
    const leavings: ((client: NickroomClient) => void)[] = [
      (client) => client.say('BYE'),
      (client) => client.bytes.endInput(),
      (client) => client.bytes.close(),
      (client) => client.bytes.cut(),
    ];
    const other = await connect();
    for (const leave of leavings) {
      const alice = await join('alice');
      expect(await other.choose('ALICE')).toBe('RETRY');
      leave(alice);
      await comesTrue(() => online().length === 0);
    }
    expect(await other.choose('ALICE')).toBe('READY');
  });

  test('one connection of two that want a name at once gets it', async () => {
    const [a, b] = [await connect(), await connect()];
    const answers = await Promise.all([a.choose('alice'), b.choose('Alice')]);
    expect(answers.sort()).toEqual(['READY', 'RETRY']);
  });

  test('RETRY answers when the store fails, and the name is free again', async () => {
    const client = await connect();
    world.store.failNextRead('find');
    expect(await client.choose('alice')).toBe('RETRY');
    expect(await client.choose('alice')).toBe('READY');
  });

  test('RETRY answers when the room cannot be entered, and the name is free again', async () => {
    const client = await connect();
    world.store.failNextRead('findRoom');
    expect(await client.choose('alice')).toBe('RETRY');
    expect(online()).toEqual([]);
    expect(await client.choose('alice')).toBe('READY');
  });

  test('what is sent in one piece with the name is a message', async () => {
    const bob = await join('bob');
    const alice = await connect();
    alice.bytes.send(
      Buffer.concat([packetOf('bob'), packetOf('alice'), packetOf('{"message":"hi"}'), packetOf('{"message":"BYE"}')]),
    );
    expect([await alice.packet(), await alice.packet()]).toEqual(['RETRY', 'READY']);
    expect(await bob.heard()).toBe('alice: hi');
    expect(await alice.bytes.closed()).toEqual(Buffer.alloc(0));
  });
});

describe('the room', () => {
  test('a message comes to the others, with its sender and its time, and not to who sent it', async () => {
    const [alice, bob] = [await join('Alice'), await join('bob')];
    alice.bytes.send(packetOf('{"timestamp":"never","nickname":"bob","message":"hi"}'));
    expect(await bob.packet()).toBe('{"timestamp":"2026-09-10 00:26:40","nickname":"Alice","message":"hi"}');
    await said(bob, 'hi back');
    expect(await alice.heard()).toBe('bob: hi back');
  });

  test('a message packet with its length once more is read as well', async () => {
    const [alice, bob] = [await join('alice'), await join('bob')];
    alice.bytes.send(packetOf(packetOf('{"message":"hi"}')));
    expect(await bob.heard()).toBe('alice: hi');
  });

  test('a newcomer gets the last messages, then those that come', async () => {
    const alice = await join('alice');
    for (const message of ['1', '2', '3', '4', '5', '6', '7']) await said(alice, message);
    const bob = await join('bob');
    expect(await bob.heardAll(5)).toEqual(['alice: 3', 'alice: 4', 'alice: 5', 'alice: 6', 'alice: 7']);
    await said(alice, '8');
    expect(await bob.heard()).toBe('alice: 8');
  });

  test('who comes back gets what somebody of that name has said before', async () => {
    const alice = await join('alice');
    await said(alice, 'I was here');
    alice.say('BYE');
    await comesTrue(() => online().length === 0);
    const again = await join('alice');
    expect(await again.heard()).toBe('alice: I was here');
    const bob = await join('bob');
    expect(await bob.heard()).toBe('alice: I was here');
    await said(again, 'and am');
    expect(await bob.heard()).toBe('alice: and am');
    await said(bob, 'welcome');
    expect(await again.heard()).toBe('bob: welcome');
  });

  test('is there before anybody comes, and only once', async () => {
    expect(storedCount()).toBe(0);
    const second = await openNickroomListener(world.chat, {
      host: '127.0.0.1',
      port: 0,
      connectionsMax,
      historyMessages,
    });
    second.destroy();
  });

  test('a message that is too long for a packet of JSON arrives cut, with an ellipsis', async () => {
    const [alice, bob] = [await join('alice'), await join('bob')];
    alice.bytes.send(packetOf(`{"message":"${'x'.repeat(65_535 - 14)}"}`));
    const shown = JSON.parse(await bob.packet());
    expect(shown.message).toMatch(/^x{65000,}\u2026$/);
  });

  test.each([
    ['no JSON', 'hi', 'Not sent: a packet is JSON with a "message".'],
    ['no message', '{"nickname":"alice"}', 'Not sent: a packet is JSON with a "message".'],
    ['nothing', '', 'Not sent: a packet is JSON with a "message".'],
    ['an empty message', '{"message":""}', 'Not sent: a message must not be empty.'],
    ['a message with NUL', '{"message":"a\\u0000b"}', 'Not sent: a message is UTF-8 without NUL.'],
  ])('a packet of %s is told to who sent it, and to nobody else', async (_name, content, message) => {
    const [alice, bob] = [await join('alice'), await join('bob')];
    alice.bytes.send(packetOf(content));
    expect(await alice.heard()).toBe(`server: ${message}`);
    await said(alice, 'after');
    expect(await bob.heard()).toBe('alice: after');
  });

  test('a message that was not stored is told to who sent it', async () => {
    const alice = await join('alice');
    world.store.failNextCommit();
    alice.say('lost');
    expect(await alice.heard()).toBe('server: Not sent: the store failed. Try again.');
  });

  test('BYE with messages before it: they are stored, then the connection closes', async () => {
    const [alice, bob] = [await join('alice'), await join('bob')];
    for (let count = 1; count <= 100; count += 1) alice.say(`${count}`);
    alice.say('BYE');
    alice.say('too late');
    expect(await alice.bytes.closed()).toEqual(Buffer.alloc(0));
    expect(await bob.heardAll(100)).toEqual(Array.from({ length: 100 }, (_, index) => `alice: ${index + 1}`));
    await said(bob, 'end');
    expect(storedCount()).toBe(101);
  });

  test('BYE with a message before it that was not stored: that is told before the connection closes', async () => {
    const alice = await join('alice');
    world.store.failNextCommit();
    alice.bytes.send(Buffer.concat([packetOf('{"message":"lost"}'), packetOf('{"message":"BYE"}')]));
    expect(await alice.heard()).toBe('server: Not sent: the store failed. Try again.');
    expect(await alice.bytes.closed()).toEqual(Buffer.alloc(0));
  });

  test('a reader that does not read gets everything in order once it reads', async () => {
    const [alice, bob] = [await join('alice'), await join('bob')];
    bob.bytes.pause();
    const count = 200;
    const padding = 'x'.repeat(50_000);
    for (let number = 0; number < count; number += 1) await said(alice, `${number}${padding}`);
    bob.bytes.resume();
    const heard = (await bob.heardAll(count)).map((each) => each.slice(0, -padding.length));
    expect(heard).toEqual(Array.from({ length: count }, (_, index) => `alice: ${index}`));
  });
});

describe('connections', () => {
  test('one too many is closed without a HELLO', async () => {
    for (let count = 0; count < connectionsMax; count += 1) await connect();
    await expect(connect()).rejects.toThrow('closed before 2 bytes');
  });

  test('one that chooses no name is closed in the end, one in the room stays', async () => {
    const [alice, bob, stranger] = [await join('alice'), await join('bob'), await connect()];
    world.clock.advance(bounds.idleTimeoutMs);
    expect(await stranger.bytes.closed()).toEqual(Buffer.alloc(0));
    await said(alice, 'still here');
    expect(await bob.heard()).toBe('alice: still here');
  });

  test('when the server closes everybody is told, and it waits until all have left', async () => {
    const [alice, bob, stranger] = [await join('alice'), await join('bob'), await connect()];
    const closing = listener.close();
    for (const client of [alice, bob]) expect(await client.heard()).toBe('server: Closing in 5 seconds...');
    alice.say('farewell');
    expect(await bob.heard()).toBe('alice: farewell');
    alice.say('BYE');
    bob.say('BYE');
    stranger.bytes.close();
    await closing;
    expect(await alice.bytes.closed()).toEqual(Buffer.alloc(0));
  });

  test('who stays is closed within 5 s', async () => {
    const alice = await join('alice');
    const closing = listener.close();
    expect(await alice.heard()).toBe('server: Closing in 5 seconds...');
    world.clock.advance(bounds.closingMs);
    expect(await alice.bytes.closed()).toEqual(Buffer.alloc(0));
    await closing;
  });
});
