/** Chats that have the names which clients of the WebSocket wire give them, and the rooms that they are on cmap. */

import { once } from 'node:events';
import WebSocket from 'ws';
import { limits } from '../../shared/limits';
import { ServerProcess } from '../harness/server-process';
import { Peer } from './chateau-stage';
import { People, password, withoutTimes } from './people';

let server: ServerProcess;
const people = new People(() => server);
const peers: Peer[] = [];

beforeAll(async () => {
  server = await ServerProcess.start();
});
afterEach(() => {
  people.leave();
  for (const peer of peers.splice(0)) peer.socket.terminate();
});
afterAll(() => server.stop());

async function connect(): Promise<Peer> {
  const peer = new Peer(new WebSocket(`ws://127.0.0.1:${server.port}/ws`));
  peers.push(peer);
  await once(peer.socket, 'open');
  return peer;
}

/** Enters the account of this name, which is made if there is none. */
async function register(username: string): Promise<Peer> {
  const peer = await connect();
  expect(await peer.ask({ type: 'RegisterRequest', username, password })).toMatchObject({ status: 200 });
  return peer;
}

const longest = 'b'.repeat(limits.bodyBytesMax);

/** Each chat, and its room. */
const chats: [what: string, chatname: string, room: string][] = [
  ['a UUID', 'F47ac10b-58cc-4372-a567-0e02b2c3d479', '#F47ac10b-58cc-4372-a567-0e02b2c3d479'],
  [
    'Cyrillic',
    'Пятничный созыв',
    '#0__d0_9f_d1_8f_d1_82_d0_bd_d0_b8_d1_87_d0_bd_d1_8b_d0_b9_20_d1_81_d0_be_d0_b7_d1_8b_d0_b2',
  ],
  ['Japanese', '週末のパーティー', '#0__e9_80_b1_e6_9c_ab_e3_81_ae_e3_83_91_e3_83_bc_e3_83_86_e3_82_a3_e3_83_bc'],
  ['the longest of Japanese', '週'.repeat(28), `#0_${'_e9_80_b1'.repeat(28)}`],
  ['the longest', 'x'.repeat(254), `#${'x'.repeat(254)}`],
];

describe.each(chats)('a chat whose name is %s', (_, chatname, room) => {
  test('is called by it in answers, events and history, and by its room on cmap; the longest body comes through', async () => {
    const names = [people.name('ann'), people.name('ben')] as const;
    const [ann, ben] = [await register(names[0]), await register(names[1])];
    const carl = await people.online('carl');
    const begin = { type: 'GroupMessageInitRequest', chatname, recipients: [names[1], carl.name], content: longest };
    expect(await ann.ask(begin)).toMatchObject({ status: 200, log: room, seq: 1 });
    const first = { type: 'GroupMessageRecv', status: 201, sender: names[0], content: longest, chatname, log: room };
    expect(await ben.next()).toMatchObject(first);
    expect(withoutTimes(await carl.client.line())).toBe(`* 1 TIME ${names[0]} ${room} ${longest}`);

    expect(await carl.client.ask(`send ${room} ${longest}`)).toBe('200 2 live');
    for (const peer of [ann, ben]) {
      expect(await peer.next()).toMatchObject({
        status: 200,
        sender: carl.name,
        content: longest,
        chatname,
        log: room,
      });
    }
    expect(await ben.ask({ type: 'GroupMessageRequest', chatname, content: 'third' })).toMatchObject({
      log: room,
      seq: 3,
    });
    expect(await ann.next()).toMatchObject({ sender: names[1], content: 'third', chatname });
    expect(withoutTimes(await carl.client.line())).toBe(`* 3 TIME ${names[1]} ${room} third`);

    expect(withoutTimes((await carl.client.askBlock(`history ${room} 4 1`)).join('\n'))).toBe(
      `200 ${room} 1\n* 3 TIME ${names[1]} ${room} third`,
    );
    expect(await carl.client.askBlock(`members ${room}`)).toEqual(['200 3 0', ...names, carl.name]);
    const { messages } = await ann.ask({ type: 'HistoryRequest', chatname });
    expect(messages).toMatchObject([
      { chatname, log: room, content: longest },
      { chatname, log: room, content: longest },
      { chatname, log: room, content: 'third' },
    ]);
    expect(await ann.ask({ type: 'ChatMembersRequest', chatname })).toMatchObject({ chatname });
    expect(await ann.ask({ type: 'ChatLeaveRequest', chatname })).toMatchObject({ chatname, log: room });
    expect(await carl.client.ask(`leave ${room}`)).toBe(`200 ${room}`);
    expect(await carl.client.ask(`join ${room}`)).toBe(`200 ${room}`);
    expect(await ann.ask({ type: 'ChatJoinRequest', chatname })).toMatchObject({ chatname, log: room });
  });
});

describe('a chat whose name is typed in another Unicode form and in another case', () => {
  const made = 'Caf\u00e9 Zo\u00eb';
  const typed = 'CAFE\u0301 zoe\u0308';
  const room = '#0_Caf_c3_a9_20Zo_c3_ab';
  const typedRoom = '#0_CAFE_cc_81_20zoe_cc_88';

  async function heard(listeners: readonly Peer[], content: string): Promise<void> {
    for (const peer of listeners) expect(await peer.next()).toMatchObject({ chatname: made, log: room, content });
  }

  test('is the same chat for accounts, guests and clients of other wires, and is called as it was made', async () => {
    const names = [people.name('ann'), people.name('ben')] as const;
    const [ann, ben] = [await register(names[0]), await register(names[1])];
    const guest = await connect();
    const guestName = people.name('guest');
    await guest.ask({ type: 'RegisterRequest', username: guestName });
    const carl = await people.online('carl');

    expect(await ann.ask({ type: 'ChatCreateRequest', chatname: made })).toMatchObject({ chatname: made, log: room });
    expect(await ben.ask({ type: 'ChatCreateRequest', chatname: typed })).toMatchObject({ code: 'name_taken' });
    const joined = { chatname: made, log: room };
    expect(await ben.ask({ type: 'ChatJoinRequest', chatname: typed })).toMatchObject(joined);
    expect(await guest.ask({ type: 'ChatJoinRequest', chatname: typed })).toMatchObject(joined);
    expect(await guest.ask({ type: 'ChatJoinRequest', chatname: made })).toMatchObject(joined);
    expect(await carl.client.ask(`join ${typedRoom}`)).toBe(`200 ${room}`);

    expect(await ben.ask({ type: 'GroupMessageRequest', chatname: typed, content: 'one' })).toMatchObject({
      log: room,
      seq: 1,
    });
    await heard([ann, guest], 'one');
    expect(await carl.client.line()).toContain(` ${room} one`);
    expect(await guest.ask({ type: 'GroupMessageRequest', chatname: typed, content: 'two' })).toMatchObject({
      log: room,
      seq: 2,
    });
    await heard([ann, ben], 'two');
    expect(await carl.client.line()).toContain(` ${room} two`);
    expect(await carl.client.ask(`send ${typedRoom} three`)).toBe('200 3 live');
    await heard([ann, ben, guest], 'three');
    // Who begins a chat that is there already joins it and sends to it.
    const begin = { type: 'GroupMessageInitRequest', chatname: typed, recipients: [names[1]], content: 'four' };
    expect(await ann.ask(begin)).toMatchObject({ log: room, seq: 4 });
    await heard([ben, guest], 'four');

    const members = [...names, carl.name, guestName].sort();
    for (const chatname of [made, typed]) {
      const answer = await ann.ask({ type: 'ChatMembersRequest', chatname });
      expect([...(answer.members as string[])].sort()).toEqual(members);
      for (const peer of [ann, guest]) {
        const { messages } = await peer.ask({ type: 'HistoryRequest', chatname });
        expect((messages as { content: string }[]).map(({ content }) => content)).toEqual([
          'one',
          'two',
          'three',
          'four',
        ]);
        expect(messages).toMatchObject([joined, joined, joined, joined]);
      }
    }
    expect(await guest.ask({ type: 'ChatLeaveRequest', chatname: typed })).toMatchObject(joined);
    expect(await guest.ask({ type: 'GroupMessageRequest', chatname: made, content: 'five' })).toMatchObject({
      code: 'not_a_member',
    });
    expect(await guest.ask({ type: 'HistoryRequest', chatname: typed })).toMatchObject({ code: 'not_a_member' });
    expect(await ben.ask({ type: 'ChatLeaveRequest', chatname: typed })).toMatchObject(joined);
    expect(await ann.ask({ type: 'ChatMembersRequest', chatname: made })).toMatchObject({
      members: [carl.name, names[0]].sort(),
    });
  });
});

test('a chat keeps its name for who was away while the server was killed', async () => {
  const chatname = 'Заметки — 週 🦊';
  const [writer, reader] = [people.name('writer'), people.name('reader')];
  const [ann, ben] = [await register(writer), await register(reader)];
  expect(await ann.ask({ type: 'ChatCreateRequest', chatname, recipients: [reader] })).toMatchObject({ chatname });
  expect(await ben.ask({ type: 'LogoutRequest' })).toMatchObject({ status: 200 });
  expect(await ann.ask({ type: 'GroupMessageRequest', chatname, content: 'kept' })).toMatchObject({ live: false });
  await server.kill();
  await server.restart();
  const back = await connect();
  expect(await back.ask({ type: 'LoginRequest', username: reader, password })).toMatchObject({ undelivered: 1 });
  expect(await back.next()).toMatchObject({ type: 'GroupMessageRecv', sender: writer, chatname, content: 'kept' });
});

test('a chat that was made under a room is called as the room, and a name that is too long is refused with the reason', async () => {
  const { client } = await people.online();
  const ann = await register(people.name('ann'));
  const room = `r_${'.-'.repeat(126)}`;
  expect(await client.ask(`room #${room}`)).toBe(`201 #${room}`);
  expect(await ann.ask({ type: 'ChatJoinRequest', chatname: room })).toMatchObject({ chatname: room, log: `#${room}` });
  for (const chatname of [`${room}x`, 'ж'.repeat(43), '週'.repeat(29), '🦊'.repeat(22), ' '.repeat(85)]) {
    expect(await ann.ask({ type: 'ChatCreateRequest', chatname })).toMatchObject({
      status: 400,
      code: 'chat_name_invalid',
      message:
        'the name of a chat is 1 to 254 characters; a space or sign counts for 3, a letter beyond A to Z for 6 or more',
    });
  }
});

describe('the longest request line', () => {
  const room = `#${'r'.repeat(limits.roomNameLengthMax)}`;
  const key = 'k'.repeat(limits.keyLengthMax);

  test('has the longest name of a room, key and body; a byte of body more is refused and closes the connection', async () => {
    const { client, name } = await people.online('long', 'keys');
    const other = await people.online();
    expect(await client.ask(`room ${room} ${other.name}`)).toBe(`201 ${room}`);
    expect(await client.ask(`send ${room} ${key} ${longest}`)).toBe('200 1 live');
    expect(withoutTimes(await other.client.line())).toBe(`* 1 TIME ${name} ${room} ${longest}`);
    expect(await client.ask(`SEND ${room} ${key} ${longest}\r`)).toBe('200 1 live');
    client.send(`send ${room} ${key} ${longest}b\n`);
    expect(await client.closed()).toBe(`413 a message is at most ${limits.bodyBytesMax} bytes\r\n`);
  });

  test('is read to the last byte that it may have, and is too long with one more', async () => {
    const { client } = await people.online('edge', 'keys');
    const before = `send ${room} `;
    const overlong = 'k'.repeat(limits.headBytesMax - before.length - ' '.length);
    expect(await client.ask(`${before}${overlong} ${longest}`)).toBe('400 a key is 1 to 64 visible ASCII characters');
    client.send(`${before}${overlong}k ${longest}\n`);
    expect(await client.closed()).toBe('413 this line is too long\r\n');
  });
});
