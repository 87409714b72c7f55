/** The {@link Store} port in memory, as simple as can be: the model that a real store is compared with.
 *
 *  Writes gather until the test commits them, or until the end of the turn with `autoCommit`. Reads see what is
 *  committed when they are asked; a test may hold their answers up, or let them fail. */

import type { AccountStore, Draft, LogStore, RoomStore } from '../../server/core/ports';
import type { RetentionStore, WholeStore } from '../../server/core/retention-store';
import { ChatError, type ErrorCode } from '../../shared/errors';
import { Gate } from './gate';
import { pruneTables } from './reference-pruning';
import { ReferenceQueries } from './reference-queries';
import { ReferenceTables } from './reference-tables';

export type ReadName =
  | 'find'
  | 'list'
  | 'read'
  | 'subscriptions'
  | 'backlog'
  | 'heads'
  | 'count'
  | 'roomHistory'
  | 'conversation'
  | 'findRoom'
  | 'members';

/** So little that no second message fits. */
const oneMessageBytes = 1;

/** What a whole batch may fail with. */
export type StoreFailure = 'store_failed' | 'store_full';

export interface ReferenceStoreOptions {
  /** Commits at the end of the turn; otherwise when {@link ReferenceStore.commit} is called. */
  readonly autoCommit?: boolean;
  readonly mailboxMessagesMax?: number;
  /** Drafts that may gather before the store is congested. */
  readonly draftsMax?: number;
}

interface Write {
  apply(): void;
  fail(error: ChatError): void;
}

export class ReferenceStore implements WholeStore {
  readonly accounts: AccountStore;
  readonly logs: LogStore;
  readonly rooms: RoomStore;
  readonly retention: RetentionStore;
  readonly tables: ReferenceTables;
  private readonly queries: ReferenceQueries;
  autoCommit: boolean;
  private gathering: Write[] = [];
  private draftCount = 0;
  private commitDue = false;
  private nextCommitFailure: StoreFailure | undefined;
  private readonly draftsMax: number;
  private readsOneByOne = false;
  private readonly reliefListeners: (() => void)[] = [];
  private readonly gates = new Map<ReadName, Gate>();
  private readonly asked = new Map<ReadName, number>();
  private readonly readFailures: { readonly name: ReadName; readonly code: ErrorCode }[] = [];

  constructor(options: ReferenceStoreOptions = {}) {
    this.autoCommit = options.autoCommit ?? true;
    this.draftsMax = options.draftsMax ?? 1_000;
    this.tables = new ReferenceTables(options.mailboxMessagesMax ?? 100_000);
    this.queries = new ReferenceQueries(this.tables);
    this.accounts = this.accountStore();
    this.logs = this.logStore();
    this.rooms = this.roomStore();
    this.retention = this.retentionStore();
  }

  /** Writes that wait for a commit. */
  get gatheringCount(): number {
    return this.gathering.length;
  }

  /** Settles everything that has gathered, in order, as one transaction. */
  commit(): void {
    const batch = this.gathering;
    const failure = this.nextCommitFailure;
    const wasCongested = this.congested;
    this.gathering = [];
    this.draftCount = 0;
    if (batch.length > 0) this.nextCommitFailure = undefined;
    for (const write of batch) {
      if (failure === undefined) write.apply();
      else write.fail(new ChatError(failure));
    }
    if (wasCongested) for (const listener of this.reliefListeners) listener();
  }

  /** The next commit that has anything to commit keeps nothing. */
  failNextCommit(code: StoreFailure = 'store_failed'): void {
    this.nextCommitFailure = code;
  }

  /** From now on a read gives one message, and a backlog none. */
  readOneByOne(): void {
    this.readsOneByOne = true;
  }

  /** The next read of this name is answered with an error; called twice, the next two. */
  failNextRead(name: ReadName, code: ErrorCode = 'store_failed'): void {
    this.readFailures.push({ name, code });
  }

  /** Where answers to reads of this name wait while it is closed. */
  gate(name: ReadName): Gate {
    const gate = this.gates.get(name) ?? new Gate();
    this.gates.set(name, gate);
    return gate;
  }

  /** Nothing that was to fail does, and nothing is held up any more. */
  recover(): void {
    this.nextCommitFailure = undefined;
    this.readFailures.length = 0;
    for (const gate of this.gates.values()) gate.open();
  }

  /** How often this was read so far. */
  readCount(name: ReadName): number {
    return this.asked.get(name) ?? 0;
  }

  async close(): Promise<void> {
    this.commit();
  }

  private get congested(): boolean {
    return this.draftCount >= this.draftsMax;
  }

  private accountStore(): AccountStore {
    const { tables } = this;
    return {
      create: (name, passwordHash) => this.write(() => tables.createAccount(name, passwordHash)),
      find: (name) =>
        this.answer('find', () => {
          const row = tables.account(name);
          return row && { id: row.id, name: row.name, passwordHash: row.passwordHash };
        }),
      setPassword: (account, passwordHash) =>
        this.write(() => {
          tables.existing(account).passwordHash = passwordHash;
        }),
      seal: (account) =>
        this.write(() => {
          tables.existing(account).isSealed = true;
        }),
      unseal: (account) =>
        this.write(() => {
          const row = tables.accounts.get(account);
          if (row !== undefined) row.isSealed = false;
        }),
      remove: (account) => this.write(() => tables.removeAccount(account)),
      list: (query) => this.answer('list', () => this.queries.names(query)),
      block: (owner, other) =>
        this.write(() => {
          tables.existing(owner).blocked.add(tables.named(other).id);
        }),
      unblock: (owner, other) =>
        this.write(() => {
          tables.existing(owner).blocked.delete(tables.named(other).id);
        }),
    };
  }

  private logStore(): LogStore {
    const { queries, tables } = this;
    const isCongested = (): boolean => this.congested;
    return {
      append: (draft) => this.append(draft),
      get congested() {
        return isCongested();
      },
      onRelief: (listener) => this.reliefListeners.push(listener),
      read: (spans, bytesMax) =>
        this.answer('read', () => queries.pages(spans, this.readsOneByOne ? oneMessageBytes : bytesMax)),
      backlog: (positions, bytesMax) =>
        this.answer('backlog', () => {
          const { heads, pages } = queries.backlog(positions, bytesMax);
          return { heads, pages: this.readsOneByOne ? [] : pages };
        }),
      subscriptions: (...query) => this.answer('subscriptions', () => queries.subscriptions(...query)),
      heads: (logs) => this.answer('heads', () => logs.map((log) => tables.head(log))),
      count: (spans) => this.answer('count', () => queries.count(spans)),
      moveCursors: (moves) =>
        this.write(() => {
          for (const move of moves) tables.moveCursor(move);
        }),
      roomHistory: (...query) => this.answer('roomHistory', () => queries.roomHistory(...query)),
      conversation: (...query) => this.answer('conversation', () => queries.conversation(...query)),
    };
  }

  private roomStore(): RoomStore {
    const { queries, tables } = this;
    return {
      create: (name, creator, members) => this.write(() => tables.createRoom(name, creator, members)),
      join: (name, account) => this.write(() => tables.joinRoom(name, account)),
      leave: (name, account) => this.write(() => tables.leaveRoom(name, account)),
      find: (name) => this.answer('findRoom', () => queries.room(name)),
      members: (name) => this.answer('members', () => queries.members(name)),
    };
  }

  private retentionStore(): RetentionStore {
    const { tables } = this;
    return {
      seeDevices: (devices, at) =>
        this.write(() => {
          for (const { account, device } of devices) {
            if (tables.accounts.get(account)?.seenAt.has(device)) tables.see(account, device, at);
          }
        }),
      forgetDevices: (seenBefore, devicesMax) => this.write(() => tables.forgetDevices(seenBefore, devicesMax)),
      prune: (query) => this.write(() => pruneTables(tables, query)),
    };
  }

  private append(draft: Draft): void {
    this.draftCount += 1;
    this.gather({
      apply: () => {
        const result = chatErrorOr(() => this.tables.append(draft));
        if (result instanceof ChatError) draft.refused(result.code);
        else draft.committed(result);
      },
      fail: (error) => draft.refused(error.code),
    });
  }

  private write<T>(change: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.gather({
        apply: () => {
          const result = chatErrorOr(change);
          if (result instanceof ChatError) reject(result);
          else resolve(result);
        },
        fail: reject,
      });
    });
  }

  private gather(write: Write): void {
    this.gathering.push(write);
    if (!this.autoCommit || this.commitDue) return;
    this.commitDue = true;
    queueMicrotask(() => {
      this.commitDue = false;
      this.commit();
    });
  }

  private async answer<T>(name: ReadName, read: () => T): Promise<T> {
    this.asked.set(name, this.readCount(name) + 1);
    const failing = this.readFailures.findIndex((failure) => failure.name === name);
    const [failure] = failing === -1 ? [] : this.readFailures.splice(failing, 1);
    const result = failure === undefined ? chatErrorOr(read) : new ChatError(failure.code);
    await this.gate(name).pass();
    if (result instanceof ChatError) throw result;
    return result;
  }
}

/** Any other error is a bug of the store, and thrown. */
function chatErrorOr<T>(action: () => T): T | ChatError {
  try {
    return action();
  } catch (error) {
    if (error instanceof ChatError) return error;
    throw error;
  }
}
