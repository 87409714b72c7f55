/** The core in the test's hands behind a real port that speaks HTTP and WebSocket, and clients of it. */

import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import WebSocket from 'ws';
import { createHttpFront, type HttpFront } from '../../server/http/http-server';
import { type ChateauSockets, createChateauSockets } from '../../server/protocols/chateau/listener';
import { World, type WorldOptions } from '../harness/world';

/** What a frame holds. */
export type Frame = Record<string, unknown>;

export interface StageOptions extends WorldOptions {
  readonly origins?: readonly string[];
  readonly connectionsMax?: number;
}

export class ChateauStage {
  readonly world: World;
  readonly sockets: ChateauSockets;
  readonly front: HttpFront;
  private readonly server: Server;
  private readonly peers: Peer[] = [];

  private constructor(options: StageOptions) {
    const { origins = [], connectionsMax = 100 } = options;
    this.world = new World(options);
    this.sockets = createChateauSockets(this.world.chat, { connectionsMax });
    const upgrade = this.sockets.handleUpgrade.bind(this.sockets);
    this.front = createHttpFront({ upgrade, origins, connectionsMax, clock: this.world.clock });
    this.server = createServer((socket) => this.front.accept(socket));
  }

  static async open(options: StageOptions = {}): Promise<ChateauStage> {
    const stage = new ChateauStage(options);
    stage.server.listen(0, '127.0.0.1');
    await once(stage.server, 'listening');
    return stage;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}/ws`;
  }

  async connect(options: WebSocket.ClientOptions = {}): Promise<Peer> {
    const peer = new Peer(new WebSocket(this.url, options));
    this.peers.push(peer);
    await once(peer.socket, 'open');
    return peer;
  }

  /** Connects and registers in the named dialect; with a password in an account of that name. */
  async register(username: string, password?: string): Promise<Peer> {
    const peer = await this.connect();
    expect(await peer.ask({ type: 'RegisterRequest', username, password })).toMatchObject({ status: 200 });
    return peer;
  }

  /** Connects and registers in the numeric dialect. */
  async registerNumerically(username: string): Promise<Peer> {
    const peer = await this.connect();
    expect(await peer.ask({ type: 1, username })).toEqual({ status: 200 });
    return peer;
  }

  async close(): Promise<void> {
    for (const peer of this.peers) peer.socket.terminate();
    this.sockets.destroy();
    this.front.destroy();
    this.server.close();
    await once(this.server, 'close');
  }
}

/** One client: what it is sent waits until the test takes it. */
export class Peer {
  private readonly texts: string[] = [];
  private waiting: (() => void)[] = [];
  private close: { readonly code: number; readonly reason: string } | undefined;

  constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => {
      this.texts.push(data.toString());
      this.wake();
    });
    socket.on('error', () => undefined);
    socket.on('close', (code, reason) => {
      this.close = { code, reason: reason.toString() };
      this.wake();
    });
  }

  send(frame: unknown): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** The next frame as it came. Rejects when the connection ends before. */
  async text(): Promise<string> {
    for (;;) {
      const text = this.texts.shift();
      if (text !== undefined) return text;
      if (this.close !== undefined) throw new Error(`closed: ${this.close.code} ${this.close.reason}`);
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  async next(): Promise<Frame> {
    return JSON.parse(await this.text());
  }

  async take(count: number): Promise<Frame[]> {
    const frames: Frame[] = [];
    while (frames.length < count) frames.push(await this.next());
    return frames;
  }

  ask(frame: unknown): Promise<Frame> {
    this.send(frame);
    return this.next();
  }

  /** Fails if anything but the answer to this question is waiting. */
  async expectSilence(): Promise<void> {
    expect(await this.ask({ type: 'Nothing' })).toMatchObject({ code: 'command_unknown' });
  }

  /** Resolves once the connection is closed. */
  async closed(): Promise<{ readonly code: number; readonly reason: string }> {
    while (this.close === undefined) await new Promise<void>((resolve) => this.waiting.push(resolve));
    return this.close;
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}
