/** A client of the chatbot wire that exists already: it breaks on a frame in which its own name, as it logged in, is neither
 *  the sender nor the recipient, and on one that does not split into the right number of values. */

import { openChatbotListener } from '../../server/protocols/chatbot/listener';
import { openCmapListener } from '../../server/protocols/cmap/listener';
import type { TcpListener } from '../../server/protocols/tcp-listener';
import { ByteClient } from '../harness/byte-client';
import { RawClient } from '../harness/raw-client';
import { password, World } from '../harness/world';
import { frameOf, type Opcode, opcodes } from './chatbot-client';
import { comesTrue } from './comes-true';
import { responseOnChatbot, shownByChatbot } from './existing-clients';

const headerBytes = 42;

/** Decodes each frame as that client does. */
class ExistingClient {
  private constructor(
    private readonly bytes: ByteClient,
    readonly me: string,
  ) {}

  static async connect(port: number, me: string): Promise<ExistingClient> {
    return new ExistingClient(await ByteClient.connect(port), me);
  }

  send(command: Opcode, ...strings: readonly string[]): void {
    this.bytes.send(frameOf(opcodes[command], strings.join('|||')));
  }

  /** The next frame, as `alice to Dora: hi` or `RESPONSE: log in first`. */
  async shown(): Promise<string> {
    const header = await this.bytes.bytes(headerBytes);
    const data = await this.bytes.bytes(header.readUInt32BE(headerBytes - 4));
    if (header[1] === opcodes.RESPONSE) return `RESPONSE: ${responseOnChatbot(data)}`;
    expect(header[1]).toBe(opcodes.SEND);
    const { from, to, text } = shownByChatbot(this.me, data);
    return `${from} to ${to}: ${text}`;
  }

  ask(command: Opcode, ...strings: readonly string[]): Promise<string> {
    this.send(command, ...strings);
    return this.shown();
  }

  close(): void {
    this.bytes.close();
  }
}

let world: World;
let chatbot: TcpListener;
let cmap: TcpListener;
const closings: (() => void)[] = [];

beforeEach(async () => {
  world = new World();
  const options = { host: '127.0.0.1', port: 0, connectionsMax: 20 };
  chatbot = await openChatbotListener(world.chat, options);
  cmap = await openCmapListener(world.chat, options);
});
afterEach(() => {
  for (const close of closings.splice(0)) close();
  for (const listener of [chatbot, cmap]) listener.destroy();
});

async function connect(me: string): Promise<ExistingClient> {
  const client = await ExistingClient.connect(chatbot.port, me);
  closings.push(() => client.close());
  return client;
}

/** An account that was created by one spelling of its name and is not logged in. */
async function created(name: string): Promise<void> {
  const client = await connect(name);
  expect(await client.ask('CREATE', name)).toBe('RESPONSE: ');
  client.close();
  await comesTrue(() => !world.chat.accounts.who(undefined).names.some((online) => online === name));
}

async function loggedIn(me: string): Promise<ExistingClient> {
  const client = await connect(me);
  expect(await client.ask('LOGIN', me)).toBe('RESPONSE: ');
  return client;
}

/** Somebody on cmap, whose bodies may hold anything. */
async function onCmap(name: string): Promise<RawClient> {
  world.account(name);
  const client = await RawClient.connect(cmap.port);
  closings.push(() => client.close());
  expect(await client.askBlock(`login ${name} ${password}`)).toEqual([`200 ${name} 0`]);
  return client;
}

describe('a client that has logged in by another spelling than its account was created by', () => {
  test('is the recipient, by its own spelling, of a message that arrives live and of one that DELIVER brings', async () => {
    await created('Dora');
    const carol = await onCmap('carol');
    expect(await carol.ask('send dora waiting')).toBe('202 1 queued');
    const dora = await loggedIn('DORA');
    expect(await carol.ask('send Dora live')).toBe('200 2 live');
    expect(await dora.shown()).toBe('carol to DORA: live');
    expect(await dora.ask('DELIVER')).toBe('carol to DORA: waiting');
  });

  test('is both sender and recipient, by its own spelling, of a message to itself', async () => {
    await created('Dora');
    const dora = await loggedIn('dORA');
    expect(await dora.ask('SEND', 'dORA', 'Dora', 'me')).toBe('dORA to Dora: me');
    expect(await dora.shown()).toBe('dORA to dORA: me');
  });

  test('goes by the spelling of its last login when the same connection has had another account', async () => {
    const [carol, client] = [await onCmap('carol'), await connect('eve')];
    expect(await client.ask('CREATE', 'Eve')).toBe('RESPONSE: ');
    client.send('DELETE');
    expect(await client.ask('CREATE', 'eve')).toBe('RESPONSE: ');
    expect(await carol.ask('send EVE hi')).toBe('200 1 live');
    expect(await client.shown()).toBe('carol to eve: hi');
  });
});

describe('a message of a room', () => {
  test('arrives live as one to the client, with the room in front of the text', async () => {
    await created('Dora');
    const [carol, dora] = [await onCmap('carol'), await loggedIn('DORA')];
    expect(await carol.ask('room #Garden dora')).toBe('201 #Garden');
    await carol.ask('send #garden hello');
    expect(await dora.shown()).toBe('carol to DORA: [#Garden] hello');
  });

  test('comes in the same form by DELIVER to a client that was away', async () => {
    await created('Dora');
    const carol = await onCmap('carol');
    expect(await carol.ask('room #Garden dora')).toBe('201 #Garden');
    await carol.ask('send #garden |||hello');
    const dora = await loggedIn('DORA');
    expect(await dora.ask('DELIVER')).toBe('carol to DORA: [#Garden] ???hello');
  });

  test('whose room has the longest name is taken as well', async () => {
    await created('Dora');
    const [carol, dora] = [await onCmap('carol'), await loggedIn('dora')];
    const room = `#${'r'.repeat(254)}`;
    expect(await carol.ask(`room ${room} dora`)).toBe(`201 ${room}`);
    await carol.ask(`send ${room} hello`);
    expect(await dora.shown()).toBe(`carol to dora: [${room}] hello`);
  });
});

describe('a text from another wire', () => {
  test.each([
    ['a|||b', 'a???b'],
    ['|||', '???'],
    ['||||a|||||', '????a?????'],
    ['|a', '?a'],
    ['||a', '??a'],
    ['a|', 'a|'],
    ['a||', 'a||'],
    ['a | b || c', 'a | b || c'],
    ['||\u00e9||', '???||'],
  ])('%j arrives as %j, live and by DELIVER', async (text, expected) => {
    await created('Dora');
    const carol = await onCmap('carol');
    await carol.ask(`send dora ${text}`);
    const dora = await loggedIn('dora');
    await carol.ask(`send dora ${text}`);
    expect(await dora.shown()).toBe(`carol to dora: ${expected}`);
    expect(await dora.ask('DELIVER')).toBe(`carol to dora: ${expected}`);
  });
});

test('the echo of a message that holds the separator has three values too, and others get the message whole', async () => {
  await created('Dora');
  const [carol, dora] = [await onCmap('carol'), await loggedIn('dora')];
  expect(await dora.ask('SEND', 'dora', 'carol', 'a|||b')).toBe('dora to carol: a???b');
  expect(await carol.line()).toMatch(/ Dora carol a\|\|\|b$/);
});

test('no error text splits into several values', async () => {
  const client = await connect('dora');
  expect(await client.ask('SEND', 'dora', 'carol')).toBe(
    'RESPONSE: an argument is missing: sender, recipient and message',
  );
  expect(await client.ask('CREATE', 'a|||b')).toMatch(/^RESPONSE: a name is 1 to 32 letters/);
  expect(await client.ask('LOGIN', 'a|||b')).toBe('RESPONSE: no account a???b');
});
