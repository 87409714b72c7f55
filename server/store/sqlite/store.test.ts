import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RecordingLogger } from '../../../tests/harness/recording-logger';
import { type OpenStore, storeContract } from '../contract';
import { startInline } from './inline-thread';
import { memoryPath } from './open-database';
import { type StartThread, startWorker } from './start-thread';
import { openSqliteStore } from './store';

const migrationsFolder = join(__dirname, '../../../migrations/sqlite');
const folder = mkdtempSync(join(tmpdir(), 'chateau-store-'));
let files = 0;
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function onFile(startThread: StartThread): OpenStore {
  return async ({ mailboxMessagesMax }) => {
    files += 1;
    const path = join(folder, `${files}.db`);
    const logger = new RecordingLogger();
    const open = () => openSqliteStore({ path, migrationsFolder, logger, mailboxMessagesMax, startThread });
    const store = await open();
    const reopen = async () => {
      await store.close();
      return open();
    };
    return { store, reopen };
  };
}

function inMemory(startThread: StartThread): OpenStore {
  return async ({ mailboxMessagesMax }) => {
    const logger = new RecordingLogger();
    const options = { path: memoryPath, migrationsFolder, logger, mailboxMessagesMax, startThread };
    return { store: await openSqliteStore(options) };
  };
}

storeContract('a SQLite store on a file, in threads', onFile(startWorker));
storeContract('a SQLite store in memory, in a thread', inMemory(startWorker));
storeContract('a SQLite store on a file, within this thread', onFile(startInline));
storeContract('a SQLite store in memory, within this thread', inMemory(startInline));
