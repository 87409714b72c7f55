/** Keeps a second server from the same database. */

import { realpathSync } from 'node:fs';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { StoreOpenError } from '../open-error';
import { codeOf } from './open-failure';

/** Holds the database at `path` until the guard is closed, or the process ends in whatever way: the lock is one of the
 *  operating system's, on an empty file `<path>-lock`. Other programs may still read and back up the database.
 *  @throws StoreOpenError when another server has it */
export function guardDatabase(path: string): Database {
  // Two paths to one file must meet at one lock.
  const guard = new SqliteDatabase(`${realpathSync(path)}-lock`, { timeout: 0 });
  try {
    guard.exec('BEGIN EXCLUSIVE');
    return guard;
  } catch (cause) {
    guard.close();
    if (!codeOf(cause).startsWith('SQLITE_BUSY')) throw cause;
    const sentence = `another chateau server uses ${path}: stop it, or choose another file with --database`;
    throw new StoreOpenError(sentence, { cause });
  }
}
