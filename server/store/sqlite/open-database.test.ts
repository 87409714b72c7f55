import { spawnSync } from 'node:child_process';
import {
  closeSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { roomNameFor } from '../../../shared/escaped-names';
import type { RoomName } from '../../../shared/names';
import { StoreOpenError } from '../open-error';
import { findRoom } from './find-room';
import { migrate } from './migrate';
import { openDatabase, openReadOnly } from './open-database';
import { openFailure } from './open-failure';

const migrationsSource = join(__dirname, '../../../migrations/sqlite');
const firstMigration = '0001_accounts_logs_rooms.sql';
const isRoot = process.getuid?.() === 0;
const nobodyUid = 65_534;

/** The files of the migrations after the first `count` ones. */
function migrationsAfter(count: number): string[] {
  return readdirSync(migrationsSource).sort().slice(count);
}

const nextMigration = `${String(migrationsAfter(0).length + 1).padStart(4, '0')}_more.sql`;

let folder: string;
let path: string;
let migrationsFolder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chateau-open-'));
  path = join(folder, 'chateau.db');
  migrationsFolder = join(folder, 'migrations');
  cpSync(migrationsSource, migrationsFolder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function open(options: { path?: string; pageCountMax?: number } = {}) {
  return openDatabase({ path, migrationsFolder, pageCountMax: undefined, ...options });
}

/** The sentence that it is refused with, on one line and with what to do. */
function refusal(options: { path?: string; pageCountMax?: number } = {}): string {
  try {
    open(options).close();
  } catch (error) {
    expect(error).toBeInstanceOf(StoreOpenError);
    const { message } = error as StoreOpenError;
    expect(message).toMatch(/^[^\n]+$/);
    return message;
  }
  throw new Error('it was opened');
}

function make(): void {
  open().close();
}

describe('a database that is opened', () => {
  test('is made with its folder when missing, for its owner only, and opens again', () => {
    path = join(folder, 'a', 'b', 'chateau.db');
    make();
    make();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
  });

  test('has the settings that make OK mean on disk', () => {
    const { db, close } = open();
    const settings = ['journal_mode', 'synchronous', 'foreign_keys'].map((name) => db.pragma(name, { simple: true }));
    expect(settings).toEqual(['wal', 2, 1]);
    close();
  });

  test('may be an empty file', () => {
    writeFileSync(path, '');
    make();
  });

  test('is one file again when it was closed', () => {
    const { db, close } = open();
    db.exec('INSERT INTO logs (head) VALUES (0)');
    close();
    expect(() => statSync(`${path}-wal`)).toThrow('ENOENT');
  });

  test('keeps the locks of those who have it when it is opened a second time', () => {
    const { close } = open();
    expect(refusal()).toContain('another chateau server uses');
    // Locks are a process's, so another one must ask. Whoever gets this one takes the write-ahead log away.
    const program = `new (require('better-sqlite3'))(${JSON.stringify(path)}, { timeout: 0 }).pragma('journal_mode = DELETE')`;
    const other = spawnSync(process.execPath, ['--eval', program], { cwd: __dirname, encoding: 'utf8' });
    expect(other.stderr).toContain('database is locked');
    close();
  });

  test('of the first version has its devices noted as seen now, and their cursors kept', () => {
    const later = migrationsAfter(1);
    for (const file of later) rmSync(join(migrationsFolder, file));
    const before = new SqliteDatabase(path);
    migrate(before, migrationsFolder);
    before.exec(`INSERT INTO logs (head) VALUES (3);
      INSERT INTO accounts (id, name, name_key, created_at) VALUES (1, 'Bob', 'bob', 0);
      INSERT INTO cursors (account, device, log, seq) VALUES (1, '', 1, 3), (1, 'phone', 1, 2)`);
    before.close();
    for (const file of later) cpSync(join(migrationsSource, file), join(migrationsFolder, file));
    const startMs = Date.now() - 1_000;
    const after = open();
    expect(after.db.prepare('SELECT account, device FROM devices').all()).toEqual([{ account: 1, device: 'phone' }]);
    expect(after.db.prepare('SELECT seen_at FROM devices').pluck().get()).toBeGreaterThanOrEqual(startMs);
    expect(after.db.prepare('SELECT device, seq FROM cursors ORDER BY device').raw().all()).toEqual([
      ['', 3],
      ['phone', 2],
    ]);
    after.close();
  });

  test('of the third version has its rooms under the keys of their chats, and each room is found by its own name', () => {
    const later = migrationsAfter(3);
    for (const file of later) rmSync(join(migrationsFolder, file));
    const before = new SqliteDatabase(path);
    migrate(before, migrationsFolder);
    const texts = [
      'CAF\u00c9',
      'cafe\u0301 2',
      'Caf\u00e9 2',
      'CAFE\u0301 3',
      'caf\u00e9',
      'garden',
      'ｇarden',
      '0_Club',
    ];
    const names = texts.map((text) => roomNameFor(text) as RoomName);
    for (const [index, name] of names.entries()) {
      before.prepare('INSERT INTO logs (head) VALUES (0)').run();
      before.prepare('INSERT INTO rooms VALUES (?, ?, ?, 0)').run(index + 1, name, name.toLowerCase());
    }
    before.close();
    for (const file of later) cpSync(join(migrationsSource, file), join(migrationsFolder, file));
    const { db, close } = open();
    const rooms = db.prepare<[string], number>('SELECT id FROM rooms WHERE name_key = ?').pluck();
    const idOf = (text: string) => findRoom(rooms, roomNameFor(text) as RoomName);
    expect(texts.map(idOf)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    // Of chats that look the same, the one whose name is folded already is found by other spellings.
    expect(['CAFE\u0301', 'Cafe\u0301', 'Caf\u00e9 3', 'caf\u00e9 3', 'Ｇarden', 'GARDEN', '0_club'].map(idOf)).toEqual(
      [5, 5, 4, 4, 6, 6, 8],
    );
    expect(idOf('CAF\u00c9 2')).toBe(3);
    close();
  });

  test('gets the migrations that it has not seen, and keeps what it holds', () => {
    const first = open();
    first.db.exec('INSERT INTO logs (head) VALUES (7)');
    first.close();
    writeFileSync(join(migrationsFolder, nextMigration), "ALTER TABLE logs ADD COLUMN more TEXT DEFAULT 'yes';");
    const second = open();
    expect(second.db.prepare('SELECT head, more FROM logs').all()).toEqual([{ head: 7, more: 'yes' }]);
    expect(second.db.prepare('SELECT version FROM schema_migrations').pluck().all()).toContain(
      migrationsAfter(0).length + 1,
    );
    second.close();
  });
});

describe('a database is refused, and left as it is,', () => {
  test('when it is newer than the program', () => {
    writeFileSync(join(migrationsFolder, nextMigration), 'CREATE TABLE more (x) STRICT'.replace('x', 'x TEXT'));
    make();
    rmSync(join(migrationsFolder, nextMigration));
    expect(refusal()).toContain('newer version of chateau');
  });

  test('when a migration that it was made with has changed', () => {
    make();
    writeFileSync(join(migrationsFolder, firstMigration), '-- changed', { flag: 'a' });
    expect(refusal()).toContain(`${firstMigration} is not the one`);
  });

  test('when it is not a database', () => {
    const text = 'This is not a database at all. '.repeat(300);
    writeFileSync(path, text);
    expect(refusal()).toContain('is not a SQLite database');
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  test('when it belongs to another program', () => {
    const other = new SqliteDatabase(path);
    other.exec('CREATE TABLE music (title TEXT)');
    other.close();
    const before = readFileSync(path);
    expect(refusal()).toContain('database of another program');
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test('when its pages are damaged', () => {
    make();
    const file = openSync(path, 'r+');
    writeSync(file, Buffer.alloc(statSync(path).size - 100, 0xff), 0, undefined, 100);
    closeSync(file);
    expect(refusal()).toContain('is damaged: restore it from a backup');
  });

  test('when it was cut short', () => {
    make();
    writeFileSync(path, readFileSync(path).subarray(0, 8_192));
    expect(refusal()).toContain('is damaged');
  });

  test('whichever of its pages is damaged, or it is opened all the same', () => {
    make();
    const sound = readFileSync(path);
    const verdicts = new Set<string>();
    for (let page = 1; page < sound.length / 4_096; page += 1) {
      writeFileSync(path, Buffer.from(sound).fill(0xa5, page * 4_096, (page + 1) * 4_096));
      try {
        open().close();
        verdicts.add('opened');
      } catch (error) {
        verdicts.add((error as Error).message.replace(path, 'it'));
      }
    }
    const refused = 'it is damaged: restore it from a backup, or choose another file with --database';
    expect([...verdicts].sort()).toEqual([refused, 'opened']);
  });

  test('when another server uses it, also by another path, until that one has closed it', () => {
    const first = open();
    mkdirSync(join(folder, 'x'));
    expect(refusal()).toContain('another chateau server uses');
    expect(refusal({ path: join(folder, 'x', '..', 'chateau.db') })).toContain('another chateau server uses');
    first.close();
    make();
  });

  test('when its path is a folder, or lies within a file', () => {
    expect(refusal({ path: folder })).toContain('is a folder');
    writeFileSync(path, '');
    expect(refusal({ path: join(path, 'chateau.db') })).toContain('is not a folder');
  });

  test('when its folder leads nowhere, or is one in which the system makes none', () => {
    symlinkSync(join(folder, 'unmounted'), join(folder, 'disk'));
    expect(refusal({ path: join(folder, 'disk', 'x', 'chateau.db') })).toContain('is not a folder');
    expect(refusal({ path: '/proc/chateau/chateau.db' })).toContain('there can be no file /proc/chateau/chateau.db');
  });

  test('when its disk is read-only', () => {
    const cause = Object.assign(new Error(), { code: 'EROFS' });
    expect(openFailure(path, cause).message).toBe(
      `the disk that holds ${path} is read-only: make it writable, or choose another file with --database`,
    );
  });

  test('when its folder may not be written', () => {
    mkdirSync(join(folder, 'closed'), { mode: 0o500 });
    asNobody(() => expect(refusal({ path: join(folder, 'closed', 'chateau.db') })).toContain('not allowed to write'));
  });

  test('when the disk is full', () => {
    expect(refusal({ pageCountMax: 3 })).toContain('is full: free some space');
    make();
  });
});

describe('migrations that are wrong in themselves', () => {
  test('have a gap', () => {
    const missing = migrationsAfter(0).length + 1;
    writeFileSync(join(migrationsFolder, `${String(missing + 1).padStart(4, '0')}_gap.sql`), '');
    expect(refusal()).toContain(`should be migration ${missing}`);
  });

  test('break foreign keys, and are not applied', () => {
    make();
    writeFileSync(join(migrationsFolder, nextMigration), 'INSERT INTO members (room, account) VALUES (1, 2)');
    expect(refusal()).toContain('breaks foreign keys');
    rmSync(join(migrationsFolder, nextMigration));
    make();
  });
});

test('a database that is missing cannot be opened for reading', () => {
  expect(() => openReadOnly(path)).toThrow(StoreOpenError);
});

test('a failure without a sentence of its own says what the system said', () => {
  expect(openFailure('x.db', new Error('it rains')).message).toBe('cannot open x.db: it rains');
  expect(openFailure('x.db', 'it rains').message).toBe('cannot open x.db: it rains');
});

/** Root may write everywhere. */
function asNobody(action: () => void): void {
  if (isRoot) process.seteuid?.(nobodyUid);
  try {
    action();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}
