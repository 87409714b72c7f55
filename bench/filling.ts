/** Messages put into a database by SQL while no server runs: faster than sending them. */

import SqliteDatabase from 'better-sqlite3';
import type { AccountId, UnixMs } from '../server/core/ports';
import { packRecord, recordBytes } from '../server/store/sqlite/chunk';
import { PackWriter } from '../server/store/sqlite/pack';
import type { Username } from '../shared/names';
import { RawClient } from '../tests/harness/raw-client';
import type { ServerProcess } from '../tests/harness/server-process';

export const password = 'pw';

export interface Filling {
  /** Names of the accounts whose mailboxes are filled. */
  readonly accounts: readonly string[];
  /** For each of them. */
  readonly messages: number;
  readonly bodyBytes: number;
}

/** Makes the accounts, and leaves the server running. */
export async function createAccounts(server: ServerProcess, names: readonly string[]): Promise<void> {
  const client = await RawClient.connect(server.port);
  for (const name of names) {
    const reply = await client.ask(`create ${name} ${password}`);
    if (!reply.startsWith('201')) throw new Error(reply);
  }
  client.close();
}

/** Stops the server, fills the mailboxes of accounts that exist and starts it again. */
export async function fill(server: ServerProcess, { accounts, messages, bodyBytes }: Filling): Promise<void> {
  server.signal('SIGTERM');
  await server.ended();
  const db = new SqliteDatabase(server.database);
  db.pragma('synchronous = OFF');
  const idOf = db.prepare('SELECT id FROM accounts WHERE name = ?').pluck();
  const insert = db.prepare('INSERT INTO chunks (log, first, last, bytes) VALUES (?, ?, ?, ?)');
  const setHead = db.prepare('UPDATE logs SET head = ? WHERE id = ?');
  const draft = {
    at: Date.now() as UnixMs,
    senderId: 1 as AccountId,
    from: 'x' as Username,
    key: undefined,
    body: Buffer.alloc(bodyBytes, 'x'),
  };
  const pack = new PackWriter(0);
  pack.reserve(recordBytes(draft));
  packRecord(pack, draft);
  for (const name of accounts) {
    const log = idOf.get(name);
    db.transaction(() => {
      for (let seq = 1; seq <= messages; seq += 1) insert.run(log, seq, seq, pack.written);
      setHead.run(messages, log);
    })();
  }
  db.close();
  await server.restart();
}
