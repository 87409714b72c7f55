/** Clients of version 1 read 1,024 bytes at a time and decode each read by itself. Those that exist do it in Python:
 *  `text = sock.recv(1024).decode()`, and for a burst again until a read ends in `\r\n\r\n`. */

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { ServerProcess } from '../harness/server-process';
import { People, password } from './people';

let server: ServerProcess;
const people = new People(() => server);
const readers: ClassicReader[] = [];

beforeAll(async () => {
  server = await ServerProcess.start();
});
afterEach(() => {
  people.leave();
  for (const reader of readers.splice(0)) reader.close();
});
afterAll(() => server.stop());

/** One read of the operating system at a time, of at most 1,024 bytes. A read that is not UTF-8 ends the client. */
class ClassicReader {
  private readonly reads: string[] = [];
  private readonly decoder = new TextDecoder('utf-8', { fatal: true });
  private failure: unknown;
  private wake = (): void => undefined;

  private constructor(private readonly socket: Socket) {}

  static async connect(): Promise<ClassicReader> {
    const buffer = new Uint8Array(1_024);
    const callback = (length: number): boolean => {
      reader.read(buffer.subarray(0, length));
      return true;
    };
    const socket = connect({ port: server.port, host: '127.0.0.1', onread: { buffer, callback } });
    const reader: ClassicReader = new ClassicReader(socket);
    readers.push(reader);
    await once(socket, 'connect');
    return reader;
  }

  send(request: string): void {
    this.socket.write(request);
  }

  close(): void {
    this.socket.destroy();
  }

  /** The text of the reads up to the one that ends in `end`. */
  async upTo(end: string): Promise<string> {
    let text = '';
    for (;;) {
      if (this.failure !== undefined) throw this.failure;
      const read = this.reads.shift();
      if (read === undefined) {
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
        continue;
      }
      text += read;
      if (read.slice(-end.length) === end) return text;
    }
  }

  private read(bytes: Uint8Array): void {
    try {
      this.reads.push(this.decoder.decode(bytes));
    } catch (error) {
      this.failure = error;
    }
    this.wake();
  }
}

async function loggedIn(name: string): Promise<ClassicReader> {
  const reader = await ClassicReader.connect();
  reader.send(`1 2 ${name} ${password}`);
  expect(await reader.upTo('\r\n\r\n')).toBe('Login successful\n\r\n\r\n');
  return reader;
}

const head = (from: string): string => `Login successful\nAccount has undelivered messages: \nFrom ${from}: Message: `;

test('a burst of 1,000 to 1,100 bytes is read to its end, and has padding only where its end would be cut', async () => {
  const { name: from, client } = await people.online();
  for (let burstBytes = 1_000; burstBytes <= 1_100; burstBytes += 1) {
    const to = await people.account();
    const body = 'x'.repeat(burstBytes - head(from).length - '\n\r\n\r\n'.length);
    expect(await client.ask(`send ${to} ${body}`)).toBe('202 1 queued');
    const reader = await ClassicReader.connect();
    reader.send(`1 2 ${to} ${password}`);
    const padding = ' '.repeat([3, 2, 1][burstBytes - 1_025] ?? 0);
    expect(await reader.upTo('\r\n\r\n')).toBe(`${head(from)}${body}\n${padding}\r\n\r\n`);
    reader.close();
  }
});

test.each([
  ['é', 2],
  ['漢', 3],
  ['🦊', 4],
])('a live message of 4,000 bytes of %s is read, behind any ASCII', async (character, bytes) => {
  const { client } = await people.online();
  const to = await people.account();
  const reader = await loggedIn(to);
  for (let offset = 0; offset <= 12; offset += 1) {
    const body = `${'x'.repeat(offset)}${character.repeat(4_000 / bytes)}`;
    expect(await client.ask(`send ${to} ${body}.`)).toBe(`200 ${offset + 1} live`);
    const text = await reader.upTo('.');
    expect(text.slice(text.indexOf('Message: ') + 'Message: '.length).replaceAll(' ', '')).toBe(`${body}.`);
  }
});

test('a burst of several messages in several scripts is read, at login and before a deletion', async () => {
  const { client } = await people.online();
  const bodies = ['é', '漢', '🦊', 'naïve 漢字 '].map((unit) => `${unit.repeat(1_500)}.`);
  for (const request of ['2', '4']) {
    const to = await people.account();
    for (const body of bodies) expect(await client.ask(`send ${to} ${body}`)).toMatch(/^202 /);
    const reader = await ClassicReader.connect();
    reader.send(`1 ${request} ${to} ${password}`);
    const text = await reader.upTo('\r\n\r\n');
    expect(text.match(/(?<=Message: )[^.]*\./g)?.map((body) => body.replaceAll(' ', ''))).toEqual(
      bodies.map((body) => body.replaceAll(' ', '')),
    );
  }
});

test('a room with messages of its own is in the same burst, without padding', async () => {
  const { name: from, client } = await people.online();
  const to = await people.account();
  await client.ask(`send ${to} direct`);
  for (const room of ['#one', '#two']) {
    await client.ask(`room ${room} ${to}`);
    await client.ask(`send ${room} in ${room}`);
  }
  const reader = await ClassicReader.connect();
  reader.send(`1 2 ${to} ${password}`);
  const text = await reader.upTo('\r\n\r\n');
  expect(text.length).toBe(
    `${head(from)}direct\n\nFrom ${from}: Message: in #one\n\nFrom ${from}: Message: in #two\n\r\n\r\n`.length,
  );
});
