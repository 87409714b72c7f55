/** What SQLite and the disk do by themselves: rows of 100 bytes, synchronous=FULL. Prints a line of JSON for each figure.
 *
 *  `commits.ts FOLDER` */

import { closeSync, fdatasyncSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { median } from '../recorder';

export interface BareFigure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly better: 'more' | 'less';
}

const [folder = '.'] = process.argv.slice(2);
const measureMs = 2_000;
const syncs = 200;
const pageBytes = 4_096;

const db = new SqliteDatabase(join(folder, 'commits.db'));
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
db.exec(`CREATE TABLE messages (
  log INTEGER NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (log, seq)
) STRICT, WITHOUT ROWID`);
const insert = db.prepare('INSERT INTO messages (log, seq, at, body) VALUES (?, ?, ?, ?)');
const body = Buffer.alloc(100, 'x');
const logs = 100;
let row = 0;

for (const waiting of [64, 640, 3_200]) {
  print({ name: `group commit, ${waiting} waiting`, value: rowsPerS(waiting), unit: 'rows/s', better: 'more' });
}
print({ name: 'one lone commit', value: median(timesMs(() => commit(1))), unit: 'ms', better: 'less' });
print({ name: 'append of 4 KiB and fsync', value: median(appends(fsyncSync)), unit: 'ms', better: 'less' });
print({ name: 'append of 4 KiB and fdatasync', value: median(appends(fdatasyncSync)), unit: 'ms', better: 'less' });
db.close();

function rowsPerS(waiting: number): number {
  commit(waiting);
  const startMs = performance.now();
  let rows = 0;
  while (performance.now() - startMs < measureMs) {
    commit(waiting);
    rows += waiting;
  }
  return rows / ((performance.now() - startMs) / 1_000);
}

function commit(rows: number): void {
  db.transaction(() => {
    for (let i = 0; i < rows; i += 1, row += 1) insert.run(row % logs, row, 0, body);
  })();
}

function appends(sync: (file: number) => void): number[] {
  const file = openSync(join(folder, 'appends'), 'a');
  const page = Buffer.alloc(pageBytes, 'x');
  const times = timesMs(() => {
    writeSync(file, page);
    sync(file);
  });
  closeSync(file);
  return times;
}

function timesMs(action: () => void): number[] {
  return Array.from({ length: syncs }, () => {
    const startMs = performance.now();
    action();
    return performance.now() - startMs;
  });
}

function print(figure: BareFigure): void {
  console.log(JSON.stringify(figure));
}
