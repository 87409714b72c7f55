/** The gRPC port. Its connections are accepted here, so that it is known at once when one has gone, and handed to the
 *  service, which is loaded when the first one comes.
 *  @see docs/protocols/grpc.md */

import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import { ChatError } from '../../../shared/errors';
import { bounds } from '../../../shared/limits';
import type { Chat } from '../../core/chat';
import type { Listener } from '../listener';
import type { TlsMaterial } from '../tls-material';
import { Connections } from './connections';
import { Identities } from './identities';
import type { GrpcService } from './service';

export interface GrpcListenerOptions {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Connections at once; what comes beyond is closed: HTTP/2 has no word for it before its greeting. */
  readonly connectionsMax: number;
  /** With it every connection is TLS; without it none is. */
  readonly tls: TlsMaterial | undefined;
}

/** Rejects with Node's error when the port cannot be had. */
export async function openGrpcListener(chat: Chat, options: GrpcListenerOptions): Promise<Listener> {
  const listener = new GrpcListener(chat, options);
  await listener.open();
  return listener;
}

class GrpcListener implements Listener {
  private readonly connections = new Connections();
  private readonly identities = new Identities(this.connections);
  private readonly server: Server;
  private service: GrpcService | undefined;
  private reliefWaiters: (() => void)[] = [];
  private isClosed = false;

  constructor(
    private readonly chat: Chat,
    private readonly options: GrpcListenerOptions,
  ) {
    const { tls } = options;
    this.server = tls === undefined ? createServer({ noDelay: true }) : openTls(tls);
    this.server.maxConnections = options.connectionsMax;
    this.server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => this.accept(socket));
    chat.onRelief(() => {
      for (const resolve of this.reliefWaiters.splice(0)) resolve();
    });
  }

  async open(): Promise<void> {
    const { host, port } = this.options;
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen({ host, port, backlog: 1_024 }, resolve);
    });
    this.server.removeAllListeners('error');
    this.server.on('error', (cause) => this.chat.logger.error('not_accepted', cause));
    this.sweepLater();
  }

  get port(): number {
    const address = this.server.address();
    return typeof address === 'object' && address !== null ? address.port : this.options.port;
  }

  /** Streams end at once with the news; calls under way are answered, new ones are not taken. */
  async close(): Promise<void> {
    this.stopAccepting();
    const closing = new ChatError('closing', { seconds: bounds.closingMs / 1_000 });
    for (const connection of this.connections) connection.endStreams(closing);
    this.service?.drain();
    await this.connections.drained(this.chat.clock, bounds.closingMs);
    this.destroy();
  }

  destroy(): void {
    this.stopAccepting();
    for (const connection of this.connections) connection.destroy();
    this.identities.endUnbound();
  }

  private stopAccepting(): void {
    this.isClosed = true;
    this.server.close();
  }

  private accept(socket: Socket): void {
    // A peer that resets its connection is no fault of ours: 'close' follows.
    socket.on('error', () => undefined);
    const connection = this.connections.add(socket);
    try {
      this.service ??= this.load();
      this.service.serve(connection, socket);
    } catch (cause) {
      this.chat.logger.error('grpc_not_loaded', cause);
      socket.destroy();
    }
  }

  private load(): GrpcService {
    const { createGrpcService } = require('./service') as typeof import('./service');
    const { chat, connections, identities } = this;
    return createGrpcService({ chat, connections, identities, relief: () => this.relief() });
  }

  private relief(): Promise<void> {
    return new Promise((resolve) => this.reliefWaiters.push(resolve));
  }

  /** One timer for the timeouts of all connections: an idle one costs nothing of its own. */
  private sweepLater(): void {
    this.chat.clock.after(bounds.sweepMs, () => {
      if (this.isClosed) return;
      for (const connection of this.connections) connection.sweep(bounds.sweepMs);
      this.identities.sweep(bounds.sweepMs);
      this.sweepLater();
    });
  }
}

function openTls(tls: TlsMaterial): TlsServer {
  const server = createTlsServer({
    ...tls.current,
    minVersion: 'TLSv1.2',
    ALPNProtocols: ['h2'],
    handshakeTimeout: bounds.handshakeMs,
    noDelay: true,
  });
  tls.onReload(() => server.setSecureContext({ ...tls.current, minVersion: 'TLSv1.2' }));
  // Whoever fails to shake hands, or takes too long, is told nothing. Node leaves the closing to who hears of it.
  server.on('tlsClientError', (_, socket) => socket.destroy());
  return server;
}
