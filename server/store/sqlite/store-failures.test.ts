import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { RecordingLogger } from '../../../tests/harness/recording-logger';
import { type Account, mailboxOf } from '../../core/ports';
import type { WholeStore } from '../../core/retention-store';
import { Stage } from '../contract';
import { StoreOpenError } from '../open-error';
import { startInline } from './inline-thread';
import { memoryPath } from './open-database';
import { type StartThread, startWorker, type Thread } from './start-thread';
import { openSqliteStore, type SqliteStoreOptions } from './store';
import type { ThreadData } from './thread-messages';

const migrationsFolder = join(__dirname, '../../../migrations/sqlite');
let folder: string;
let path: string;
let logger: RecordingLogger;
let stores: WholeStore[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chateau-failures-'));
  path = join(folder, 'chateau.db');
  logger = new RecordingLogger();
  stores = [];
});
afterEach(async () => {
  await Promise.all(stores.map((store) => store.close()));
  rmSync(folder, { recursive: true, force: true });
});

async function open(options: Partial<SqliteStoreOptions> = {}): Promise<WholeStore> {
  const defaults = { path, migrationsFolder, logger, mailboxMessagesMax: 100_000, startThread: startInline };
  const store = await openSqliteStore({ ...defaults, ...options });
  stores.push(store);
  return store;
}

/** Starts threads of this role with `start`, keeps them, and tells how often that was. */
function keeping(role: ThreadData['role'], start: StartThread) {
  const threads: Thread[] = [];
  let onStart = (): void => {};
  const startThread: StartThread = (data, listener) => {
    const opened = {
      ...listener,
      message: (message: Parameters<typeof listener.message>[0]) => {
        listener.message(message);
        if (message.kind === 'opened' && data.role === role) onStart();
      },
    };
    const thread = start(data, opened);
    if (data.role === role) threads.push(thread);
    return thread;
  };
  const next = (): Promise<void> =>
    new Promise((resolve) => {
      onStart = resolve;
    });
  return { threads, startThread, next };
}

describe('opening is refused with a sentence', () => {
  test('to a second server, and the first goes on', async () => {
    const stage = new Stage(await open());
    await expect(open()).rejects.toThrow(StoreOpenError);
    await expect(open({ startThread: startWorker })).rejects.toThrow('another chateau server uses');
    await stage.account();
  });

  test('for a file that is not a database, also by a worker', async () => {
    writeFileSync(path, 'not a database '.repeat(1_000));
    await expect(open({ startThread: startWorker })).rejects.toThrow('is not a SQLite database');
  });
});

test('a reader that cannot open the database is done without: the writer answers', async () => {
  const startThread: StartThread = (data, listener) =>
    startInline(data.role === 'reader' ? { ...data, path: join(folder, 'elsewhere.db') } : data, listener);
  const stage = new Stage(await open({ startThread }));
  const alice = await stage.account();
  expect(await stage.inbox(alice)).toEqual([]);
  expect(await stage.inbox(alice)).toEqual([]);
  expect(logger.errors).toEqual(['store_reader_not_opened']);
});

test('a full disk refuses senders until there is space again', async () => {
  const stage = new Stage(await open({ pageCountMax: 400 }));
  const [alice, bob, carol] = (await stage.accounts(3)) as [Account, Account, Account];
  const body = 'x'.repeat(60_000);
  const outcomes: unknown[] = [];
  for (let i = 0; i < 40; i += 1) outcomes.push(await stage.send(alice, bob.name, body));
  const kept = outcomes.filter((outcome) => typeof outcome === 'object').length;
  expect(kept).toBeGreaterThan(10);
  expect(outcomes.slice(kept)).toEqual(Array(40 - kept).fill('store_full'));
  expect(await stage.head(bob.id as never)).toBe(kept);
  await stage.store.accounts.remove(bob.id);
  expect(await stage.send(alice, carol.name, body)).toMatchObject({ seq: 1 });
  expect(logger.errors).toEqual(Array(40 - kept).fill('commit_failed'));
});

test('a device that is new while the disk is full is let in where the default cursor stands', async () => {
  const stage = new Stage(await open());
  const [alice, bob] = (await stage.accounts(2)) as [Account, Account];
  await stage.sendAll(alice, bob.name, ['1', '2']);
  await stage.acknowledge(bob, 1);
  const other = new SqliteDatabase(path);
  other.exec('ALTER TABLE devices RENAME TO hidden; CREATE VIEW devices AS SELECT * FROM hidden');
  expect(await stage.cursors(bob, 'phone')).toEqual([1]);
  expect(logger.errors).toEqual(['commit_failed']);
  other.exec('DROP VIEW devices; ALTER TABLE hidden RENAME TO devices');
  other.close();
  await stage.acknowledge(bob, 2, { device: 'phone' });
  expect(await stage.cursors(bob, 'phone')).toEqual([2]);
});

test('a read that fails is logged and rejected, and the next one works when the fault has gone', async () => {
  const stage = new Stage(await open());
  const [alice, bob] = (await stage.accounts(2)) as [Account, Account];
  await stage.send(alice, bob.name, 'hello');
  const other = new SqliteDatabase(path);
  other.exec('ALTER TABLE chunks RENAME TO hidden');
  await expect(stage.page(mailboxOf(bob.id), 0, 1)).rejects.toMatchObject({ code: 'store_failed' });
  expect(logger.errors).toEqual(['read_failed']);
  other.exec('ALTER TABLE hidden RENAME TO chunks');
  other.close();
  expect(await stage.inbox(bob)).toEqual(['hello']);
});

test('a writer that dies refuses who waits; its successor knows all that was committed, seals included', async () => {
  const { threads, startThread, next } = keeping('writer', startWorker);
  const stage = new Stage(await open({ startThread }));
  const [alice, bob, carol] = (await stage.accounts(3)) as [Account, Account, Account];
  await stage.send(alice, bob.name, 'one');
  await stage.store.accounts.seal(carol.id);
  const started = next();
  threads[0]?.terminate();
  expect(await stage.send(alice, bob.name, 'lost')).toBe('store_failed');
  await started;
  expect(await stage.inbox(bob)).toEqual(['one']);
  expect(await stage.send(alice, bob.name, 'two')).toMatchObject({ seq: 2 });
  expect(await stage.send(alice, carol.name, 'sealed')).toBe('recipient_unknown');
  expect(logger.errors).toEqual(['store_writer_died']);
});

test('a reader that dies rejects who waits, and its successor reads on', async () => {
  const { threads, startThread, next } = keeping('reader', startWorker);
  const stage = new Stage(await open({ startThread }));
  const opened = next();
  const alice = await stage.account();
  await stage.inbox(alice);
  await opened;
  const started = next();
  const waiting = stage.inbox(alice);
  threads[0]?.terminate();
  await expect(waiting).rejects.toMatchObject({ code: 'store_failed' });
  await started;
  expect(await stage.inbox(alice)).toEqual([]);
  expect(logger.errors).toEqual(['store_reader_died']);
});

test('a store in memory that lost its thread refuses everything, and pretends no empty database', async () => {
  const { threads, startThread } = keeping('writer', startWorker);
  const stage = new Stage(await open({ path: memoryPath, startThread }));
  const alice = await stage.account();
  threads[0]?.terminate();
  await expect(stage.inbox(alice)).rejects.toMatchObject({ code: 'store_failed' });
  expect(await stage.send(alice, alice.name, 'x')).toBe('store_failed');
  expect(threads).toHaveLength(1);
});

describe('the write-ahead log', () => {
  const large = 'x'.repeat(60_000);

  /** Sends until a checkpoint has put the messages into the database itself. */
  async function sendUntilCopied(stage: Stage, [alice, bob]: [Account, Account]): Promise<void> {
    const before = statSync(path).size;
    for (let sent = 0; statSync(path).size < before + 1_000_000; sent += 50) {
      if (sent > 5_000) throw new Error('nothing was copied');
      await Promise.all(Array.from({ length: 50 }, () => stage.send(alice, bob.name, large)));
    }
  }

  test('is copied by a thread of its own, and by another one when that dies', async () => {
    const { threads, startThread, next } = keeping('checkpointer', startWorker);
    const stage = new Stage(await open({ startThread }));
    const accounts = (await stage.accounts(2)) as [Account, Account];
    await sendUntilCopied(stage, accounts);
    expect(threads).toHaveLength(1);
    const started = next();
    threads[0]?.terminate();
    await started;
    await sendUntilCopied(stage, accounts);
    expect(threads).toHaveLength(2);
    expect(logger.errors).toEqual(['store_checkpointer_died']);
  });

  test('is copied by the writer when there is no such thread', async () => {
    const startThread: StartThread = (data, listener) => {
      if (data.role !== 'checkpointer') return startWorker(data, listener);
      setImmediate(() => listener.ended(new Error('no thread')));
      return { send: () => undefined, terminate: () => undefined };
    };
    const stage = new Stage(await open({ startThread }));
    await sendUntilCopied(stage, (await stage.accounts(2)) as [Account, Account]);
    expect(new Set(logger.errors)).toEqual(new Set(['store_checkpointer_not_opened']));
  });
});
