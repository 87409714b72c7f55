/** What the client library offers: one object per account on one server, which keeps its connection up.
 *  {@link createClient} in client.ts makes one. */

import type { Capability } from '../../shared/cmap';
import type { RequestFailure } from './failures';

/** A message as it came from the server. Names and body are what somebody else wrote: make them harmless before they
 *  reach a terminal or a page. */
export interface IncomingMessage {
  /** Whose log `seq` counts in: an account's name, or a #room's. */
  readonly to: string;
  readonly seq: number;
  readonly at: Date;
  readonly from: string;
  readonly body: string;
}

export interface LoggedIn {
  /** The name as it was created, whatever its case was at the login. */
  readonly username: string;
  /** How many undelivered messages the server announced; those that were shown before do not come again. */
  readonly undelivered: number;
}

export interface SendReceipt {
  /** The message's number in its log. */
  readonly seq: number;
  /** A session of the recipient is connected. */
  readonly live: boolean;
}

/** What became of a send that an earlier process had made and not heard of. */
export type ResentOutcome =
  | { readonly kind: 'stored'; readonly receipt: SendReceipt }
  | { readonly kind: 'refused'; readonly failure: RequestFailure };

/** How far a screen stands in one log. */
export interface SeenMark {
  /** An account's name, or a #room's: the `to` of its messages. */
  readonly log: string;
  /** The last message that was handed out. */
  readonly seq: number;
  /** The latest time of a message that was handed out, in milliseconds since 1970. */
  readonly at: number;
}

export interface RandomReceipt {
  readonly seq: number;
  /** Who was drawn. */
  readonly username: string;
}

export interface NamePage {
  readonly names: readonly string[];
  /** There are more names; ask again with the last one as `after`. */
  readonly more: boolean;
}

/** What `hello` agreed on. */
export interface Agreement {
  /** The server's name and version, such as `chateau/1.0`; empty when it did not say. */
  readonly server: string;
  readonly granted: ReadonlySet<Capability>;
}

export interface ClientEvents {
  /** A session began: at a login, and `again` when it was resumed after a reconnect. Before its messages. */
  loggedIn: [session: LoggedIn, again: boolean];
  /** Undelivered messages follow, at most `count`; only when there is at least one. */
  burst: [count: number];
  /** Each message once, whatever the server repeats; in the order of its log. It is acknowledged when the listeners
   *  have returned, or at {@link ChatClient.resume} when they have called {@link ChatClient.pause}. */
  message: [message: IncomingMessage];
  /** A notice such as `503 closing in 5 s`. */
  notice: [status: number, text: string];
  /** The recipient has acknowledged this message of ours, and all before it. */
  receipt: [to: string, seq: number];
  /** A send that was journaled by an earlier process, or in an earlier session of this account, has its answer now. */
  resent: [to: string, body: string, outcome: ResentOutcome];
  /** The journal cannot be read or written, and why. Sends go out all the same, but one without an answer would not
   *  survive the end of this process. Told once. */
  journalFailed: [reason: string];
  /** The connection is up and, where there was a session, that is resumed or over. `again` after a reconnect. */
  online: [again: boolean];
  /** There is no connection; the next attempt comes in `retryMs`, unless that is undefined: no more attempts. Told
   *  again for each attempt that fails. `reason` is a few words such as "nothing listens there". */
  offline: [retryMs: number | undefined, reason: string];
  /** The session ended against our will and will not be resumed: taken over, or the password no longer fits. */
  loggedOut: [reason: string];
}

/** All requests go out at once and are answered in order; those of one turn of the event loop share a write.
 *
 *  Every request rejects with `RequestFailure` when the server refuses it and with `RequestLost` when no answer came.
 *  A send survives a lost connection: it is repeated under its key until it is answered, and kept while there is no
 *  connection. With a journal it survives the process as well: what an account's earlier session has left without an
 *  answer is sent again when its next session begins, before anything new, and told by `resent`. Any other request
 *  rejects when the connection is lost or not there.
 *
 *  Who sends must be known: while a login, a logout or a deletion is under way, sends wait for it. */
export interface ChatClient {
  on<E extends keyof ClientEvents>(event: E, listener: (...args: ClientEvents[E]) => void): this;
  off<E extends keyof ClientEvents>(event: E, listener: (...args: ClientEvents[E]) => void): this;
  once<E extends keyof ClientEvents>(event: E, listener: (...args: ClientEvents[E]) => void): this;

  /** Resolves when the connection is up; from then on it is kept up. When the first attempt fails, rejects with
   *  `RequestLost`, or goes on trying when `keepTrying` is set. Call it once. */
  connect(options?: { readonly keepTrying?: boolean }): Promise<void>;
  /** Waits for the answers that are due, says quit where it can, and closes for good. */
  close(): Promise<void>;
  /** Whether requests can be answered now. */
  readonly connected: boolean;
  /** Who is logged in, across reconnects. */
  readonly username: string | undefined;
  /** How far this client has handed each log out, for `ClientOptions.seen` of the next process. A message is in it
   *  already when its listeners are called: a program that writes this down after it has shown the message never shows
   *  it twice. */
  readonly seen: readonly SeenMark[];
  /** What the present connection agreed on; undefined while there is none. */
  readonly agreement: Agreement | undefined;

  /** The name as it was created. */
  create(username: string, password: string): Promise<string>;
  /** Resolves when all undelivered messages were handed out. */
  login(username: string, password: string): Promise<LoggedIn>;
  /** As login, and ends the session that is in the way. */
  takeover(username: string, password: string): Promise<LoggedIn>;
  logout(): Promise<void>;
  /** Resolves to the number of undelivered messages; each comes as a `message` event before. */
  delete(username: string, password: string): Promise<number>;
  /** Where the server grants no keys, a send whose connection is lost rejects: it may have arrived. A `RequestLost` that
   *  says `kept` is not the end of the message: it is in the journal, and is sent at this account's next session. */
  send(to: string, body: string): Promise<SendReceipt>;
  /** Resolves when no send is without its answer, those of an earlier process included. */
  settled(): Promise<void>;
  /** Not repeated after a lost connection: the next draw might be somebody else. */
  random(body: string): Promise<RandomReceipt>;
  /** What is undelivered, again; with a name and a password these must be the session's own. Resolves to the number
   *  of messages; those that were handed out before do not come again. */
  deliver(username?: string, password?: string): Promise<number>;
  list(pattern?: string, after?: string): Promise<NamePage>;
  who(pattern?: string): Promise<NamePage>;
  history(other: string, before?: number, messagesMax?: number): Promise<readonly IncomingMessage[]>;
  createRoom(room: string, members: readonly string[]): Promise<string>;
  join(room: string): Promise<void>;
  leave(room: string): Promise<void>;
  members(room: string): Promise<readonly string[]>;
  passwd(old: string, changed: string): Promise<void>;
  block(username: string): Promise<void>;
  unblock(username: string): Promise<void>;
  /** Round trip in milliseconds. */
  ping(): Promise<number>;
  /** Stops reading from the server: no more messages until {@link ChatClient.resume}, and no answers either. What has
   *  been read still comes, at most one chunk; what has not makes the server wait, which it does for as long as it takes.
   *  Nothing is acknowledged meanwhile, so that whoever passes messages on can wait until they were taken. */
  pause(): void;
  resume(): void;
  /** The server's own words about its commands. */
  help(command?: string): Promise<readonly string[]>;
}
