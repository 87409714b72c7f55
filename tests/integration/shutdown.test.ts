/** How the server closes: SIGINT and SIGTERM in good order, a second one at once. */

import { connect } from 'node:net';
import { bounds } from '../../shared/limits';
import { type Ended, ServerProcess } from '../harness/server-process';
import { UnstalledTime } from '../harness/unstalled-time';
import { bodyOf, People, password } from './people';

let server: ServerProcess;
const people = new People(() => server);

/** What connections got that stayed until the server closed them. */
interface Outstayed {
  readonly texts: readonly string[];
  readonly ended: Ended;
  readonly elapsedMs: number;
  /** Without the time in which the machine stalled. */
  readonly unstalledMs: number;
}

/** It takes five seconds, for which the other tests do not wait. */
async function outstay(): Promise<Outstayed> {
  const lasting = await ServerProcess.start();
  const stubborn = new People(() => lasting);
  try {
    const { client } = await stubborn.online();
    const [silent, classic, half] = [await stubborn.connect(), await stubborn.connect(), await stubborn.connect()];
    await classic.sendNow('1 6');
    await classic.until('\nhelp');
    half.send('ping a\nping never en');
    await half.line();
    const [begin, time] = [performance.now(), new UnstalledTime()];
    lasting.signal('SIGTERM');
    const texts = await Promise.all([client, silent, classic, half].map((connection) => connection.closed()));
    const ended = await lasting.ended();
    return { texts, ended, elapsedMs: performance.now() - begin, unstalledMs: time.stop() };
  } finally {
    stubborn.leave();
    await lasting.stop();
  }
}

let outstayed: Promise<Outstayed>;

beforeAll(() => {
  outstayed = outstay();
  // Whatever went wrong is told by the test that waits for it.
  outstayed.catch(() => undefined);
});
beforeEach(async () => {
  server = await ServerProcess.start();
});
afterEach(async () => {
  people.leave();
  await server.stop();
});

const notice = '! 503 closing in 5 s';

type Signal = (name: NodeJS.Signals) => void;

/** Times that a scene is played which is over before the server has closed. */
const playedMax = 6;

/** Plays a scene in which a signal closes the server, again where it was not over in the time that the server then gives: on
 *  a machine that stalls, what fails after that says nothing. */
async function inClosingTime(scene: (signal: Signal) => Promise<void>): Promise<void> {
  for (let played = 1; ; played += 1) {
    let begin: number | undefined;
    const signal: Signal = (name) => {
      begin ??= performance.now();
      server.signal(name);
    };
    try {
      return await scene(signal);
    } catch (error) {
      const elapsedMs = performance.now() - (begin ?? performance.now());
      if (played === playedMax || elapsedMs < bounds.closingMs - bounds.finishingMs) throw error;
      people.leave();
      await server.stop();
      server = await ServerProcess.start();
    }
  }
}

/** What comes of one more connection. */
async function knock(): Promise<unknown> {
  const late = connect(server.port, '127.0.0.1');
  const outcome = await new Promise((resolve) => {
    late.on('connect', () => resolve('connected'));
    late.on('error', (error) => resolve('code' in error ? error.code : error));
  });
  late.destroy();
  return outcome;
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s is told to every connection, no new one is taken, and the server ends when they have gone',
  (name) =>
    inClosingTime(async (signal) => {
      const [loggedIn, stranger] = [(await people.online()).client, await people.connect()];
      expect(await stranger.ask('ping')).toBe('200');
      signal(name);
      expect(await loggedIn.line()).toBe(notice);
      expect(await stranger.line()).toBe(notice);
      expect(await knock()).toBe('ECONNREFUSED');
      for (const client of [loggedIn, stranger]) {
        client.send('quit\n');
        expect(await client.closed()).toBe('200\r\n');
      }
      const ended = await server.ended();
      expect([ended.code, ended.stderr]).toEqual([0, '']);
    }),
);

test('sends in flight are answered, and those after the notice too, and all are kept', () =>
  inClosingTime(async (signal) => {
    const { client } = await people.online();
    const to = await people.account();
    const count = 3_000;
    client.send(Array.from({ length: count }, (_, index) => `send ${to} ${index + 1}\n`).join(''));
    await client.line();
    signal('SIGTERM');
    let seq = 1;
    let noticed = false;
    while (seq < count) {
      const line = await client.line();
      if (line === notice) {
        noticed = true;
        continue;
      }
      seq += 1;
      expect(line).toBe(`202 ${seq} queued`);
    }
    if (!noticed) expect(await client.line()).toBe(notice);
    expect(await client.ask(`send ${to} ${count + 1}`)).toBe(`202 ${count + 1} queued`);
    client.send('quit\n');
    await client.closed();
    expect((await server.ended()).code).toBe(0);
    await server.restart();
    const reader = await people.connect();
    const [, ...messages] = await reader.askBlock(`login ${to} ${password}`);
    expect(messages.map(bodyOf)).toEqual(Array.from({ length: count + 1 }, (_, index) => `${index + 1}`));
  }));

test('a second signal closes at once, and keeps what was acknowledged', () =>
  inClosingTime(async (signal) => {
    const { client } = await people.online();
    const to = await people.account();
    expect(await client.ask(`send ${to} kept`)).toBe('202 1 queued');
    signal('SIGTERM');
    expect(await client.line()).toBe(notice);
    signal('SIGINT');
    await client.closed();
    expect((await server.ended()).code).toBe(1);
    await server.restart();
    const reader = await people.connect();
    expect(await reader.askBlock(`login ${to} ${password}`)).toHaveLength(2);
  }));

test('connections that stay are told and closed within 5 s, silent and slow ones too', async () => {
  const { texts, ended, elapsedMs, unstalledMs } = await outstayed;
  expect(texts).toEqual([`${notice}\r\n`, `${notice}\r\n`, '', `${notice}\r\n`]);
  expect([ended.code, ended.stderr]).toEqual([0, '']);
  expect(elapsedMs).toBeGreaterThanOrEqual(4_000);
  // The server's five seconds, and what it takes to end on a busy machine.
  expect(unstalledMs).toBeLessThan(10_000);
});
