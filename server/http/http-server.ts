/** HTTP for connections that somebody else has accepted: a page that tells what this is, and the way to WebSockets. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock, Timer } from '../core/ports';
import { httpBounds } from './limits';
import { isOriginAllowed } from './origin';
import { page, pagePolicy } from './page';

/** Takes over the connection of an upgrade request. */
export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

export interface HttpFrontOptions {
  /** Who takes WebSockets at `/ws`. */
  readonly upgrade: UpgradeHandler;
  /** Pages that may open WebSockets besides those of this host, such as `https://chat.example`. Over loopback this host is
   *  only what a name of loopback calls it. */
  readonly origins: readonly string[];
  /** Connections at once that are not WebSockets; one more is refused with 503. */
  readonly connectionsMax: number;
  readonly clock: Clock;
}

export interface HttpFront {
  /** Goes on with a connection of which nothing was read, or what was read was put back. */
  accept(socket: Duplex): void;
  /** Takes no more connections and ends those that wait for a request. One that is being answered ends after it. */
  close(): void;
  /** Ends every connection at once but those that were handed over. */
  destroy(): void;
}

export function createHttpFront(options: HttpFrontOptions): HttpFront {
  return new Front(options);
}

class Front implements HttpFront {
  private readonly server: Server;
  /** How long each connection has been waiting for a request to be answered, as the sweeps have counted. */
  private readonly waitingMs = new Map<Duplex, number>();
  private readonly answering = new Set<Duplex>();
  private sweeper: Timer | undefined;
  private isClosed = false;

  constructor(private readonly options: HttpFrontOptions) {
    this.server = createServer({ maxHeaderSize: httpBounds.headBytesMax }, (request, response) => {
      this.respond(request, response);
    });
    this.server.maxHeadersCount = httpBounds.headersMax;
    this.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      this.upgrade(request, socket, head);
    });
    this.server.on('clientError', (_, socket) => refuse(socket, '400 Bad Request', 'this is no HTTP request'));
  }

  accept(socket: Duplex): void {
    socket.on('error', () => undefined);
    if (this.isClosed || this.waitingMs.size >= this.options.connectionsMax) {
      refuse(socket, '503 Service Unavailable', 'too many connections');
      return;
    }
    this.waitingMs.set(socket, 0);
    socket.once('close', () => this.forget(socket));
    this.server.emit('connection', socket);
    this.sweepLater();
  }

  close(): void {
    this.isClosed = true;
    for (const socket of this.waitingMs.keys()) if (!this.answering.has(socket)) socket.destroy();
  }

  destroy(): void {
    this.isClosed = true;
    for (const socket of this.waitingMs.keys()) socket.destroy();
  }

  private respond(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    this.answering.add(socket);
    response.once('close', () => {
      this.answering.delete(socket);
      if (this.waitingMs.has(socket)) this.waitingMs.set(socket, 0);
    });
    if (this.isClosed) response.shouldKeepAlive = false;
    answer(request, response);
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.forget(socket);
    const { origin, host } = request.headers;
    const { localAddress } = request.socket;
    if (this.isClosed) refuse(socket, '503 Service Unavailable', 'closing');
    else if (pathOf(request) !== '/ws') refuse(socket, '404 Not Found', 'WebSockets are at /ws');
    else if (!isOriginAllowed({ origin, host, localAddress }, this.options.origins)) {
      refuse(socket, '403 Forbidden', 'pages of this origin may not connect');
    } else this.options.upgrade(request, socket, head);
  }

  private forget(socket: Duplex): void {
    this.waitingMs.delete(socket);
    this.answering.delete(socket);
  }

  /** Node's own timeouts work only for a server that listens. */
  private sweepLater(): void {
    this.sweeper ??= this.options.clock.after(httpBounds.sweepMs, () => {
      this.sweeper = undefined;
      for (const [socket, waitedMs] of this.waitingMs) {
        if (waitedMs + httpBounds.sweepMs >= httpBounds.requestMs) socket.destroy();
        else this.waitingMs.set(socket, waitedMs + httpBounds.sweepMs);
      }
      if (this.waitingMs.size > 0) this.sweepLater();
    });
  }
}

const alwaysSent = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-cache',
} as const;

function answer(request: IncomingMessage, response: ServerResponse): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    // Its body, if there is one, is not read.
    response.shouldKeepAlive = false;
    writeText(response, 405, 'only GET and HEAD', { Allow: 'GET, HEAD' });
  } else if (pathOf(request) === '/ws') {
    writeText(response, 426, 'this is for WebSockets', { Upgrade: 'websocket', Connection: 'Upgrade' });
  } else if (pathOf(request) === '/') {
    write(response, 200, page, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': pagePolicy });
  } else {
    writeText(response, 404, 'there is nothing here; the page is at /', {});
  }
}

function writeText(response: ServerResponse, status: number, text: string, headers: Record<string, string>): void {
  write(response, status, `${text}\n`, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    ...headers,
  });
}

/** Node leaves the content out where HEAD was asked. */
function write(response: ServerResponse, status: number, content: string, headers: Record<string, string>): void {
  response.writeHead(status, { ...alwaysSent, ...headers, 'Content-Length': Buffer.byteLength(content) });
  response.end(content);
}

function pathOf({ url = '' }: IncomingMessage): string {
  return url.split('?', 1)[0] as string;
}

/** Answers on a connection whose request is not Node's to answer, and closes it. */
function refuse(socket: Duplex, status: string, text: string): void {
  if (socket.destroyed || !socket.writable) return;
  const head = `HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n`;
  socket.on('error', () => undefined);
  socket.end(`${head}Content-Length: ${Buffer.byteLength(text) + 1}\r\n\r\n${text}\n`, () => socket.destroy());
}
