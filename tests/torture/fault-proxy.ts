/** A network that fails: a TCP proxy whose connections can be cut, held up, lost half open, or slowed to single bytes. */

import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Server, type Socket } from 'node:net';
import { FaultyPipe } from './faulty-pipe';

/** One connection through the proxy. */
export class ProxiedLink {
  readonly up: FaultyPipe;
  readonly down: FaultyPipe;
  /** Resolves once both ends are gone. */
  readonly ended: Promise<void>;
  private heal: (() => void) | undefined;
  private healed = new Promise<void>((resolve) => {
    this.heal = resolve;
  });

  constructor(
    private readonly client: Socket,
    private readonly server: Socket,
    keepsRequests: boolean,
  ) {
    this.up = new FaultyPipe(client, server, keepsRequests);
    this.down = new FaultyPipe(server, client);
    this.ended = this.run();
  }

  /** Cuts the connection at once, for both ends, without a goodbye. */
  drop(): void {
    this.release();
    reset(this.client);
    reset(this.server);
  }

  /** Holds both directions back until {@link ProxiedLink.release}. An end that goes meanwhile is not missed by the other
   *  one, and what it sent before still arrives. */
  hold(): void {
    this.up.hold();
    this.down.hold();
  }

  release(): void {
    this.up.release();
    this.down.release();
  }

  /** From now on bytes get lost both ways, and neither end learns that the other one is gone, until
   *  {@link ProxiedLink.restore}, which drops the connection. */
  loseHalfOpen(): void {
    this.up.isLost = true;
    this.down.isLost = true;
  }

  /** Ends whatever fault the connection has. */
  restore(): void {
    if (this.up.isLost) this.drop();
    this.up.trickleBytes = 0;
    this.down.trickleBytes = 0;
    this.release();
    this.heal?.();
  }

  private async run(): Promise<void> {
    await Promise.all([this.relay(this.up, this.server), this.relay(this.down, this.client)]);
  }

  private async relay(pipe: FaultyPipe, to: Socket): Promise<void> {
    await pipe.run();
    // Nobody tells the other end of a connection that was lost.
    if (pipe.isLost && !to.destroyed) await Promise.race([this.healed, closed(to)]);
    to.destroySoon();
  }
}

export interface FaultProxyOptions {
  /** The port of this machine that connections go on to. */
  readonly target: number;
  /** What a client has written at once arrives at once, if it arrives: for a wire that takes a read for a request. */
  readonly keepsRequests?: boolean;
}

export class FaultProxy {
  private readonly open = new Set<ProxiedLink>();

  private constructor(
    private readonly listener: Server,
    private readonly options: FaultProxyOptions,
  ) {
    listener.on('connection', (client) => this.accept(client));
  }

  /** Listens on a free port of this machine. */
  static async listen(options: FaultProxyOptions): Promise<FaultProxy> {
    const listener = createServer({ noDelay: true });
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    return new FaultProxy(listener, options);
  }

  get port(): number {
    return (this.listener.address() as AddressInfo).port;
  }

  /** The connections there are. */
  get links(): readonly ProxiedLink[] {
    return [...this.open];
  }

  async close(): Promise<void> {
    this.listener.close();
    for (const link of this.open) {
      link.restore();
      link.drop();
    }
    await Promise.all([...this.open].map(({ ended }) => ended));
  }

  private accept(client: Socket): void {
    const server = createConnection({ host: '127.0.0.1', port: this.options.target, noDelay: true });
    // Whoever reads a connection is told that it broke; that nobody writes to it any more is no news.
    client.on('error', () => {});
    server.on('error', () => {});
    const link = new ProxiedLink(client, server, this.options.keepsRequests === true);
    this.open.add(link);
    void link.ended.then(() => this.open.delete(link));
  }
}

/** A socket whose end is on its way already, or that is not connected yet, cannot be reset: Node would lose hold of it, and
 *  could not end its own process any more. */
function reset(socket: Socket): void {
  if (socket.connecting || socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

/** Unlike `once` of node:events it does not mind how a socket ends. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}
