/** Who is logged in, and how that outlives a connection. */

import type { IncomingMessage, LoggedIn } from './api';
import type { Connection, Reply } from './connection';
import type { Burst, Delivery } from './delivery';
import { RequestFailure, RequestLost } from './failures';
import { RequestFramer } from './request-frame';

interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface SessionNeeds {
  readonly delivery: Delivery;
  /** A session began; its undelivered messages come next. */
  readonly began: (session: LoggedIn, again: boolean) => void;
}

/** How an attempt to resume went, if the connection holds. */
export type Resumed =
  | { readonly kind: 'over'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string };

export class ClientSession {
  /** The password is kept, in memory only, since a reconnect has to log in again. */
  private credentials: Credentials | undefined;
  private readonly framer = new RequestFramer();

  constructor(private readonly needs: SessionNeeds) {}

  get username(): string | undefined {
    return this.credentials?.username;
  }

  /** Logs in. Resolves when the undelivered messages were handed out, or the connection went while they came: the
   *  others come when the session is resumed. `begun` is called when it is certain who is logged in.
   *  @throws RequestFailure, RequestLost */
  enter(
    connection: Connection,
    command: 'login' | 'takeover',
    given: Credentials,
    begun: () => void,
  ): Promise<LoggedIn> {
    return this.ask(connection, command, given, begun);
  }

  /** Logs in again on a new connection. Our own former session may still be there, half open, so this takes over.
   *  `settled` is told unless the session began, or the connection went. */
  resume(connection: Connection, settled: (result: Resumed) => void): void {
    if (this.credentials === undefined) return;
    this.ask(connection, 'takeover', this.credentials).catch((error: unknown) => {
      if (!(error instanceof RequestFailure)) return;
      const reason = endings.get(error.status);
      if (reason === undefined) settled({ kind: 'refused', reason: error.message });
      else {
        this.end();
        settled({ kind: 'over', reason });
      }
    });
  }

  /** Forgets the session. */
  end(): void {
    this.credentials = undefined;
  }

  passwordChanged(password: string): void {
    if (this.credentials !== undefined) this.credentials = { ...this.credentials, password };
  }

  private ask(
    connection: Connection,
    command: 'login' | 'takeover',
    given: Credentials,
    first?: () => void,
  ): Promise<LoggedIn> {
    const frame = this.framer.frame(command, [given.username, given.password], false);
    return new Promise((resolve, reject) => {
      let session: LoggedIn | undefined;
      let burst: Burst | undefined;
      connection.request(frame, {
        begun: (status, text) => {
          if (status >= 400) return;
          session = this.begin(text, given, first === undefined);
          burst = { due: session.undelivered, isAnnounced: false };
          first?.();
        },
        message: (message: IncomingMessage) => {
          if (burst !== undefined) this.needs.delivery.takeFrom(burst, message, true);
        },
        answered: (reply: Reply) => {
          if (session === undefined) reject(new RequestFailure(reply.status, reply.text));
          else resolve(session);
        },
        lost: () => {
          if (session === undefined) reject(new RequestLost('disconnected'));
          else resolve(session);
        },
      });
    });
  }

  /** `text` is `<username> <n>`. */
  private begin(text: string, given: Credentials, again: boolean): LoggedIn {
    const [name, count] = text.split(' ');
    const username = name || given.username;
    this.needs.delivery.begin(username);
    this.credentials = { username, password: given.password };
    const session = { username, undelivered: Number.parseInt(count ?? '', 10) || 0 };
    this.needs.began(session, again);
    return session;
  }
}

/** Refusals of a login that trying again will not change. */
const endings: ReadonlyMap<number, string> = new Map([
  [401, 'the name or password no longer fits'],
  [409, 'taken over by another login'],
]);
