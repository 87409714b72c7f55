import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { limits } from '../../../shared/limits';
import type { RoomName, Username } from '../../../shared/names';
import type { AccountId, Appended, Draft, UnixMs } from '../../core/ports';
import type { Call } from './calls';
import { type Destination, Destinations } from './destinations';
import { GatheringBatch } from './gathering-batch';
import { memoryPath, openDatabase } from './open-database';
import { Writer } from './writer';
import type { Writes } from './writes';

const migrationsFolder = join(__dirname, '../../../migrations/sqlite');
const errors: unknown[] = [];
const logger = { info: () => {}, warn: () => {}, error: (_: string, cause: unknown) => errors.push(cause) };
const created = 0 as UnixMs;

let db: Database;
let writer: Writer;
let close: () => void;
beforeEach(() => {
  errors.length = 0;
  ({ db, close } = openDatabase({ path: memoryPath, migrationsFolder, pageCountMax: undefined }));
  writer = new Writer({ db, mailboxMessagesMax: 1_000, sealed: [] });
  commit({ calls: [makeAccount('alice'), makeAccount('bob')] });
});
afterEach(() => close());

interface Work {
  readonly to?: readonly string[];
  readonly bodyBytes?: number;
  readonly calls?: readonly Call<Writes>[];
}

/** Commits one draft for each of `to`, then the calls; what came of the drafts. */
function commit({ to = [], bodyBytes = 10, calls = [] }: Work): (string | number)[] {
  const batch = new GatheringBatch(logger, 0);
  const told: (string | number)[] = [];
  const body = new Uint8Array(bodyBytes).fill(0x78);
  for (const name of to) {
    const tell = { committed: ({ seq }: Appended) => told.push(seq), refused: (code: string) => told.push(code) };
    const draft = { senderId: 1 as AccountId, from: 'alice' as Username, key: undefined, at: created, body };
    batch.addDraft({ ...draft, to: name, ...tell } as unknown as Draft);
  }
  for (const call of calls) batch.addCall(call, { resolve: () => {}, reject: (error) => told.push(error.code) });
  const result = writer.run(batch.take());
  if (result.kind === 'failed') errors.push(result.fault);
  batch.settle(result);
  return told;
}

function makeAccount(name: string): Call<Writes> {
  return { name: 'createAccount', args: [name as Username, undefined, created] };
}

function stored(): unknown[] {
  return db.prepare('SELECT log, first, last FROM chunks ORDER BY log, last').all();
}

function fillUp(): void {
  db.pragma(`max_page_count = ${db.pragma('page_count', { simple: true })}`);
}

describe('a disk that is full', () => {
  test('refuses every sender of the batch and keeps nothing of it; the next batch works when there is space', () => {
    expect(commit({ to: ['bob'] })).toEqual([1]);
    fillUp();
    const call = makeAccount('carol');
    expect(commit({ to: ['bob', 'nobody', 'bob'], bodyBytes: 60_000, calls: [call] })).toEqual(
      Array(4).fill('store_full'),
    );
    expect(stored()).toEqual([{ log: 2, first: 1, last: 1 }]);
    expect(db.inTransaction).toBe(false);
    db.pragma('max_page_count = 1000000');
    expect(commit({ to: ['bob', 'nobody', 'bob'], bodyBytes: 60_000 })).toEqual([2, 'recipient_unknown', 3]);
    expect(db.prepare('SELECT head FROM logs WHERE id = 2').pluck().get()).toBe(3);
    expect(commit({ calls: [call] })).toEqual([]);
  });

  test('leaves a mailbox unsealed when the seal is refused with the rest, and sealed when the unseal is', () => {
    const seal: Call<Writes> = { name: 'seal', args: [2 as AccountId] };
    const unseal: Call<Writes> = { name: 'unseal', args: [2 as AccountId] };
    fillUp();
    expect(commit({ to: ['alice'], bodyBytes: 60_000, calls: [seal] })).toEqual(['store_full', 'store_full']);
    db.pragma('max_page_count = 1000000');
    expect(commit({ to: ['bob'], calls: [seal] })).toEqual([1]);
    fillUp();
    expect(commit({ to: ['alice'], bodyBytes: 60_000, calls: [unseal] })).toEqual(['store_full', 'store_full']);
    expect(commit({ to: ['bob'] })).toEqual(['recipient_unknown']);
  });
});

test('any other fault refuses the batch as well, and the next one works when it has gone', () => {
  db.exec('ALTER TABLE chunks RENAME TO hidden');
  expect(commit({ to: ['bob', 'alice'] })).toEqual(['store_failed', 'store_failed']);
  expect(errors).toEqual([expect.objectContaining({ code: 'SQLITE_ERROR' })]);
  db.exec('ALTER TABLE hidden RENAME TO chunks');
  expect(commit({ to: ['bob', 'alice'] })).toEqual([1, 1]);
});

test('a call that breaks a rule changes nothing, and the rest of its batch is committed', () => {
  const calls = [makeAccount('carol'), makeAccount('ALICE'), makeAccount('dave')];
  expect(commit({ to: ['bob'], calls })).toEqual([1, 'name_taken']);
  expect(db.prepare('SELECT name FROM accounts').pluck().all()).toEqual(['alice', 'bob', 'carol', 'dave']);
});

test('a mailbox that a writer was told to seal is sealed from its first batch on', () => {
  writer = new Writer({ db, mailboxMessagesMax: 1_000, sealed: [2 as never] });
  expect(commit({ to: ['bob', 'alice'] })).toEqual(['recipient_unknown', 1]);
});

test.each([
  ['a short name', 1, 0],
  ['the longest name', limits.roomNameLengthMax, 1],
])('rooms with %s make the writer forget others according to what they take', (_, nameLength, forgotten) => {
  const destinations = new Destinations(db, [], 20);
  const rooms = ['a', 'b', 'c', 'd'].map((letter) => `#${letter.repeat(nameLength)}` as RoomName);
  commit({ calls: rooms.map((name) => ({ name: 'createRoom', args: [name, 1 as AccountId, [], created] })) });
  destinations.add(destinations.find('bob') as Destination, new Uint8Array(50));
  for (const name of rooms) expect(destinations.find(name)?.name).toBe(name);
  expect(stored()).toHaveLength(forgotten);
});

test('a destination that is forgotten in the middle of a batch has its head stored first', () => {
  const few = new Destinations(db, [], 4);
  const record = new Uint8Array(50);
  const next = (name: string): number => {
    const destination = few.find(name);
    if (destination === undefined) throw new Error(name);
    return few.add(destination, record);
  };
  commit({ calls: ['c', 'd', 'e', 'f'].map(makeAccount) });
  const everyone = ['alice', 'bob', 'c', 'd', 'e', 'f'];
  expect([...everyone, ...everyone].map(next)).toEqual([1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2]);
  few.flush();
  expect(db.prepare('SELECT head FROM logs').pluck().all()).toEqual([2, 2, 2, 2, 2, 2]);
  expect(db.prepare('SELECT count(*) FROM chunks').pluck().get()).toBeGreaterThanOrEqual(6);
  few.forget(1 as never);
  few.forget(6 as never);
  expect(everyone.map(next)).toEqual([3, 3, 3, 3, 3, 3]);
});
