/** The TCP connections of the gRPC port, and how a call finds its own.
 *
 *  A call knows both ends of its connection. No two connections that are open at a time have the same two, so these name
 *  the connection, for as long as it lasts. The other end alone does not: where the port is open on several addresses,
 *  one client may come to each of them from the same address and port. */

import type { Socket } from 'node:net';
import type { ChatError } from '../../../shared/errors';
import { bounds } from '../../../shared/limits';
import type { Clock } from '../../core/ports';
import { OpenConnections } from '../open-connections';
import type { SocketAddresses } from '../tcp-table';
import type { Login } from './login';
import type { MessageStream } from './message-stream';
import type { SessionWatch } from './session-watch';

/** What a call tells of the connection that it came on. */
export interface CallPeer {
  /** The connection, as {@link connectionName} has it. */
  getPeer(): string;
}

/** What a connection is called while it is open: by both of its ends. */
export function connectionName({ localAddress, localPort, remoteAddress, remotePort }: SocketAddresses): string {
  return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`;
}

export class GrpcConnection {
  /** Who is logged in here. */
  login: Login | undefined;
  /** A login is under way: another would be of the same connection. */
  isEntering = false;
  /** Opened without a token: it yields the messages of whoever is logged in here. */
  stream: MessageStream | undefined;
  /** Every `ChatStream` that came on it. */
  readonly streams = new Set<MessageStream>();
  isGone = false;
  /** Of the HTTP/2 session on it, once there is one. */
  watch: SessionWatch | undefined;
  /** How long no call has begun, as the sweeps have counted. */
  private silentMs = 0;
  /** How long the server has said its last word and the peer has not closed. */
  private lingeringMs = 0;

  constructor(private readonly socket: Socket) {}

  /** A call has begun. */
  used(): void {
    this.silentMs = 0;
  }

  /** Called every `elapsedMs`: looks whether nobody needs this connection any more, or nobody serves it. */
  sweep(elapsedMs: number): void {
    this.silentMs += elapsedMs;
    if (this.socket.writableFinished) this.lingeringMs += elapsedMs;
    const isIdle = this.silentMs >= bounds.idleTimeoutMs && !this.isInUse;
    if (isIdle || this.lingeringMs >= bounds.lingerMs) this.destroy();
    else this.watch?.sweep(elapsedMs);
  }

  /** Ends every stream with the reason why. */
  endStreams(reason: ChatError): void {
    for (const stream of this.streams) stream.end(reason);
  }

  /** Nothing comes on it any more. */
  closed(): void {
    this.isGone = true;
    this.login?.end();
  }

  destroy(): void {
    this.socket.destroy();
  }

  /** Whoever has opened a stream waits for messages, also while nobody is logged in yet. */
  private get isInUse(): boolean {
    return this.login !== undefined || this.isEntering || this.streams.size > 0;
  }
}

export class Connections {
  private readonly byName = new Map<string, GrpcConnection>();
  private readonly all = new OpenConnections<GrpcConnection>();

  /** A connection was accepted. */
  add(socket: Socket): GrpcConnection {
    const connection = new GrpcConnection(socket);
    const name = connectionName(socket);
    this.all.add(connection);
    this.byName.set(name, connection);
    // HTTP/2 has ended here, after a GOAWAY of the peer: no call comes any more, and the peer may stay for ever.
    socket.once('finish', () => connection.closed());
    socket.once('close', () => {
      this.all.delete(connection);
      // The same ends may have come back before this one was told that it is closed.
      if (this.byName.get(name) === connection) this.byName.delete(name);
      connection.closed();
    });
    return connection;
  }

  /** The connection of a call; `undefined` when it has gone. */
  find(call: CallPeer): GrpcConnection | undefined {
    return this.byName.get(call.getPeer());
  }

  /** As {@link OpenConnections.drained}. */
  drained(clock: Clock, patienceMs: number): Promise<void> {
    return this.all.drained(clock, patienceMs);
  }

  [Symbol.iterator](): Iterator<GrpcConnection> {
    return this.all.values();
  }
}
