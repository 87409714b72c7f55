/** A listening TCP port and its connections: accepted, swept for timeouts, told goodbye. */

import { createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { bounds } from '../../shared/limits';
import type { Clock, Logger } from '../core/ports';
import { Connection, type Conversation, ignore } from './connection';
import type { Listener } from './listener';
import { OpenConnections } from './open-connections';
import { VanishedPeers } from './vanished-peers';

type Begin = (connection: Connection) => Conversation;

export interface TcpListenerOptions {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Connections at once; what comes beyond is refused with `refusal` and closed. */
  readonly connectionsMax: number;
  /** What the wire says to a connection that is one too many. */
  readonly refusal: string | Uint8Array;
  /** Starts the conversation of a new connection. */
  readonly begin: Begin;
  readonly clock: Clock;
  readonly logger: Logger;
}

export class TcpListener implements Listener {
  /** Everything that was accepted and is not closed, whoever has it by now. */
  private readonly sockets = new OpenConnections<Socket>();
  private readonly connections = new Set<Connection>();
  private readonly forget = this.forgetting();
  private readonly vanishedPeers: VanishedPeers;
  private readonly server: Server;
  private isClosed = false;

  private constructor(private readonly options: TcpListenerOptions) {
    const { clock, logger } = options;
    this.vanishedPeers = new VanishedPeers({ sockets: this.sockets, clock, logger });
    this.server = createServer(
      {
        // A peer that has said everything may still be owed answers: `printf … | nc` does just that.
        allowHalfOpen: true,
        noDelay: true,
        // A peer that vanished without a word would stay logged in for ever. Without bytes under way, this finds it.
        keepAlive: true,
        keepAliveInitialDelay: bounds.keepAliveMs,
      },
      (socket) => this.accept(socket),
    );
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
    listener.vanishedPeers.start();
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
    const { clock } = this.options;
    this.stopAccepting();
    for (const connection of this.connections) connection.current?.announceClosing(bounds.closingMs / 1_000);
    await this.sockets.drained(clock, bounds.closingMs - bounds.finishingMs);
    for (const connection of this.connections) connection.finish();
    await this.sockets.drained(clock, bounds.finishingMs);
    this.destroy();
  }

  /** Begins a conversation on a socket that was accepted here, or on a stream over one that was released. */
  converse(socket: Duplex, begin: Begin): void {
    const connection = new Connection(socket, this.connections);
    this.connections.add(connection);
    connection.converse(begin(connection));
  }

  /** Closes every connection at once. */
  destroy(): void {
    this.stopAccepting();
    for (const socket of this.sockets) socket.destroy();
  }

  private stopAccepting(): void {
    this.isClosed = true;
    this.vanishedPeers.stop();
    this.server.close();
  }

  private accept(socket: Socket): void {
    // Whoever has the socket hears of its end by 'close'; nobody may crash of how it came.
    socket.on('error', ignore);
    if (this.sockets.size >= this.options.connectionsMax) {
      socket.setTimeout(bounds.lingerMs, () => socket.destroy());
      socket.end(this.options.refusal, () => socket.destroySoon());
      socket.resume();
      return;
    }
    this.sockets.add(socket);
    socket.on('close', this.forget);
    this.converse(socket, this.options.begin);
  }

  /** What a socket calls as its own when it has closed; one function for all of them. */
  private forgetting(): (this: Socket) => void {
    const { sockets } = this;
    return function () {
      sockets.delete(this);
    };
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
