import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { bodyOf } from './body';
import { castOf } from './cast';
import { ClassicConnection } from './classic-connection';
import type { ArrivedMessage } from './screen';
import { ConnectionLost, EntranceRefused } from './wire-connection';
import { alphabets, asShownOn } from './wires';

const cast = castOf(4, ['cmap', 'classic']);
const device = cast.devices.find(({ wire }) => wire === 'classic')!;
const shown = (sender: number, number: number): string => asShownOn('classic', bodyOf(sender, number, alphabets.cmap));

describe('a tortured client of version 1', () => {
  let listener: Server;
  let server: Socket;
  let client: ClassicConnection;
  let arrived: ArrivedMessage[];

  beforeEach(async () => {
    listener = createServer({ noDelay: true });
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    arrived = [];
    const { port } = listener.address() as AddressInfo;
    const connected = once(listener, 'connection');
    client = new ClassicConnection({
      cast,
      device,
      port,
      arrived: (message) => arrived.push(message),
      expected: shown,
    });
    [server] = (await connected) as [Socket];
    server.resume();
    server.on('error', () => {});
  });

  afterEach(async () => {
    client.close();
    server.destroy();
    listener.close();
    await once(listener, 'close');
  });

  /** Byte by byte: each in a packet of its own, most likely. */
  async function say(text: string): Promise<void> {
    for (const byte of Buffer.from(text)) await new Promise((taken) => server.write(Buffer.of(byte), taken));
  }

  async function enter(burst: string): Promise<void> {
    const entered = client.enter();
    await say(`Login successful\n${burst}\r\n\r\n`);
    await entered;
  }

  function bodies(): readonly string[] {
    return arrived.map(({ body }) => body);
  }

  it('reads what is undelivered in the answer to its login, however it is cut', async () => {
    const messages = [1, 2, 3].map((number) => `\nFrom user0: Message: ${shown(0, number)}\n`);
    await enter(`Account has undelivered messages: ${messages.join('')}`);
    expect(bodies()).toEqual([1, 2, 3].map((number) => shown(0, number)));
    expect(await client.caughtUp()).toBe(3);
  });

  it('reads messages that the server has padded', async () => {
    const padded = (number: number): string => shown(0, number).replace(/ (?!.* )/, '   ');
    await enter(
      `Account has undelivered messages: \nFrom user0: Message: ${padded(1)}\n     \nFrom user0: Message: ${padded(2)}\n  `,
    );
    const sent = client.send('user0', '4.1 hello');
    await say(`\nFrom user0: Message: ${padded(3)}Message delivered!`);
    await sent;
    expect(bodies()).toEqual([1, 2, 3].map((number) => shown(0, number)));
    expect(await client.caughtUp()).toBe(2);
  });

  it('has nothing undelivered when its login brings nothing', async () => {
    await enter('');
    expect(await client.caughtUp()).toBe(0);
  });

  it('is refused with the sentence of the server', async () => {
    const entered = client.enter();
    await say('Login unsuccessful\r\n\r\n');
    await expect(entered).rejects.toThrow(new EntranceRefused('Login unsuccessful'));
  });

  it('tells answers from messages between them', async () => {
    await enter('');
    const first = client.send('user0', '4.1 hello');
    await say(`\nFrom user1: Message: ${shown(1, 7)}Message delivered!\nFrom user1: Message: ${shown(1, 8)}`);
    expect(await first).toEqual({ kind: 'stored', seq: undefined });
    const second = client.send('user0', '4.2 hello');
    await say('user0 has too many unread messages');
    expect(await second).toMatchObject({ kind: 'refused', status: 507 });
    expect(bodies()).toEqual([shown(1, 7), shown(1, 8)]);
  });

  it('shows a message that nobody can have sent', async () => {
    await enter('');
    const sent = client.send('user0', '4.1 hello');
    await say('\nFrom user1: Message: something else altogether\nFrom user1: Message: ');
    await say(`${shown(1, 8)}Message delivered!`);
    await sent;
    expect(arrived.map(({ from }) => from)).toContain('user1');
    expect(bodies()).not.toContain(shown(1, 7));
    expect(arrived.length).toBeGreaterThan(1);
  });

  it('does not know what became of a send whose answer was cut off', async () => {
    await enter('');
    const sent = client.send('user0', '4.1 hello');
    server.destroy();
    await expect(sent).rejects.toThrow(ConnectionLost);
  });
});
