/** What the client library offers: one object per account on one server, which keeps its connection up.
 *  `createClient` in client.ts makes one. */

/** A message as it came from the server. `log` is whose log `seq` counts in: the recipient's name or a #room. */
export interface IncomingMessage {
  readonly log: string;
  readonly seq: number;
  readonly at: Date;
  readonly from: string;
  readonly to: string;
  readonly body: string;
}

export interface LoggedIn {
  readonly username: string;
  /** How many undelivered messages the login brings, each one a `message` event of its own. */
  readonly undelivered: number;
}

export interface SendReceipt {
  readonly seq: number;
  /** A session of the recipient is connected. */
  readonly live: boolean;
}

export interface NamePage {
  readonly names: readonly string[];
  readonly more: boolean;
}

/** The server answered a request with a failure.
 *  `status` is the wire's; `message` the server's own sentence, as untrusted as anything from outside. */
export interface RequestFailure extends Error {
  readonly status: number;
}

/** Why a request had no answer: the connection went, or the client was closed. */
export type LostReason = 'disconnected' | 'closed';

export interface ClientEvents {
  /** Each message once, whatever the server repeats; in the order of its log. */
  message: [message: IncomingMessage];
  /** A block of undelivered messages begins: `count` messages follow. */
  burst: [count: number];
  /** A notice such as `503 closing in 5 s`. */
  notice: [status: number, text: string];
  /** The recipient has acknowledged this message of ours. */
  receipt: [to: string, seq: number];
  /** The connection is up and, where there was a session, that is resumed. `again` after a reconnect. */
  online: [again: boolean];
  /** The connection is gone; the next attempt comes in `retryMs`, unless that is undefined: no more attempts. */
  offline: [retryMs: number | undefined, reason: string];
  /** The session ended and will not be resumed: taken over, or the password no longer fits. */
  loggedOut: [reason: string];
}

export interface ChatClient {
  on<E extends keyof ClientEvents>(event: E, listener: (...args: ClientEvents[E]) => void): this;
  off<E extends keyof ClientEvents>(event: E, listener: (...args: ClientEvents[E]) => void): this;
  once<E extends keyof ClientEvents>(event: E, listener: (...args: ClientEvents[E]) => void): this;

  /** Resolves when the connection is up. Rejects when the first attempt fails; after that it reconnects. */
  connect(): Promise<void>;
  /** Says quit where it can, and closes for good. */
  close(): Promise<void>;
  readonly connected: boolean;
  /** Who is logged in, across reconnects. */
  readonly username: string | undefined;

  /** Every request rejects with RequestFailure when the server refuses. Sends survive a lost connection: they are
   *  repeated under their key until they are answered. Other requests reject when the connection is lost. */
  create(username: string, password: string): Promise<string>;
  login(username: string, password: string): Promise<LoggedIn>;
  takeover(username: string, password: string): Promise<LoggedIn>;
  logout(): Promise<void>;
  /** How many messages came with it; each is a `message` event. */
  delete(username: string, password: string): Promise<number>;
  send(to: string, body: string): Promise<SendReceipt>;
  random(body: string): Promise<SendReceipt & { readonly username: string }>;
  deliver(): Promise<number>;
  list(pattern?: string, after?: string): Promise<NamePage>;
  who(pattern?: string): Promise<NamePage>;
  history(other: string, before?: number, limit?: number): Promise<readonly IncomingMessage[]>;
  createRoom(room: string, members: readonly string[]): Promise<string>;
  join(room: string): Promise<void>;
  leave(room: string): Promise<void>;
  members(room: string): Promise<readonly string[]>;
  passwd(old: string, changed: string): Promise<void>;
  block(username: string): Promise<void>;
  unblock(username: string): Promise<void>;
  /** Round trip in milliseconds. */
  ping(): Promise<number>;
  help(command?: string): Promise<readonly string[]>;
}
