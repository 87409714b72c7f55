/** A connection: requests one way, chunks of items the other, each end and the network between them slow in its own way,
 *  and lost at any moment. */

import type { Chance } from '../../server/core/ports';
import { bytesOf, type Item, type Request } from './item';
import type { Lane, Scheduler } from './scheduler';
import type { Weather } from './weather';

export interface ServerEnd {
  request(request: Request): void;
  resume(): void;
  /** Just before bytes leave; what it returns is called once the operating system has them. */
  beforeFlush(): (() => void) | undefined;
  taken(items: readonly Item[]): void;
  closed(): void;
}

export interface ClientEnd {
  received(items: readonly Item[]): void;
  lost(): void;
}

interface Chunk {
  readonly items: readonly Item[];
  readonly bytes: number;
  readonly onTaken: (() => void) | undefined;
}

interface FlushWaiter {
  /** Resolved once so many bytes of the connection were taken. */
  readonly bytes: number;
  readonly resolve: (taken: boolean) => void;
}

export class Wire {
  server: ServerEnd | undefined;
  client: ClientEnd | undefined;
  /** The server knows that the connection is lost. */
  isGone = false;
  private isCut = false;
  private unhanded: Item[] = [];
  private inNetwork: (readonly Item[])[] = [];
  private isFlushDue = false;
  private writtenBytes = 0;
  private takenBytes = 0;
  private waiters: FlushWaiter[] = [];
  private readonly toServer: Lane;
  private readonly flushes: Lane;
  private readonly system: Lane;
  private readonly toClient: Lane;
  private readonly serverNews: Lane;
  private readonly clientNews: Lane;

  constructor(
    scheduler: Scheduler,
    private readonly chance: Chance,
    private readonly weather: Weather,
    readonly name: string,
  ) {
    const { flush, system, network, news } = weather.slowness;
    this.toServer = scheduler.lane(`${name} to the server`, network);
    this.flushes = scheduler.lane(`${name} outbox`, flush);
    this.system = scheduler.lane(`${name} operating system`, system);
    this.toClient = scheduler.lane(`${name} to the client`, network);
    this.serverNews = scheduler.lane(`${name} loss`, news);
    this.clientNews = scheduler.lane(`${name} loss at the client`, news);
  }

  get outboxBytes(): number {
    return this.writtenBytes - this.takenBytes;
  }

  get hasRoom(): boolean {
    return this.outboxBytes < this.weather.outboxBytesMax;
  }

  /** Requests of the client that have not arrived. */
  get requestsUnderWay(): number {
    return this.toServer.length;
  }

  ask(request: Request): void {
    if (!this.isCut && !this.isGone) this.toServer.push(request.kind, () => this.server?.request(request));
  }

  write(item: Item): void {
    if (this.isGone) return;
    this.unhanded.push(item);
    this.writtenBytes += bytesOf(item);
    if (this.isFlushDue) return;
    this.isFlushDue = true;
    this.flushes.push('flush', () => {
      this.isFlushDue = false;
      this.flush();
    });
  }

  /** Hands what was written to the operating system. */
  flush(): void {
    if (this.unhanded.length === 0 || this.isGone) return;
    const onTaken = this.server?.beforeFlush();
    const items = this.unhanded;
    this.unhanded = [];
    const bytes = items.reduce((sum, item) => sum + bytesOf(item), 0);
    this.system.push(`takes ${items.length}`, () => this.take({ items, bytes, onTaken }));
  }

  flushed(): Promise<boolean> {
    if (this.isGone) return Promise.resolve(false);
    if (this.outboxBytes === 0) return Promise.resolve(true);
    return new Promise((resolve) => this.waiters.push({ bytes: this.writtenBytes, resolve }));
  }

  /** The network drops the connection: what was under way arrives in part, and each end hears of it later. */
  cut(): void {
    if (this.isCut || this.isGone) return;
    this.isCut = true;
    this.toServer.cut(this.draw(this.toServer.length + 1));
    const whole = this.draw(this.inNetwork.length + 1);
    const torn = this.inNetwork[whole];
    this.inNetwork.length = whole;
    this.toClient.cut(whole);
    if (torn !== undefined) this.arrive(torn.slice(0, this.draw(torn.length)));
    this.serverNews.push('is heard of', () => this.close());
    this.clientNews.push('is heard of', () => this.client?.lost());
  }

  /** The client is gone, orderly: the server hears of it after its last request. */
  clientCloses(): void {
    this.client = undefined;
    this.clientNews.cut();
    if (!this.isCut && !this.isGone) this.toServer.push('end', () => this.close());
  }

  /** The server's process is gone. What the operating system has taken may still arrive. */
  serverDied(): void {
    this.server = undefined;
    this.hangUp();
  }

  /** The server hears that the connection is lost. */
  private close(): void {
    if (this.isGone) return;
    this.hangUp();
    for (const { resolve } of this.waiters.splice(0)) resolve(false);
    this.server?.closed();
  }

  private hangUp(): void {
    this.isGone = true;
    for (const lane of [this.toServer, this.flushes, this.system, this.serverNews]) lane.cut();
    if (this.client !== undefined && this.clientNews.length === 0) {
      this.clientNews.push('is heard of', () => this.client?.lost());
    }
  }

  private take({ items, bytes, onTaken }: Chunk): void {
    this.takenBytes += bytes;
    this.server?.taken(items);
    onTaken?.();
    while (this.waiters[0] !== undefined && this.waiters[0].bytes <= this.takenBytes) {
      this.waiters.shift()?.resolve(true);
    }
    if (this.hasRoom) this.server?.resume();
    if (!this.isCut && this.client !== undefined) this.arrive(items);
  }

  private arrive(items: readonly Item[]): void {
    this.inNetwork.push(items);
    this.toClient.push(`brings ${items.length}`, () => this.client?.received(this.inNetwork.shift() ?? []));
  }

  private draw(below: number): number {
    return Math.floor(this.chance.fraction() * below);
  }
}
