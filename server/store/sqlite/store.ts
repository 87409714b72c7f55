/** The {@link Store} port on SQLite: one thread that writes, and for a file others that read and do checkpoints, started
 *  when they are needed for the first time: a server is up sooner without them. */

import type {
  Account,
  AccountId,
  AccountStore,
  Logger,
  LogId,
  LogStore,
  RoomStore,
  Subscription,
  UnixMs,
} from '../../core/ports';
import { defaultDevice, mailboxOf } from '../../core/ports';
import type { RetentionStore, WholeStore } from '../../core/retention-store';
import { errorOf } from './calls';
import { Checkpoints } from './checkpoints';
import { CommitQueue } from './commit-queue';
import { storeBounds } from './limits';
import { unpackAddressed } from './message-pack';
import { memoryPath } from './open-database';
import { unpackBacklog, unpackPages } from './page-pack';
import { ReadQueue } from './read-queue';
import { type StartThread, startWorker } from './start-thread';
import { type Reply, SupervisedThread } from './supervised-thread';
import type { ToThread } from './thread-messages';

export interface SqliteStoreOptions {
  /** A file, made with its folder when missing, or `:memory:`. */
  readonly path: string;
  /** Where the numbered .sql files are. */
  readonly migrationsFolder: string;
  readonly logger: Logger;
  /** Messages that a mailbox or room may hold above what everybody there has acknowledged; 1 or more. */
  readonly mailboxMessagesMax: number;
  /** The size that the database may have, in pages of 8 KiB; writes beyond it are refused with `store_full`. Without it
   *  the disk is the bound. */
  readonly pageCountMax?: number;
  /** How threads are started: as worker threads by default. */
  readonly startThread?: StartThread;
}

/** Opens the store, and with it the database at the newest schema.
 *
 *  A thread that dies is started again, after 100 ms to 5 s, and what waited for it is refused with `store_failed`. So is
 *  what comes meanwhile when it is the writer; the writer reads while there is no reader. A `:memory:` store that lost its
 *  thread has lost its data, and refuses everything from then on.
 *  @throws StoreOpenError */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<WholeStore> {
  const store = new SqliteStore(options);
  await store.open();
  return store;
}

class SqliteStore implements WholeStore {
  readonly accounts: AccountStore;
  readonly logs: LogStore;
  readonly rooms: RoomStore;
  readonly retention: RetentionStore;
  private readonly writer: SupervisedThread;
  /** A database in memory has none: no other connection can see it. */
  private reader: SupervisedThread | undefined;
  private checkpointer: SupervisedThread | undefined;
  private readonly checkpoints = new Checkpoints(() => this.beginCheckpoint());
  private readonly writes: CommitQueue;
  private readonly reads: ReadQueue;
  /** A writer that takes the place of a dead one seals the same mailboxes. */
  private readonly sealed = new Set<LogId>();
  private closing: Promise<void> | undefined;

  constructor(private readonly options: SqliteStoreOptions) {
    const { logger } = options;
    this.writes = new CommitQueue({
      logger,
      onCommitted: (drafts, bytes) => this.checkpoints.committed(drafts, bytes),
      send: (batch) => this.writer.send({ kind: 'batch', batch }, [batch.drafts]),
    });
    this.reads = new ReadQueue({ logger, send: (id, call) => this.sendRead({ kind: 'read', id, call }) });
    this.writer = this.writerThread();
    this.accounts = accountStore(this.writes, this.reads, this.sealed);
    this.logs = logStore(this.writes, this.reads);
    this.rooms = roomStore(this.writes, this.reads);
    this.retention = retentionStore(this.writes);
  }

  async open(): Promise<void> {
    await this.writer.open();
  }

  /** What was appended and asked for before is settled first. The writer closes last: it checkpoints. */
  close(): Promise<void> {
    this.closing ??= this.closeAll();
    return this.closing;
  }

  private async closeAll(): Promise<void> {
    await this.writes.close();
    await this.reads.idle();
    await this.reader?.close();
    await this.checkpointer?.close();
    await this.writer.close();
  }

  private writerThread(): SupervisedThread {
    const { path, migrationsFolder, mailboxMessagesMax, pageCountMax, logger, startThread } = this.options;
    return new SupervisedThread({
      start: startThread ?? startWorker,
      data: () => ({
        role: 'writer',
        path,
        migrationsFolder,
        mailboxMessagesMax,
        pageCountMax,
        sealed: [...this.sealed],
      }),
      restarts: path !== memoryPath,
      onReply: (reply) => this.heard(reply),
      onDeath: (cause) => {
        logger.error('store_writer_died', cause);
        this.writes.failInFlight();
        this.reads.failAll();
      },
    });
  }

  /** The writer answers until there is a reader, and while there is none. */
  private sendRead(message: ToThread): boolean {
    if (this.options.path !== memoryPath && this.closing === undefined) {
      this.reader ??= this.beside('reader', () => this.reads.failAll());
    }
    return this.reader?.send(message, []) === true || this.writer.send(message, []);
  }

  /** A thread that the store can do without: when it cannot open the database, that is logged. */
  private beside(role: 'reader' | 'checkpointer', onDeath: () => void): SupervisedThread {
    const { path, logger, startThread } = this.options;
    const thread = new SupervisedThread({
      start: startThread ?? startWorker,
      data: () => ({ role, path }),
      restarts: true,
      onReply: (reply) => this.heard(reply),
      onDeath: (cause) => {
        logger.error(`store_${role}_died`, cause);
        onDeath();
      },
    });
    thread.open().catch((cause: unknown) => logger.error(`store_${role}_not_opened`, cause));
    return thread;
  }

  /** Whether it has begun. Until then, and when it fails, the writer does it by itself when the log is too long. */
  private beginCheckpoint(): boolean {
    if (this.options.path === memoryPath || this.closing !== undefined) return false;
    this.checkpointer ??= this.beside('checkpointer', () => this.checkpoints.ended());
    return this.checkpointer.send({ kind: 'checkpoint' }, []);
  }

  private heard(reply: Reply): void {
    if (reply.kind === 'batch') this.writes.settle(reply.result);
    else if (reply.kind === 'read') this.reads.settle(reply.id, reply.outcome);
    else {
      if (reply.fault !== undefined) this.options.logger.error('not_checkpointed', errorOf(reply.fault));
      this.checkpoints.ended();
    }
  }
}

function accountStore(writes: CommitQueue, reads: ReadQueue, sealed: Set<LogId>): AccountStore {
  return {
    create: (name, passwordHash, at): Promise<Account> => writes.call('createAccount', name, passwordHash, at),
    find: (name) => reads.call('find', name),
    setPassword: (account, passwordHash) => writes.call('setPassword', account, passwordHash),
    async seal(account) {
      await writes.call('seal', account);
      sealed.add(mailboxOf(account));
    },
    async unseal(account) {
      await writes.call('unseal', account);
      sealed.delete(mailboxOf(account));
    },
    async remove(account) {
      await writes.call('removeAccount', account);
      sealed.delete(mailboxOf(account));
    },
    list: (query) => reads.call('list', query),
    block: (owner, other) => writes.call('block', owner, other),
    unblock: (owner, other) => writes.call('unblock', owner, other),
  };
}

function logStore(writes: CommitQueue, reads: ReadQueue): LogStore {
  return {
    append: (draft) => writes.append(draft),
    get congested() {
      return writes.congested;
    },
    onRelief: (listener) => writes.onRelief(listener),
    read: async (...query) => unpackPages(await reads.call('pages', ...query)),
    backlog: async (positions, bytesMax) =>
      unpackBacklog(await reads.call('backlog', positions, bytesMax), positions.length),
    subscriptions: (...login) => subscriptionsOf(writes, reads, ...login),
    heads: (logs) => reads.call('heads', logs),
    count: (spans) => reads.call('count', spans),
    moveCursors: (moves) => writes.call('moveCursors', moves),
    roomHistory: async (...query) => unpackAddressed(await reads.call('roomHistory', ...query)),
    conversation: async (...query) => unpackAddressed(await reads.call('conversation', ...query)),
  };
}

/** A device that was not seen lately is noted before it is told where it stands: from then on nobody forgets it. */
async function subscriptionsOf(
  writes: CommitQueue,
  reads: ReadQueue,
  account: AccountId,
  device: string,
  at: UnixMs,
): Promise<Subscription[]> {
  const { subscriptions, seenAt } = await reads.call('subscriptions', account, device);
  if (device === defaultDevice || subscriptions.length === 0) return subscriptions;
  if (seenAt !== undefined && seenAt > at - storeBounds.deviceSeenPrecisionMs) return subscriptions;
  try {
    await writes.call('seeDevice', account, device, at);
  } catch {
    // The disk is full or broken, which the queue has logged. Who only wants to read is let in.
    return subscriptions;
  }
  return (await reads.call('subscriptions', account, device)).subscriptions;
}

function retentionStore(writes: CommitQueue): RetentionStore {
  return {
    seeDevices: (devices, at) => writes.call('seeDevices', devices, at),
    forgetDevices: (seenBefore, devicesMax) => writes.call('forgetDevices', seenBefore, devicesMax),
    prune: (query) => writes.call('prune', query),
  };
}

function roomStore(writes: CommitQueue, reads: ReadQueue): RoomStore {
  return {
    create: (name, creator, members, at) => writes.call('createRoom', name, creator, members, at),
    join: (name, account) => writes.call('joinRoom', name, account),
    leave: (name, account) => writes.call('leaveRoom', name, account),
    find: (name) => reads.call('findRoom', name),
    members: (name) => reads.call('members', name),
  };
}
