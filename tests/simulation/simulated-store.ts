/** The {@link Store} port over the simulated disk: every answer is at least two steps away. */

import type { AccountStore, LogStore, RoomStore, Store } from '../../server/core/ports';
import { defaultDevice } from '../../server/core/ports';
import { ChatError } from '../../shared/errors';
import type { Disk } from './disk';
import type { Lane } from './scheduler';
import { chatErrorOr, WriteQueue, type WriteQueueNeeds } from './write-queue';

export interface SimulatedStoreNeeds extends WriteQueueNeeds {
  /** The lane of the next read, and that of its answer. */
  readonly readLane: () => Lane;
  readonly readFails: () => boolean;
}

export class SimulatedStore implements Store {
  readonly accounts: AccountStore;
  readonly logs: LogStore;
  readonly rooms: RoomStore;
  private readonly disk: Disk;
  private readonly writes: WriteQueue;

  constructor(private readonly needs: SimulatedStoreNeeds) {
    this.disk = needs.disk;
    this.writes = new WriteQueue(needs);
    this.accounts = this.accountStore();
    this.logs = this.logStore();
    this.rooms = this.roomStore();
  }

  async close(): Promise<void> {}

  private accountStore(): AccountStore {
    const { disk, writes } = this;
    const { tables } = disk;
    return {
      create: (name, passwordHash) => writes.write(() => disk.createAccount(name, passwordHash)),
      find: (name) =>
        this.read('find', () => {
          const row = tables.account(name);
          return row && { id: row.id, name: row.name, passwordHash: row.passwordHash };
        }),
      setPassword: (account, passwordHash) =>
        writes.write(() => {
          tables.existing(account).passwordHash = passwordHash;
        }),
      seal: (account) =>
        writes.write(() => {
          tables.existing(account).isSealed = true;
        }),
      unseal: (account) =>
        writes.write(() => {
          const row = tables.accounts.get(account);
          if (row !== undefined) row.isSealed = false;
        }),
      remove: (account) => writes.write(() => disk.removeAccount(account)),
      list: (query) => this.read('list', () => disk.queries.names(query)),
      block: (owner, other) =>
        writes.write(() => {
          tables.existing(owner).blocked.add(tables.named(other).id);
        }),
      unblock: (owner, other) =>
        writes.write(() => {
          tables.existing(owner).blocked.delete(tables.named(other).id);
        }),
    };
  }

  private logStore(): LogStore {
    const { disk, writes } = this;
    const { queries, tables } = disk;
    return {
      append: (draft) => writes.append(draft),
      get congested() {
        return writes.congested;
      },
      onRelief: (listener) => writes.onRelief(listener),
      read: (...query) => this.read('read', () => queries.pages(...query)),
      backlog: (...query) => this.read('backlog', () => queries.backlog(...query)),
      subscriptions: async (account, device, at) => {
        const { found, isNew } = await this.read('subscriptions', () => disk.subscriptions(account, device));
        if (isNew && device !== defaultDevice) await writes.write(() => disk.beginDevice(account, device, at));
        return found;
      },
      heads: (logs) => this.read('heads', () => logs.map((log) => tables.head(log))),
      count: (spans) => this.read('count', () => queries.count(spans)),
      moveCursors: (moves) =>
        writes.write(() => {
          for (const move of moves) disk.moveCursor(move);
        }),
      roomHistory: (...query) => this.read('roomHistory', () => queries.roomHistory(...query)),
      conversation: (...query) => this.read('conversation', () => queries.conversation(...query)),
    };
  }

  private roomStore(): RoomStore {
    const { disk, writes } = this;
    return {
      create: (name, creator, members) => writes.write(() => disk.createRoom(name, creator, members)),
      join: (name, account) => writes.write(() => disk.joinRoom(name, account)),
      leave: (name, account) => writes.write(() => disk.leaveRoom(name, account)),
      find: (name) => this.read('findRoom', () => disk.queries.room(name)),
      members: (name) => this.read('members', () => disk.queries.members(name)),
    };
  }

  /** Sees what is committed when it is its turn; the answer comes later. */
  private read<T>(name: string, query: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const lane = this.needs.readLane();
      lane.push(`${name} is read`, () => {
        const result = this.needs.readFails() ? new ChatError('store_failed') : chatErrorOr(query);
        lane.push(result instanceof ChatError ? `${name} fails` : `${name} is answered`, () => {
          if (result instanceof ChatError) reject(result);
          else resolve(result);
        });
      });
    });
  }
}
