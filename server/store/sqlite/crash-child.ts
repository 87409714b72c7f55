/** A program that appends without end and prints each seq once it is committed, for the test that kills it. */

import { join } from 'node:path';
import type { Username } from '../../../shared/names';
import type { UnixMs } from '../../core/ports';
import { openSqliteStore } from './store';

const [, , path = ''] = process.argv;
const migrationsFolder = join(__dirname, '../../../migrations/sqlite');
const logger = { info: () => {}, warn: () => {}, error: () => {} };
const inFlight = 50;

async function main(): Promise<void> {
  const store = await openSqliteStore({ path, migrationsFolder, logger, mailboxMessagesMax: 1_000_000 });
  const name = 'alice' as Username;
  const { id } = (await store.accounts.find(name)) ?? (await store.accounts.create(name, undefined, 0 as UnixMs));
  const body = new TextEncoder().encode('x'.repeat(200));
  const appendNext = (): void =>
    store.logs.append({
      senderId: id,
      from: name,
      to: name,
      key: undefined,
      body,
      at: 0 as UnixMs,
      refused: (code) => console.log(code),
      committed: ({ seq }) => {
        console.log(seq);
        appendNext();
      },
    });
  for (let i = 0; i < inFlight; i += 1) appendNext();
}

void main();
