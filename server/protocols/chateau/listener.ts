/** The WebSockets of this wire: accepted from an HTTP server's upgrades, swept for timeouts, told goodbye. It listens on
 *  no port of its own. */

import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { bounds } from '../../../shared/limits';
import type { Chat } from '../../core/chat';
import type { Timer } from '../../core/ports';
import { OpenConnections } from '../open-connections';
import { ChateauConversation } from './conversation';
import { closeCode, wireBounds } from './limits';
import { Ways } from './ways';
import { WebSocketConnection } from './web-socket';

export interface ChateauSocketsOptions {
  /** Connections at once; what comes beyond is refused with 503. */
  readonly connectionsMax: number;
}

export interface ChateauSockets {
  /** Takes over the connection of an upgrade request: a Node server's `upgrade` event. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Tells everybody, and closes each connection with 1001 once what it was owed is answered, within
   *  `bounds.closingMs`. */
  close(): Promise<void>;
  /** Closes every connection at once. */
  destroy(): void;
  /** Bytes written to all connections that the operating system has not taken. */
  readonly outboxBytes: number;
}

export function createChateauSockets(chat: Chat, options: ChateauSocketsOptions): ChateauSockets {
  return new Sockets(chat, options);
}

class Sockets implements ChateauSockets {
  private readonly connections = new OpenConnections<WebSocketConnection>();
  private readonly ways = new Ways();
  private readonly server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    // This wire has no subprotocol. By default the library would select the first one offered, whatever it is.
    handleProtocols: () => false,
    maxPayload: wireBounds.frameBytesMax,
  });
  private sweeper: Timer | undefined;
  private isClosed = false;

  constructor(
    private readonly chat: Chat,
    private readonly options: ChateauSocketsOptions,
  ) {
    chat.onRelief(() => {
      for (const connection of this.connections) connection.current?.resume();
    });
  }

  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.isClosed || this.connections.size >= this.options.connectionsMax) {
      socket.on('error', () => undefined);
      socket.end(refusal, () => socket.destroy());
      return;
    }
    this.server.handleUpgrade(request, socket, head, (webSocket) => {
      const connection = new WebSocketConnection(webSocket, socket, () => this.connections.delete(connection));
      this.connections.add(connection);
      connection.converse(new ChateauConversation(this.chat, connection, this.ways));
      this.sweepLater();
    });
  }

  async close(): Promise<void> {
    const { clock } = this.chat;
    this.isClosed = true;
    for (const connection of this.connections) connection.current?.announceClosing(bounds.closingMs / 1_000);
    await this.connections.drained(clock, bounds.closingMs - bounds.finishingMs);
    for (const connection of this.connections) connection.current?.finish();
    await this.connections.drained(clock, bounds.finishingMs);
    for (const connection of this.connections) connection.end(closeCode.goingAway, 'closing');
    this.destroy();
  }

  destroy(): void {
    this.isClosed = true;
    for (const connection of this.connections) connection.destroy();
  }

  get outboxBytes(): number {
    let bytes = 0;
    for (const connection of this.connections) bytes += connection.outboxBytes;
    return bytes;
  }

  /** One timer for the timeouts of all connections, and none while there is no connection. */
  private sweepLater(): void {
    this.sweeper ??= this.chat.clock.after(bounds.sweepMs, () => {
      this.sweeper = undefined;
      for (const connection of this.connections) connection.sweep(bounds.sweepMs);
      if (this.connections.size > 0) this.sweepLater();
    });
  }
}

const refusal = [
  'HTTP/1.1 503 Service Unavailable',
  'Content-Type: text/plain; charset=utf-8',
  'Connection: close',
  '',
  'too many connections',
  '',
].join('\r\n');
