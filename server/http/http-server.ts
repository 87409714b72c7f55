/** HTTP for connections that somebody else has accepted: a page that tells what this is, and the way to WebSockets. */

import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock, Timer } from '../core/ports';
import { type Answer, answerTo, pathOf, refusal } from './answer';
import { httpBounds } from './limits';
import { isOriginAllowed } from './origin';

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
    this.server.on('clientError', (error: NodeJS.ErrnoException, socket) => closeWith(socket, misunderstood(error)));
  }

  accept(socket: Duplex): void {
    socket.on('error', () => undefined);
    if (this.isClosed || this.waitingMs.size >= this.options.connectionsMax) {
      closeWith(socket, refusal(503, 'too many connections'));
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
    const { status, headers, content } = answerTo(request);
    // With 405 there may be a body, which is not read.
    if (this.isClosed || status === 405) response.shouldKeepAlive = false;
    response.writeHead(status, headers);
    // Node leaves the content out where HEAD was asked.
    response.end(content);
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { origin, host, upgrade } = request.headers;
    const { localAddress } = request.socket;
    if (this.isClosed) closeWith(socket, refusal(503, 'closing'));
    // Whoever offers to go on in another protocol asks for a page all the same (RFC 9110, section 7.8).
    else if (upgrade?.toLowerCase() !== 'websocket') closeWith(socket, answerTo(request), request.method);
    else if (pathOf(request) !== '/ws') closeWith(socket, refusal(404, 'WebSockets are at /ws'));
    else if (!isOriginAllowed({ origin, host, localAddress }, this.options.origins)) {
      closeWith(socket, refusal(403, 'pages of this origin may not connect'));
    } else {
      this.forget(socket);
      this.options.upgrade(request, socket, head);
    }
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

/** What is said to bytes that Node's parser does not take. */
function misunderstood({ code }: NodeJS.ErrnoException): Answer {
  if (code !== 'HPE_HEADER_OVERFLOW') return refusal(400, 'this is no HTTP request');
  return refusal(431, `the head of a request has at most ${httpBounds.headBytesMax} bytes`);
}

/** Answers on a connection whose request is not Node's to answer, and closes it. */
function closeWith(socket: Duplex, { status, headers, content }: Answer, method = 'GET'): void {
  if (socket.destroyed || !socket.writable) return;
  const fields = [...Object.entries(headers), ['Connection', 'close']].map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${fields.join('')}\r\n`;
  socket.on('error', () => undefined);
  socket.end(method === 'HEAD' ? head : head + content, () => socket.destroy());
}
