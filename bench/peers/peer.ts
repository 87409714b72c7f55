/** A server program that is measured: how it is started with which settings, and what it promises. */

import type { User } from '../load/wire';

/** What the figures of a peer are read with. */
export interface Promises {
  /** Whether "accepted" means "on disk", in a few words: `yes`, `written, not synced`, `no`. */
  readonly onDisk: string;
  /** The setting that makes it so, for the foot of the table. */
  readonly settings: string;
}

export interface StartOptions {
  /** An empty folder of this run's own on a real disk, for configuration and data. After {@link Running.restart} it is as
   *  the killed process left it. */
  readonly folder: string;
  /** Words to put before the command, such as `taskset -c 0`, or none. */
  readonly prefix: readonly string[];
  /** The accounts that it must know; an adapter of a server without accounts takes no notice. Up to 10,200. */
  readonly users: readonly User[];
  /** Connections at once that it must allow. */
  readonly connectionsMax: number;
  /** Messages that one recipient may be owed: limits of the server must be set higher. */
  readonly mailboxMessagesMax: number;
}

/** A server that accepts connections on 127.0.0.1. */
export interface Running {
  readonly port: number;
  /** The process whose time and memory count, with all its descendants. May change after {@link Running.restart}. */
  readonly pid: number;
  /** Ends it in good order and resolves once it has gone; data stay. */
  stop(): Promise<void>;
  /** SIGKILL to it and its descendants, and nothing else; resolves once all have gone. */
  kill(): Promise<void>;
  /** Starts it again after {@link Running.stop} or {@link Running.kill} on the same data, with the same options. */
  restart(): Promise<void>;
}

/** One kind of server. Each file in this folder makes one; the table of peers has them all. */
export interface Peer {
  /** As given to `--peers`. */
  readonly name: string;
  /** The name of the wire that it speaks. */
  readonly wire: string;
  /** How many cores the program could use if it were given them: `1`, `all`. */
  readonly cores: string;
  readonly promises: Promises;
  /** Its version, or undefined when it is not installed. */
  version(): string | undefined;
  /** Resolves once it accepts connections and knows the users; rejects with what the program said when it does not. */
  start(options: StartOptions): Promise<Running>;
}
