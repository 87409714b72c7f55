/** Opens the database of a store: whether it is ours and sound, locked against others, at the newest schema. */

import { accessSync, closeSync, constants, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { StoreOpenError } from '../open-error';
import { guardDatabase } from './guard';
import { storeBounds } from './limits';
import { makeFolder } from './make-folder';
import { applicationId, migrate } from './migrate';
import { openFailure } from './open-failure';

/** The path of a database that is kept nowhere. */
export const memoryPath = ':memory:';

export interface DatabaseOptions {
  /** A file, made with its folder when missing, or `:memory:`. */
  readonly path: string;
  readonly migrationsFolder: string;
  /** The size that the database may have, in pages of 8 KiB; without it the disk is the bound. */
  readonly pageCountMax: number | undefined;
}

/** The one connection that writes. */
export interface OpenDatabase {
  readonly db: Database;
  /** Checkpoints, closes, and lets others in. */
  close(): void;
}

/** Opens the connection that writes. Checked is what costs no time on a large file: that no other server has it, that
 *  its header and schema are sound and chateau's, that its migrations are ours, and that its newest rows can be read. A
 *  damaged page elsewhere shows when it is read: only `PRAGMA integrity_check` reads them all.
 *  @throws StoreOpenError in all these cases, and when the file cannot be written */
export function openDatabase(options: DatabaseOptions): OpenDatabase {
  const { path } = options;
  const opened: Database[] = [];
  const closeAll = (): void => {
    for (const each of opened.reverse()) each.close();
  };
  try {
    if (path !== memoryPath) {
      makeFile(path);
      opened.push(guardDatabase(path));
    }
    const db = new SqliteDatabase(path, { timeout: storeBounds.busyTimeoutMs });
    opened.push(db);
    prepare(db, options);
    return { db, close: closeAll };
  } catch (cause) {
    closeAll();
    throw openFailure(path, cause);
  }
}

/** Opens a connection to a file that only reads; the one that writes must be open.
 *  @throws StoreOpenError */
export function openReadOnly(path: string): OpenDatabase {
  try {
    const db = new SqliteDatabase(path, { readonly: true, timeout: storeBounds.busyTimeoutMs });
    db.pragma(`cache_size = -${storeBounds.readerCacheKiB}`);
    return { db, close: () => db.close() };
  } catch (cause) {
    throw openFailure(path, cause);
  }
}

/** Opens a connection to a file that only copies its write-ahead log; the one that writes must be open.
 *  @throws StoreOpenError */
export function openForCheckpoints(path: string): OpenDatabase {
  try {
    const db = new SqliteDatabase(path, { fileMustExist: true, timeout: 0 });
    db.pragma('synchronous = FULL');
    return { db, close: () => db.close() };
  } catch (cause) {
    throw openFailure(path, cause);
  }
}

/** Password hashes and private messages are in it: others on the machine are kept out. A file that is there is not opened:
 *  to close it again would drop every lock that this process has on it in its other threads (fcntl(2)). */
function makeFile(path: string): void {
  makeFolder(dirname(path));
  const there = statSync(path, { throwIfNoEntry: false });
  if (there === undefined) closeSync(openSync(path, 'a', 0o600));
  else if (there.isDirectory()) throw new StoreOpenError(`${path} is a folder: choose a file with --database`);
  else accessSync(path, constants.R_OK | constants.W_OK);
}

function prepare(db: Database, { path, migrationsFolder, pageCountMax }: DatabaseOptions): void {
  refuseForeign(db);
  // Of a database that has pages already it changes nothing.
  db.pragma(`page_size = ${storeBounds.pageBytes}`);
  const journal = db.pragma('journal_mode = WAL', { simple: true });
  if (path !== memoryPath && journal !== 'wal') throw new Error(`its disk allows no write-ahead log (${journal})`);
  db.pragma('synchronous = FULL');
  db.pragma(`wal_autocheckpoint = ${storeBounds.checkpointPages}`);
  db.pragma(`journal_size_limit = ${storeBounds.walBytesMax}`);
  db.pragma(`cache_size = -${storeBounds.writerCacheKiB}`);
  if (pageCountMax !== undefined) db.pragma(`max_page_count = ${pageCountMax}`);
  migrate(db, migrationsFolder);
  // Not before: a migration may sort more than the memory holds.
  db.pragma('temp_store = MEMORY');
  db.pragma('foreign_keys = ON');
  for (const table of ['logs', 'accounts', 'rooms', 'chunks', 'cursors']) {
    const key = table === 'cursors' ? 'log' : 'id';
    db.prepare(`SELECT * FROM ${table} ORDER BY ${key} DESC LIMIT 1`).get();
  }
}

/** Nothing of a file that is not ours is changed. */
function refuseForeign(db: Database): void {
  const id = db.pragma('application_id', { simple: true });
  if (id === applicationId) return;
  const isNew = id === 0 && db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0;
  if (isNew) return;
  throw new StoreOpenError(
    `${db.name} is a database of another program: move it away, or choose another file with --database`,
  );
}
