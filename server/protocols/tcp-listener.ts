/** A listening TCP port and its connections: accepted, swept for timeouts, told goodbye. */

import { createServer, type Server, type Socket } from 'node:net';
import { bounds } from '../../shared/limits';
import type { Clock } from '../core/ports';
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

  /** Stops accepting and tells every connection. Resolves when all have gone, or after `bounds.closingMs`, when those
   *  that are left are closed. */
  async close(): Promise<void> {
    this.stopAccepting();
    const { clock } = this.options;
    for (const connection of this.connections) connection.current?.announceClosing(bounds.closingMs / 1_000);
    if (this.connections.size > 0) {
      await new Promise<void>((resolve) => {
        this.onEmpty = resolve;
        clock.after(bounds.closingMs, resolve);
      });
    }
    this.destroy();
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
      socket.end(this.options.refusal);
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
