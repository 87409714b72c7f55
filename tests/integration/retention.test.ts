/** A server that finds old messages at its start removes those that nobody needs any more, and no others. */

import SqliteDatabase from 'better-sqlite3';
import { RecordReader } from '../../server/store/sqlite/chunk';
import type { RawClient } from '../harness/raw-client';
import { ServerProcess } from '../harness/server-process';
import { People, password } from './people';

const daysMs = 86_400_000;
interface ChunkBytes {
  readonly id: number;
  readonly bytes: Buffer;
}
let server: ServerProcess;
const people = new People(() => server);

beforeAll(async () => {
  server = await ServerProcess.start(['--history-days', '2']);
});
afterEach(() => people.leave());
afterAll(() => server.stop());

/** Stops the server, lets every message be three days old, and starts it again. */
async function threeDaysLater(): Promise<void> {
  server.signal('SIGTERM');
  await server.ended();
  const database = new SqliteDatabase(server.database);
  const update = database.prepare('UPDATE chunks SET bytes = ? WHERE id = ?');
  for (const { id, bytes } of database.prepare<[], ChunkBytes>('SELECT id, bytes FROM chunks').all()) {
    const records = new RecordReader(bytes, 1);
    while (records.next()) bytes.writeBigInt64BE(BigInt(records.at - 3 * daysMs), records.start);
    update.run(bytes, id);
  }
  database.close();
  await server.restart();
}

/** Asks for the history with `name` until it holds so many messages. */
async function untilHistoryIs(client: RawClient, name: string, count: number): Promise<void> {
  let status: string | undefined;
  while (status !== `200 ${name} ${count}`) [status] = await client.askBlock(`history ${name}`);
}

test('history ends after so many days; what a device has not acknowledged stays until it has', async () => {
  const alice = await people.online('alice');
  const bob = await people.account('bob');
  const phone = await people.login(bob, 'ack device=phone');
  phone.close();
  await phone.closed();
  const desk = await people.login(bob, 'ack device=desk');
  for (const text of ['one', 'two', 'three']) {
    expect(await alice.client.ask(`send ${bob} ${text}`)).toMatch(/^200 /);
    await desk.line();
  }
  desk.send(`ack ${bob} 3\n`);
  await desk.ask('ping');
  people.leave();
  await threeDaysLater();

  const again = await people.connect();
  expect(await again.ask('hello 2 ack device=phone')).toMatch(/^200 /);
  const [status, ...lines] = await again.askBlock(`login ${bob} ${password}`);
  expect([status, lines.length]).toEqual([`200 ${bob} 3`, 3]);
  again.send(`ack ${bob} 2\n`);
  await again.ask('ping');
  people.leave();
  await threeDaysLater();

  const reader = await people.login(alice.name);
  await untilHistoryIs(reader, bob, 1);
});
