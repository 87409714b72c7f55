/** The WebSockets of this wire: accepted from an HTTP server's upgrades, swept for timeouts, told goodbye. It listens on
 *  no port of its own. */

import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { bounds } from '../../../shared/limits';
import type { Chat } from '../../core/chat';
import type { Timer } from '../../core/ports';
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
  private readonly connections = new Set<WebSocketConnection>();
  private readonly ways = new Ways();
  private readonly server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: wireBounds.frameBytesMax,
  });
  private sweeper: Timer | undefined;
  private onEmpty: (() => void) | undefined;
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
      const connection = new WebSocketConnection(webSocket, socket, () => this.left(connection));
      this.connections.add(connection);
      connection.converse(new ChateauConversation(this.chat, connection, this.ways));
      this.sweepLater();
    });
  }

  async close(): Promise<void> {
    this.isClosed = true;
    for (const connection of this.connections) connection.current?.announceClosing(bounds.closingMs / 1_000);
    await this.emptied(bounds.closingMs - bounds.finishingMs);
    for (const connection of this.connections) connection.current?.finish();
    await this.emptied(bounds.finishingMs);
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

  private left(connection: WebSocketConnection): void {
    this.connections.delete(connection);
    if (this.connections.size === 0) this.onEmpty?.();
  }

  /** Resolves when there is no connection any more, or after `patienceMs`. */
  private async emptied(patienceMs: number): Promise<void> {
    if (this.connections.size === 0) return;
    await new Promise<void>((resolve) => {
      this.onEmpty = resolve;
      this.chat.clock.after(patienceMs, resolve);
    });
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
