/** What a server starts when it is first needed is started before anything is counted. */

import { randomBytes } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { RawClient } from '../harness/raw-client';
import { comesTrue } from '../integration/comes-true';
import type { InspectedServer } from './inspected-server';

/** Messages, one after the other, and bytes of each: together more than the write-ahead log may grow by before the
 *  thread that copies it is started (`storeBounds.checkpointBytes`). */
const messages = 300;
const bodyBytes = 60_000;

/** The threads that have the database open: one writes, one reads, one copies the write-ahead log. */
const storeThreads = 3;

/** Has the server start the thread that reads and the one that copies the write-ahead log. Resolves once both are there. */
export async function startEveryThread(server: InspectedServer): Promise<void> {
  const client = await RawClient.connect(server.process.port);
  const [sender, recipient, password] = ['s', 'r', 'p'].map((start) => start + randomBytes(8).toString('hex'));
  for (const name of [sender, recipient]) expect(await client.ask(`create ${name} ${password}`)).toBe(`201 ${name}`);
  expect(await client.askBlock(`login ${sender} ${password}`)).toEqual([`200 ${sender} 0`]);
  expect(await client.askBlock(`list ${recipient}`)).toEqual(['200 1 0', recipient]);
  const send = `send ${recipient} ${'x'.repeat(bodyBytes)}`;
  for (let seq = 1; seq <= messages; seq += 1) expect(await client.ask(send)).toBe(`202 ${seq} queued`);
  client.close();
  const database = realpathSync(server.process.database);
  await comesTrue(() => server.descriptors().get(database) === storeThreads);
}
