/** Brings a database to the newest schema, one numbered file at a time. */

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { roomKey } from '../../../shared/escaped-names';
import type { RoomName } from '../../../shared/names';
import { StoreOpenError } from '../open-error';

interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
}

interface AppliedRow {
  readonly version: number;
  readonly name: string;
  readonly sha256: string;
}

/** Marks a SQLite file as chateau's: "chat". */
export const applicationId = 0x63686174;

const historyTable = `CREATE TABLE IF NOT EXISTS schema_migrations (
  version INTEGER PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT`;

/** Applies what `migrationsFolder` holds and the database has not seen, each file in a transaction of its own, with
 *  foreign keys off while it runs and checked before it commits. `db` must be new or a chateau database.
 *  @throws StoreOpenError when the database is newer than the program, or an applied file is not what it was */
export function migrate(db: Database, migrationsFolder: string): void {
  const migrations = readMigrations(migrationsFolder);
  db.function('room_key', { deterministic: true }, (name) => roomKey(name as RoomName));
  db.pragma('foreign_keys = OFF');
  const applied = db.transaction(() => begin(db)).immediate();
  refuseStrange(db.name, applied, migrations);
  for (const migration of migrations.slice(applied.length)) db.transaction(() => apply(db, migration)).immediate();
}

function begin(db: Database): AppliedRow[] {
  db.pragma(`application_id = ${applicationId}`);
  db.exec(historyTable);
  return db.prepare<[], AppliedRow>('SELECT version, name, sha256 FROM schema_migrations ORDER BY version').all();
}

function refuseStrange(path: string, applied: readonly AppliedRow[], migrations: readonly Migration[]): void {
  if (applied.length > migrations.length) {
    throw new StoreOpenError(
      `${path} was written by a newer version of chateau: run that one, or choose another file with --database`,
    );
  }
  for (const [index, row] of applied.entries()) {
    if (row.sha256 === migrations[index]?.sha256) continue;
    throw new StoreOpenError(
      `the migration ${row.name} is not the one that ${path} was made with: ` +
        'install the version of chateau that made it, or choose another file with --database',
    );
  }
}

function apply(db: Database, { version, name, sql, sha256 }: Migration): void {
  db.exec(sql);
  const broken = db.pragma('foreign_key_check');
  if (Array.isArray(broken) && broken.length > 0) throw new Error(`the migration ${name} breaks foreign keys`);
  db.prepare('INSERT INTO schema_migrations (version, name, sha256, applied_at) VALUES (?, ?, ?, ?)').run(
    version,
    name,
    sha256,
    Date.now(),
  );
}

/** The files `0001_*.sql` and so on, without a gap. */
function readMigrations(folder: string): Migration[] {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort();
  return names.map((name, index) => {
    const version = index + 1;
    if (!name.startsWith(`${String(version).padStart(4, '0')}_`)) {
      throw new Error(`${join(folder, name)} should be migration ${version}`);
    }
    const sql = readFileSync(join(folder, name), 'utf8');
    return { version, name, sql, sha256: createHash('sha256').update(sql).digest('hex') };
  });
}
