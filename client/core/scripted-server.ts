/** A server in memory that says what a test tells it to. */

import type { ChatClient } from './api';
import { type ClientOptions, createClient } from './client';
import { FakeClock, turn } from './fake-clock';
import type { Connect, TransportEvents } from './transport';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** One connection as the server sees it. */
export class ScriptedConnection {
  /** What the client wrote, write by write. */
  readonly writes: string[] = [];
  isClosedByClient = false;
  isPaused = false;
  private linesRead = 0;

  constructor(private readonly events: TransportEvents) {}

  /** Lines that came since the last call, without their ends. */
  lines(): string[] {
    const all = this.writes.join('').split('\n').slice(0, -1);
    const fresh = all.slice(this.linesRead);
    this.linesRead = all.length;
    return fresh;
  }

  open(): void {
    this.events.opened();
  }

  /** Says these lines in one chunk, or `byByte` in as many as there are bytes. */
  async say(lines: readonly string[], byByte = false): Promise<void> {
    const bytes = encoder.encode(lines.map((line) => `${line}\r\n`).join(''));
    if (byByte) for (const byte of bytes) this.events.data(Uint8Array.of(byte));
    else this.events.data(bytes);
    await turn();
  }

  async drop(reason = 'dropped'): Promise<void> {
    this.events.closed(reason);
    await turn();
  }

  /** Opens, and answers hello. */
  async greet(granted = 'ack keys receipts'): Promise<void> {
    this.open();
    await turn();
    this.lines();
    await this.say([`200 chateau/1.0 ${granted} body=65536`.replace('  ', ' ')]);
  }

  take(bytes: Uint8Array): void {
    this.writes.push(decoder.decode(bytes));
  }
}

export class ScriptedServer {
  readonly connections: ScriptedConnection[] = [];

  readonly connect: Connect = (events) => {
    const connection = new ScriptedConnection(events);
    this.connections.push(connection);
    return {
      write: (bytes) => connection.take(bytes),
      pause: () => {
        connection.isPaused = true;
      },
      resume: () => {
        connection.isPaused = false;
      },
      close: () => {
        connection.isClosedByClient = true;
      },
    };
  };

  /** Moves `clock` until the client has tried again. */
  async nextAttempt(clock: FakeClock): Promise<void> {
    const before = this.connections.length;
    for (let steps = 0; this.connections.length === before; steps += 1) {
      if (steps === 1_000) throw new Error('the client does not try again');
      await clock.advance(250);
    }
  }

  /** The connection that was opened last. */
  get latest(): ScriptedConnection {
    const connection = this.connections.at(-1);
    if (connection === undefined) throw new Error('nobody has connected yet');
    return connection;
  }
}

/** A client with its server, clock and a log of its events. `fraction` is what every draw comes to. */
export interface Scene {
  readonly server: ScriptedServer;
  readonly clock: FakeClock;
  readonly client: ChatClient;
  /** Events in their order, each as a line such as `message 3 hi`. */
  readonly events: string[];
}

export function setScene(fraction = 0.5, options: Partial<ClientOptions> = {}): Scene {
  const server = new ScriptedServer();
  const clock = new FakeClock();
  const chance = { fraction: () => fraction, keyPrefix: () => 'key' };
  const client = createClient({ connect: server.connect, clock, chance, ...options });
  const events: string[] = [];
  client.on('message', ({ to, seq, body }) => events.push(`message ${to} ${seq} ${body}`));
  client.on('burst', (count) => events.push(`burst ${count}`));
  client.on('loggedIn', ({ username, undelivered }, again) =>
    events.push(`loggedIn ${username} ${undelivered} ${again}`),
  );
  client.on('loggedOut', (reason) => events.push(`loggedOut ${reason}`));
  client.on('online', (again) => events.push(`online ${again}`));
  client.on('offline', (retryMs, reason) => events.push(`offline ${retryMs} ${reason}`));
  client.on('notice', (status, text) => events.push(`notice ${status} ${text}`));
  client.on('resent', (to, body, outcome) => {
    const what = outcome.kind === 'stored' ? outcome.receipt.seq : outcome.failure.message;
    events.push(`resent ${to} ${body}: ${what}`);
  });
  client.on('journalFailed', (reason) => events.push(`journalFailed ${reason}`));
  client.on('receipt', (to, seq) => events.push(`receipt ${to} ${seq}`));
  return { server, clock, client, events };
}

/** A scene whose client is connected. */
export async function connectedScene(granted?: string, options?: Partial<ClientOptions>): Promise<Scene> {
  const scene = setScene(undefined, options);
  const connected = scene.client.connect();
  await scene.server.latest.greet(granted);
  await connected;
  scene.events.length = 0;
  return scene;
}

/** A scene in which alice is logged in. */
export async function loggedInScene(granted?: string, options?: Partial<ClientOptions>): Promise<Scene> {
  const scene = await connectedScene(granted, options);
  await logIn(scene, 'alice');
  scene.server.latest.lines();
  scene.events.length = 0;
  return scene;
}

/** Somebody logs in, for whom these messages are undelivered. */
export async function logIn({ client, server }: Scene, name: string, messages: readonly string[] = []): Promise<void> {
  const login = client.login(name, 'secret');
  await turn();
  await server.latest.say([`200 ${name} ${messages.length}`, ...messages, '']);
  await login;
}

export async function logOut({ client, server }: Scene): Promise<void> {
  const logout = client.logout();
  await turn();
  await server.latest.say(['200']);
  await logout;
}
