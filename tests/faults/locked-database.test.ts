/** Another program holds the database: writing waits, or is refused, and nothing else does. */

import SqliteDatabase, { type Database } from 'better-sqlite3';
import { storeBounds } from '../../server/store/sqlite/limits';
import type { RawClient } from '../harness/raw-client';
import { ServerProcess } from '../harness/server-process';
import { createAccount, login, shownOf } from './correspondents';

let server: ServerProcess;
let clients: RawClient[];
let alice: RawClient;
let bob: RawClient;
let other: Database;

/** Times that it is tried to hold the database for less than the server waits for it: a machine that stalls may take longer. */
const triesMax = 8;

async function lock(): Promise<void> {
  server = await ServerProcess.start();
  for (const name of ['alice', 'bob', 'carol']) await createAccount(server, name);
  alice = (await login(server, 'alice', 'keys')).client;
  bob = (await login(server, 'bob', 'ack')).client;
  clients = [alice, bob];
  expect(await alice.ask('send carol k0 hello')).toBe('202 1 queued');
  other = new SqliteDatabase(server.database, { timeout: 0 });
  other.exec('BEGIN IMMEDIATE');
}

async function leave(): Promise<void> {
  other.close();
  for (const client of clients) client.close();
  await server.stop();
}

beforeEach(lock);
afterEach(leave);

/** Everything that needs no write is answered. */
async function expectReading(): Promise<void> {
  expect(await bob.ask('ping a')).toBe('200 a');
  expect(await bob.askBlock('history alice')).toEqual(['200 alice 0']);
  const carol = await login(server, 'carol', 'ack');
  clients.push(carol.client);
  expect(carol.undelivered).toEqual([{ seq: 1, text: 'hello' }]);
}

test('for a moment: what is sent meanwhile waits and is then accepted, and reading goes on', async () => {
  for (let tries = 1; ; tries += 1) {
    const begun = performance.now();
    const sent = alice.ask('send bob k1 one');
    let isAnswered = false;
    void sent.then(() => {
      isAnswered = true;
    });
    await expectReading();
    const wasAnswered = isAnswered;
    other.exec('COMMIT');
    const wasMoment = performance.now() - begun < storeBounds.busyTimeoutMs;
    const answer = await sent;
    if (wasMoment || tries === triesMax) {
      expect({ wasMoment, wasAnswered, answer }).toEqual({ wasMoment: true, wasAnswered: false, answer: '200 1 live' });
      break;
    }
    await leave();
    await lock();
  }
  expect(shownOf(await bob.line())).toEqual({ seq: 1, text: 'one' });
});

test('for long: senders are refused, reading goes on, and writing resumes by itself', async () => {
  const sent = alice.ask('send bob k1 one');
  await expectReading();
  expect(await sent).toMatch(/^500 /);
  expect(await alice.ask('send bob k2 two')).toMatch(/^500 /);
  other.exec('ROLLBACK');
  expect(await alice.ask('send bob k3 three')).toBe('200 1 live');
  expect(await alice.ask('send bob k1 one')).toBe('200 2 live');
  expect([await bob.line(), await bob.line()].map(shownOf)).toEqual([
    { seq: 1, text: 'three' },
    { seq: 2, text: 'one' },
  ]);
});

test('when the server is killed meanwhile: it starts again, and has what it had accepted', async () => {
  expect(await alice.ask('send bob k1 one')).toMatch(/^500 /);
  await server.kill();
  other.exec('ROLLBACK');
  await server.restart();
  const again = await login(server, 'carol', 'ack');
  clients.push(again.client);
  expect(again.undelivered).toEqual([{ seq: 1, text: 'hello' }]);
});
