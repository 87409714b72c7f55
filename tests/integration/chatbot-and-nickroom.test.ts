/** The chatbot wire, the nick room and cmap on one chat: accounts, guests, rooms and messages are the same. */

import { openChatbotListener } from '../../server/protocols/chatbot/listener';
import { openCmapListener } from '../../server/protocols/cmap/listener';
import { openNickroomListener } from '../../server/protocols/nickroom/listener';
import type { TcpListener } from '../../server/protocols/tcp-listener';
import { RawClient } from '../harness/raw-client';
import { password, World } from '../harness/world';
import { ChatbotClient } from './chatbot-client';
import { comesTrue } from './comes-true';
import { NickroomClient } from './nickroom-client';
import { bodyOf } from './people';

let world: World;
let chatbot: TcpListener;
let nickroom: TcpListener;
let cmap: TcpListener;
let leavings: (() => void)[] = [];

beforeEach(async () => {
  world = new World();
  const options = { host: '127.0.0.1', port: 0, connectionsMax: 20 };
  chatbot = await openChatbotListener(world.chat, options);
  nickroom = await openNickroomListener(world.chat, { ...options, historyMessages: 100 });
  cmap = await openCmapListener(world.chat, options);
});
afterEach(() => {
  for (const leave of leavings) leave();
  leavings = [];
  for (const listener of [chatbot, nickroom, cmap]) listener.destroy();
});

/** A new account of the chatbot wire. */
async function onChatbot(name: string): Promise<ChatbotClient> {
  const client = await ChatbotClient.connect(chatbot.port);
  leavings.push(() => client.bytes.close());
  expect(await client.ask('CREATE', name)).toBe('RESPONSE');
  return client;
}

async function inNickroom(name: string): Promise<NickroomClient> {
  const client = await NickroomClient.join(nickroom.port, name);
  leavings.push(() => client.bytes.close());
  return client;
}

/** A new account with a password, on cmap. */
async function onCmap(name: string): Promise<RawClient> {
  world.account(name);
  const client = await RawClient.connect(cmap.port);
  leavings.push(() => client.close());
  expect(await client.askBlock(`login ${name} ${password}`)).toEqual([`200 ${name} 0`]);
  return client;
}

test('messages go between the chatbot wire and cmap, both ways', async () => {
  const [alice, carol] = [await onChatbot('alice'), await onCmap('carol')];
  expect(await alice.ask('SEND', 'alice', 'carol', 'hi|||you')).toBe('SEND alice|||carol|||hi???you');
  expect(bodyOf(await carol.line())).toBe('hi|||you');
  expect(await carol.ask('send alice hello')).toBe('200 1 live');
  expect(await alice.frame()).toBe('SEND carol|||alice|||hello');
});

test('an account of the chatbot wire has no password that cmap would take', async () => {
  await onChatbot('alice');
  const client = await RawClient.connect(cmap.port);
  leavings.push(() => client.close());
  for (const word of ['x', 'undefined', 'alice']) {
    expect(await client.askBlock(`takeover alice ${word}`)).toEqual(['401 wrong name or password']);
  }
});

test('text that is not ASCII arrives on the chatbot wire with ? for each code point, and with its line breaks', async () => {
  const [alice, carol] = [await onChatbot('alice'), await onCmap('carol')];
  expect(await carol.ask('send alice caf\u00e9 \u{1f511}\\nnext')).toBe('200 1 live');
  expect(await alice.frame()).toBe('SEND carol|||alice|||caf? ?\nnext');
});

test('a room reaches its member on the chatbot wire, who can send to it', async () => {
  const [alice, carol] = [await onChatbot('alice'), await onCmap('carol')];
  expect(await carol.ask('room #Garden alice')).toBe('201 #Garden');
  await carol.ask('send #garden hi all');
  expect(await alice.frame()).toBe('SEND carol|||alice|||[#Garden] hi all');
  expect(await alice.ask('SEND', 'alice', '#garden', 'hi carol')).toBe('SEND alice|||#garden|||hi carol');
  expect(bodyOf(await carol.line())).toBe('hi carol');
  await alice.expectSilence();
});

test('who is no member cannot send to a room from the chatbot wire', async () => {
  const [alice] = [await onChatbot('alice')];
  expect(await alice.ask('SEND', 'alice', '#lobby', 'hi')).toBe('RESPONSE you are not a member of #lobby');
});

test('accounts join the lobby from cmap, and everybody hears everybody under their names', async () => {
  const [gina, carol] = [await inNickroom('gina'), await onCmap('carol')];
  expect(await carol.ask('join #lobby')).toBe('200 #lobby');
  expect(await carol.ask('send #lobby caf\u00e9 \\n\\\\')).toBe('200 1 live');
  expect(await gina.heard()).toBe('carol: caf\u00e9 \n\\');
  gina.say('\u{1f511} "you"');
  expect(bodyOf(await carol.line())).toBe('\u{1f511} "you"');
  const gus = await inNickroom('gus');
  expect(await gus.heardAll(2)).toEqual(['carol: caf\u00e9 \n\\', 'gina: \u{1f511} "you"']);
});

test('a guest can be sent a message from the other wires while it is here, and not once it has left', async () => {
  const [gina, carol, alice] = [await inNickroom('gina'), await onCmap('carol'), await onChatbot('alice')];
  expect(await carol.ask('send gina from cmap')).toBe('200 1 live');
  expect(await gina.heard()).toBe('carol: from cmap');
  expect(await alice.ask('SEND', 'alice', 'gina', 'from a bot')).toBe('SEND alice|||gina|||from a bot');
  expect(await gina.heard()).toBe('alice: from a bot');
  gina.bytes.cut();
  await comesTrue(() => !world.chat.accounts.who(undefined).names.some((name) => name === 'gina'));
  expect(await carol.ask('send gina gone')).toBe('404 no account or room gina');
  expect(await alice.ask('SEND', 'alice', 'gina', 'gone')).toBe('RESPONSE no account or room gina');
});

test('a name is one name on every wire', async () => {
  await inNickroom('gina');
  const client = await ChatbotClient.connect(chatbot.port);
  leavings.push(() => client.bytes.close());
  expect(await client.ask('CREATE', 'Gina')).toBe('RESPONSE the name Gina is taken');
  expect(await client.ask('CREATE', 'alice')).toBe('RESPONSE');
  const guest = await NickroomClient.connect(nickroom.port);
  leavings.push(() => guest.bytes.close());
  expect(await guest.choose('alice')).toBe('RETRY');
  expect(await client.ask('LIST')).toBe('LISTRESPONSE alice');
});

test('64 KiB from cmap arrive whole on the chatbot wire, and cut in the nick room', async () => {
  const [gina, alice, carol] = [await inNickroom('gina'), await onChatbot('alice'), await onCmap('carol')];
  const body = 'x'.repeat(65_536 - 'send alice '.length);
  for (const to of ['gina', 'alice']) expect(await carol.ask(`send ${to} ${body}`)).toBe('200 1 live');
  expect(await alice.frame()).toBe(`SEND carol|||alice|||${body}`);
  expect(await gina.heard()).toMatch(/^carol: x{65000,}\u2026$/);
});
