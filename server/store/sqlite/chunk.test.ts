import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import fc from 'fast-check';
import type { Draft, LogId, LogSpan, Message, Seq } from '../../core/ports';
import { bodyOf, type ChunkRow, keyOf, packRecord, RecordReader, recordBytes, senderIdOf } from './chunk';
import { LogReads } from './log-reads';
import { PackWriter } from './pack';
import { unpackPages } from './page-pack';

const migrationsFolder = join(__dirname, '../../../migrations/sqlite');
const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$/);
const key = fc.option(fc.stringMatching(/^[!-~]{1,64}$/), { nil: undefined });
const record = fc.record({
  at: fc.maxSafeInteger(),
  senderId: fc.maxSafeInteger(),
  from: name,
  key,
  body: fc.uint8Array({ minLength: 1, maxLength: 300 }),
});
type Fields = (typeof record extends fc.Arbitrary<infer T> ? T : never) & {};

function chunkOf(records: readonly Fields[]): Buffer {
  const pack = new PackWriter(0);
  for (const each of records as unknown as Draft[]) {
    const { length } = pack;
    pack.reserve(recordBytes(each));
    packRecord(pack, each);
    expect(pack.length - length).toBe(recordBytes(each));
  }
  return Buffer.from(pack.written);
}

function fieldsOf(records: RecordReader): Fields {
  const { at, senderId, from, key, body } = records;
  return { at, senderId, from, key, body: new Uint8Array(body) };
}

test('records come out of a chunk as they went in, with one seq after the other', () => {
  const property = fc.property(fc.array(record, { maxLength: 20 }), fc.nat(), (records, first) => {
    const reader = new RecordReader(chunkOf(records), first);
    for (const [index, each] of records.entries()) {
      expect(reader.next()).toBe(true);
      expect(reader.seq).toBe(first + index);
      expect(fieldsOf(reader)).toEqual(each);
      expect(reader.bodyLength).toBe(each.body.length);
      expect(senderIdOf(reader.bytes, reader.start)).toBe(each.senderId);
      expect(keyOf(reader.bytes, reader.start)).toBe(each.key);
      expect(bodyOf(reader.bytes, reader.start)).toEqual(reader.body);
    }
    expect(reader.next()).toBe(false);
  });
  fc.assert(property, { numRuns: 50 });
});

function migrated(...files: string[]): void {
  for (const file of files) db.exec(readFileSync(join(migrationsFolder, file), 'utf8'));
}

let db: SqliteDatabase.Database;
beforeEach(() => {
  db = new SqliteDatabase(':memory:');
});
afterEach(() => db.close());

test('messages of the schema that had a row for each are there after the migration, with their keys', () => {
  migrated('0001_accounts_logs_rooms.sql', '0002_devices_removed_logs.sql');
  const logs = db.prepare('INSERT INTO logs (id) VALUES (?)');
  for (const log of [1, 2]) logs.run(log);
  const insert = db.prepare('INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?)');
  const body = Buffer.from('grüße\n\\ 🎈');
  insert.run(2, 7, 1_700_000_000_123, 1, 'alice', null, body);
  insert.run(2, 8, 1_700_000_000_124, 2 ** 40, 'Bob-2', 'k1', Buffer.alloc(65_536, 0x61));
  insert.run(1, 3, 0, 2, 'Bob-2', '~', Buffer.from('x'));
  migrated('0003_chunks.sql');
  const rows = db.prepare<[], ChunkRow>('SELECT first, last, bytes FROM chunks WHERE log = 2 ORDER BY last').all();
  const read = rows.map(({ first, bytes }) => {
    const records = new RecordReader(bytes, first);
    records.next();
    return fieldsOf(records);
  });
  expect(read).toEqual([
    { at: 1_700_000_000_123, senderId: 1, from: 'alice', key: undefined, body: new Uint8Array(body) },
    { at: 1_700_000_000_124, senderId: 2 ** 40, from: 'Bob-2', key: 'k1', body: new Uint8Array(65_536).fill(0x61) },
  ]);
  expect(db.prepare('SELECT * FROM keys ORDER BY log').all()).toEqual([
    { log: 1, sender_id: 2, key: '~', seq: 3 },
    { log: 2, sender_id: 2 ** 40, key: 'k1', seq: 8 },
  ]);
  const [page = []] = pagesOf({ log: 2 as LogId, after: 6 as Seq, through: 8 as Seq }, 1_000_000);
  expect(page.map(({ seq, from }) => [seq, from])).toEqual([
    [7, 'alice'],
    [8, 'Bob-2'],
  ]);
});

function pagesOf(span: LogSpan, bytesMax: number): Message[][] {
  return unpackPages(new LogReads(db).pages([span], bytesMax));
}

describe('a page', () => {
  const log = 1 as LogId;
  beforeEach(() => {
    migrated('0001_accounts_logs_rooms.sql', '0002_devices_removed_logs.sql', '0003_chunks.sql');
    db.prepare('INSERT INTO logs (id) VALUES (1)').run();
  });

  test('holds what was asked for, in order, however the messages lie in chunks', () => {
    const chunks = fc.array(fc.array(record, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 8 });
    const property = fc.property(chunks, fc.nat(40), fc.nat(40), fc.nat(2_000), (stored, after, through, bytesMax) => {
      db.exec('DELETE FROM chunks');
      let last = 0;
      for (const records of stored) {
        const first = last + 1;
        last += records.length;
        db.prepare('INSERT INTO chunks (log, first, last, bytes) VALUES (1, ?, ?, ?)').run(
          first,
          last,
          chunkOf(records),
        );
      }
      db.prepare('UPDATE logs SET head = ? WHERE id = 1').run(Math.max(last, through));
      const all = stored
        .flat()
        .map((each, index) => ({ seq: index + 1, at: each.at, from: each.from, body: each.body }));
      const wanted = all.filter(({ seq }) => seq > after && seq <= through);
      let bytes = 0;
      const fitting = wanted.filter(({ body }, index) => {
        bytes += body.length + 64;
        return index === 0 || bytes <= bytesMax;
      });
      const [page = []] = pagesOf({ log, after: after as Seq, through: through as Seq }, bytesMax);
      expect(page.map((each) => ({ ...each, body: new Uint8Array(each.body) }))).toEqual(fitting);
    });
    fc.assert(property, { numRuns: 200 });
  });
});
