/** Who makes a call: whoever its token says, or else whoever is logged in on its connection. */

import { randomBytes } from 'node:crypto';
import type { Metadata } from '@grpc/grpc-js';
import { ChatError } from '../../../shared/errors';
import { bounds } from '../../../shared/limits';
import { isSameName } from '../../../shared/names';
import type { Session } from '../../core/session';
import type { CallPeer, Connections, GrpcConnection } from './connections';
import { Login } from './login';

/** A call as its identity is found. */
export interface IdentifiedCall extends CallPeer {
  readonly metadata: Metadata;
}

export interface EnterOptions {
  /** The name of the account, as the client has written it. */
  readonly username: string;
  /** The login is its token's alone, not the connection's. */
  readonly isTokenOnly: boolean;
  readonly clientAcks: boolean;
  /** Opens the session; `undefined` when the connection went meanwhile. */
  readonly open: (login: Login, isGone: () => boolean) => Promise<Session | undefined>;
}

/** 256 bits: nobody guesses one. */
const tokenBytes = 32;

export class Identities {
  private readonly byToken = new Map<string, Login>();
  /** Logins that no connection ends. */
  private readonly unbound = new Set<Login>();

  constructor(private readonly connections: Connections) {}

  /** The login that a call's token names. `undefined` when it has none.
   *  @throws ChatError not_logged_in when nobody is logged in by what it says */
  tokenLogin(call: IdentifiedCall): Login | undefined {
    const [given] = call.metadata.get('authorization');
    if (given === undefined) return undefined;
    const token = /^Bearer +(\S+)$/i.exec(String(given))?.[1];
    const login = token === undefined ? undefined : this.byToken.get(token);
    if (login === undefined) throw new ChatError('not_logged_in');
    login.unusedMs = 0;
    return login;
  }

  /** @throws ChatError not_logged_in */
  loginOf(call: IdentifiedCall): Login {
    const login = this.tokenLogin(call) ?? this.connections.find(call)?.login;
    if (login === undefined) throw new ChatError('not_logged_in');
    return login;
  }

  /** The login of a call that must be this account's.
   *  @throws ChatError not_logged_in, already_logged_in when it is another's */
  loginAs(username: string, call: IdentifiedCall): Login {
    const login = this.loginOf(call);
    const { name } = login.open.account;
    if (!isSameName(name, username)) throw new ChatError('already_logged_in', { name });
    return login;
  }

  /** The connection of a call that is to log in there.
   *  @throws ChatError already_logged_in, not_logged_in when the connection has gone */
  placeOf(call: CallPeer, isTokenOnly: boolean): GrpcConnection {
    const connection = this.connections.find(call);
    if (connection === undefined) throw new ChatError('not_logged_in');
    if (!isTokenOnly && (connection.login !== undefined || connection.isEntering)) {
      const name = connection.login?.open.account.name;
      throw new ChatError('already_logged_in', name === undefined ? {} : { name });
    }
    return connection;
  }

  /** Logs in at a place that {@link Identities.placeOf} gave. `undefined` when the connection went meanwhile.
   *  @throws ChatError whatever `open` throws */
  async enter(connection: GrpcConnection, options: EnterOptions): Promise<Login | undefined> {
    const { username, isTokenOnly, clientAcks, open } = options;
    const login: Login = new Login({
      token: randomBytes(tokenBytes).toString('base64url'),
      username,
      clientAcks,
      onEnded: () => this.forget(login, connection),
    });
    if (!isTokenOnly) connection.isEntering = true;
    try {
      const session = await open(login, () => connection.isGone);
      if (session === undefined) return undefined;
      login.enter(session);
      this.byToken.set(login.token, login);
      if (isTokenOnly) this.unbound.add(login);
      else connection.login = login;
      return login;
    } finally {
      if (!isTokenOnly) connection.isEntering = false;
    }
  }

  /** Called every `elapsedMs`: ends logins that no connection ends and nobody has used for long. */
  sweep(elapsedMs: number): void {
    for (const login of this.unbound) {
      login.unusedMs = login.hasStream ? 0 : login.unusedMs + elapsedMs;
      if (login.unusedMs >= bounds.idleTimeoutMs) login.end();
    }
  }

  /** Ends every login that no connection ends. */
  endUnbound(): void {
    for (const login of this.unbound) login.end();
  }

  private forget(login: Login, connection: GrpcConnection): void {
    this.byToken.delete(login.token);
    this.unbound.delete(login);
    if (connection.login === login) connection.login = undefined;
  }
}
