/** Connections that go, wholly or by half, in the middle of something. */

import type { RawClient } from '../harness/raw-client';
import { ServerProcess } from '../harness/server-process';
import { bodyOf, People, password, settle } from './people';

let server: ServerProcess;
const people = new People(() => server);

beforeAll(async () => {
  server = await ServerProcess.start();
});
afterEach(() => people.leave());
afterAll(() => server.stop());

/** Sends messages to `name`, bodies `0` to `count - 1` with `padding` after them. */
async function fill(name: string, count: number, padding: string): Promise<void> {
  const { client } = await people.online('sender');
  for (let index = 0; index < count; index += 1) client.send(`send ${name} ${index}${padding}\n`);
  for (let seq = 1; seq <= count; seq += 1) expect(await client.line()).toBe(`202 ${seq} queued`);
}

/** What a login is answered with, on a new connection, whose account had another one. That is gone: the server hears of it
 *  in its own time, which is counted in logins, each of which costs it a hash. */
async function loginAfterLoss(name: string): Promise<string[]> {
  const client = await people.connect();
  const triesMax = 20;
  for (let tries = 1; ; tries += 1) {
    const answer = await client.askBlock(`login ${name} ${password}`);
    if (tries === triesMax || !answer[0]?.startsWith('409 ')) return answer;
  }
}

/** Asks for a login and goes, before the server has seen either: it finds both together, and checks the password of somebody
 *  who is gone. No answer has left before. */
async function askToLogInAndLeave(name: string, leave: (client: RawClient) => void): Promise<void> {
  const client = await people.connect();
  expect(await client.ask('ping')).toBe('200');
  await server.stand();
  await client.sendNow(`login ${name} ${password}\n`);
  leave(client);
  await client.closed();
  server.goOn();
}

const reset = (client: RawClient): void => {
  client.socket.resetAndDestroy();
};

const ways: readonly (readonly [string, (client: RawClient) => void])[] = [
  ['closed', (client) => client.close()],
  ['reset', reset],
];

describe.each(ways)('a connection that is %s', (_, leave) => {
  test('in the middle of a request has asked nothing, and frees its account', async () => {
    const to = await people.online();
    const { name, client } = await people.online();
    await client.sendNow(`send ${to.name} hal`);
    leave(client);
    await settle(to.client);
    const again = await people.connect();
    expect(await again.askBlock(`login ${name} ${password}`)).toEqual([`200 ${name} 0`]);
    expect(await again.askBlock(`history ${to.name}`)).toEqual([`200 ${to.name} 0`]);
  });

  test('in the middle of a burst loses nothing that had not left', async () => {
    const name = await people.account();
    const count = 3_000;
    await fill(name, count, 'x'.repeat(4_000));
    const client = await people.connect();
    client.send(`login ${name} ${password}\n`);
    await client.until(' 99x');
    client.pause();
    leave(client);
    const [status, ...messages] = await loginAfterLoss(name);
    const seqs = messages.map((line) => Number(line.split(' ')[1]));
    expect(status).toBe(`200 ${name} ${messages.length}`);
    expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, index) => count - seqs.length + 1 + index));
    // What the operating system had taken counts as delivered: some megabytes of twelve.
    expect(seqs.length).toBeGreaterThan(0);
  });

  test('while its password is being checked leaves the account free', async () => {
    const name = await people.account();
    await askToLogInAndLeave(name, leave);
    expect(await loginAfterLoss(name)).toEqual([`200 ${name} 0`]);
  });

  test('while its sends wait for the disk has them sent', async () => {
    const to = await people.online();
    const { client } = await people.online();
    await client.sendNow(`send ${to.name} 1\nsend ${to.name} 2\n`);
    leave(client);
    expect(bodyOf(await to.client.line())).toBe('1');
    expect(bodyOf(await to.client.line())).toBe('2');
  });
});

test('a connection that is reset while its password is being checked keeps its messages', async () => {
  const name = await people.account();
  await fill(name, 3, '');
  await askToLogInAndLeave(name, reset);
  expect(await loginAfterLoss(name)).toHaveLength(4);
});

test('what waits in the outbox of a connection that is taken over comes again', async () => {
  let twice = 0;
  // The outbox holds 256 KiB and at most a page more. How long the burst takes to fill that, after what the operating
  // system has room for, is the machine's affair: it is given more time until it has.
  for (const turns of [500, 2_000, 8_000, 32_000]) {
    twice = await messagesTwice(turns);
    if (twice >= 60) break;
  }
  expect(twice).toBeGreaterThanOrEqual(60);
});

/** How many messages come again after a takeover that comes so many turns of the server after a burst began to fill what is
 *  between it and somebody who does not read. */
async function messagesTwice(turns: number): Promise<number> {
  const name = await people.account();
  const count = 3_000;
  await fill(name, count, 'x'.repeat(4_000));
  const slow = await people.connect();
  slow.send(`login ${name} ${password}\n`);
  expect(await slow.line()).toBe(`200 ${name} ${count}`);
  slow.pause();
  const other = await people.connect();
  for (let turn = 0; turn < turns; turn += 1) await settle(other);
  const [status, first = ''] = await other.askBlock(`takeover ${name} ${password}`);
  slow.resume();
  const written = await slow.block();
  expect(await slow.line()).toBe('! 409 taken over');
  const firstAgain = Number(first.split(' ')[1]);
  expect(status).toBe(`200 ${name} ${count - firstAgain + 1}`);
  expect(written.length).toBeLessThan(count);
  return written.length - (firstAgain - 1);
}

describe('a connection that is closed by half', () => {
  test('gets every answer, then is closed', async () => {
    const [name, to] = [people.name(), await people.account()];
    const client = await people.connect();
    client.send(
      `create ${name} ${password}\nlogin ${name} ${password}\nsend ${to} 1\nsend ${to} 2\nlist ${name}\nsend ${to} 3\n`,
    );
    client.endInput();
    expect(await client.closed()).toBe(
      `201 ${name}\r\n200 ${name} 0\r\n\r\n202 1 queued\r\n202 2 queued\r\n200 1 0\r\n${name}\r\n\r\n202 3 queued\r\n`,
    );
    expect(client.failure).toBeUndefined();
  });

  test('gets a burst of megabytes whole, and has got it', async () => {
    const name = await people.account();
    await fill(name, 1_000, 'x'.repeat(4_000));
    const client = await people.connect();
    client.send(`login ${name} ${password}\n`);
    client.endInput();
    const burst = await client.closed();
    expect(burst).toMatch(/^200 \S+ 1000\r\n/);
    expect(burst.endsWith('\r\n\r\n')).toBe(true);
    expect(burst.split('\r\n')).toHaveLength(1_003);
    const again = await people.connect();
    expect(await again.askBlock(`login ${name} ${password}`)).toEqual([`200 ${name} 0`]);
  });

  test('in the middle of a request is closed without an answer to it', async () => {
    const client = await people.connect();
    client.send('ping a\nping b');
    client.endInput();
    expect(await client.closed()).toBe('200 a\r\n');
  });

  test('before it has said anything is closed', async () => {
    const client = await people.connect();
    client.endInput();
    expect(await client.closed()).toBe('');
  });
});
