/** What retention needs of a store: a port like those in ports.ts. */

import type { AccountDevice, LogId, Store, UnixMs } from './ports';

export interface PruneQuery {
  /** Logs after this one, in the order of their ids; 0 for the first. */
  readonly after: LogId;
  /** Messages that are older than this. */
  readonly before: UnixMs;
  /** Logs to look at, 1 or more. */
  readonly logsMax: number;
  /** Messages to remove, 1 or more; fewer are when they are large. */
  readonly messagesMax: number;
}

export interface Pruned {
  /** What to go on after; `undefined` when there is no log left to look at. */
  readonly next: LogId | undefined;
  /** How many messages were removed. */
  readonly messages: number;
}

/** How long things are kept. Each call is one short write that waits its turn among the others, and may reject with
 *  ChatError `store_failed` or `store_full`. */
export interface RetentionStore {
  /** These devices are in use at this time. One that is not known is left out. */
  seeDevices(devices: readonly AccountDevice[], at: UnixMs): Promise<void>;
  /** Removes up to `devicesMax` devices that were seen last before `seenBefore`, with their cursors, and gives how many
   *  they were. One that comes back is new. */
  forgetDevices(seenBefore: UnixMs, devicesMax: number): Promise<number>;
  /** Removes messages from the beginning of logs: those that the account's default cursor and all its devices have
   *  passed, in a room those of all members, and that are older than `before`. The first that is not stays, with all
   *  after it. Of a log that nobody follows age alone decides; of a removed account's mailbox nothing stays. */
  prune(query: PruneQuery): Promise<Pruned>;
}

/** A store with its retention: what main.ts opens. The chat never prunes, and who prunes never chats. */
export interface WholeStore extends Store {
  readonly retention: RetentionStore;
}
