/** The thread of the plain server that has the database. */

import { parentPort, workerData } from 'node:worker_threads';
import SqliteDatabase from 'better-sqlite3';

export interface StoredRow {
  readonly seq: number;
  readonly body: string;
}

export type StoreRequest =
  | { readonly kind: 'append'; readonly client: number; readonly recipient: string; readonly body: string }
  | { readonly kind: 'acknowledge'; readonly recipient: string; readonly seq: number }
  | { readonly kind: 'page'; readonly client: number; readonly recipient: string; readonly after: number }
  | { readonly kind: 'batch'; readonly requests: readonly StoreRequest[] };

export type StoreReply =
  | { readonly kind: 'stored'; readonly stored: readonly number[] }
  | { readonly kind: 'page'; readonly client: number; readonly rows: readonly StoredRow[] };

const rowsOfPage = 500;
const db = new SqliteDatabase(workerData);
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
db.exec(`CREATE TABLE IF NOT EXISTS messages (
  recipient TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (recipient, seq)
) STRICT, WITHOUT ROWID`);
const insert = db.prepare('INSERT INTO messages (recipient, seq, at, body) VALUES (?, ?, ?, ?)');
const remove = db.prepare('DELETE FROM messages WHERE recipient = ? AND seq <= ?');
const select = db.prepare('SELECT seq, body FROM messages WHERE recipient = ? AND seq > ? ORDER BY seq LIMIT ?');
const heads = new Map<string, number>(
  (db.prepare('SELECT recipient, max(seq) AS seq FROM messages GROUP BY recipient').all() as HeadRow[]).map((row) => [
    row.recipient,
    row.seq,
  ]),
);

interface HeadRow {
  readonly recipient: string;
  readonly seq: number;
}

const write = db.transaction((requests: readonly StoreRequest[], stored: number[]) => {
  const at = Date.now();
  for (const request of requests) {
    if (request.kind === 'acknowledge') remove.run(request.recipient, request.seq);
    if (request.kind !== 'append') continue;
    const seq = (heads.get(request.recipient) ?? 0) + 1;
    heads.set(request.recipient, seq);
    insert.run(request.recipient, seq, at, request.body);
    stored.push(request.client);
  }
});

parentPort?.on('message', (request: StoreRequest) => {
  if (request.kind === 'batch') {
    const stored: number[] = [];
    write(request.requests, stored);
    tell({ kind: 'stored', stored });
  } else if (request.kind === 'page') {
    const rows = select.all(request.recipient, request.after, rowsOfPage) as StoredRow[];
    tell({ kind: 'page', client: request.client, rows });
  }
});

function tell(reply: StoreReply): void {
  parentPort?.postMessage(reply);
}
