/** A listening TCP port and its connections: accepted, swept for timeouts, told goodbye. */

import { createServer, type Server, type Socket } from 'node:net';
import { bounds } from '../../shared/limits';
import type { Clock, Logger } from '../core/ports';
import { Connection, type Conversation } from './connection';

export interface TcpListenerOptions {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Connections at once; what comes beyond is refused with `refusal` and closed. */
  readonly connectionsMax: number;
  /** What the wire says to a connection that is one too many. */
  readonly refusal: string;
  /** Starts the conversation of a new connection. */
  readonly begin: (connection: Connection) => Conversation;
  readonly clock: Clock;
  readonly logger: Logger;
}

export class TcpListener {
  private readonly connections = new Set<Connection>();
  private readonly server: Server;
  private onEmpty: (() => void) | undefined;
  private isClosed = false;

  private constructor(private readonly options: TcpListenerOptions) {
    // A peer that has said everything may still be owed answers: `printf … | nc` does just that.
    this.server = createServer({ allowHalfOpen: true }, (socket) => this.accept(socket));
  }

  /** Rejects with Node's error (EADDRINUSE, EACCES, EADDRNOTAVAIL, ENOTFOUND) when the port cannot be had. */
  static async open(options: TcpListenerOptions): Promise<TcpListener> {
    const listener = new TcpListener(options);
    await new Promise<void>((resolve, reject) => {
      listener.server.once('error', reject);
      listener.server.listen({ host: options.host, port: options.port, backlog: 1_024 }, resolve);
    });
    listener.server.removeAllListeners('error');
    listener.server.on('error', (cause) => options.logger.error('not_accepted', cause));
    listener.sweepLater();
    return listener;
  }

  get port(): number {
    const address = this.server.address();
    return typeof address === 'object' && address !== null ? address.port : this.options.port;
  }

  /** Lets every connection look again whether it may go on. */
  resumeAll(): void {
    for (const connection of this.connections) connection.current?.resume();
  }

  /** Stops accepting and tells every connection. Towards the end of `bounds.closingMs` no request is read any more and
   *  each connection is closed once what it was owed is answered; those left after it are closed as they are. */
  async close(): Promise<void> {
    this.stopAccepting();
    for (const connection of this.connections) connection.current?.announceClosing(bounds.closingMs / 1_000);
    await this.emptied(bounds.closingMs - bounds.finishingMs);
    for (const connection of this.connections) connection.finish();
    await this.emptied(bounds.finishingMs);
    this.destroy();
  }

  /** Resolves when there is no connection any more, or after `patienceMs`. */
  private async emptied(patienceMs: number): Promise<void> {
    if (this.connections.size === 0) return;
    await new Promise<void>((resolve) => {
      this.onEmpty = resolve;
      this.options.clock.after(patienceMs, resolve);
    });
  }

  /** Closes every connection at once. */
  destroy(): void {
    this.stopAccepting();
    for (const connection of this.connections) connection.destroy();
  }

  private stopAccepting(): void {
    this.isClosed = true;
    this.server.close();
  }

  private accept(socket: Socket): void {
    if (this.connections.size >= this.options.connectionsMax) {
      socket.on('error', () => undefined);
      socket.setTimeout(bounds.lingerMs, () => socket.destroy());
      socket.end(this.options.refusal, () => socket.destroySoon());
      socket.resume();
      return;
    }
    const connection = new Connection(socket, () => {
      this.connections.delete(connection);
      if (this.connections.size === 0) this.onEmpty?.();
    });
    this.connections.add(connection);
    connection.converse(this.options.begin(connection));
  }

  /** One timer for the timeouts of all connections: an idle one costs nothing of its own. */
  private sweepLater(): void {
    this.options.clock.after(bounds.sweepMs, () => {
      if (this.isClosed) return;
      for (const connection of this.connections) connection.sweep(bounds.sweepMs);
      this.sweepLater();
    });
  }
}
