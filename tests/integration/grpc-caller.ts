/** A gRPC client for tests: one channel with a connection of its own, as a client in a process of its own has. */

import { join } from 'node:path';
import {
  type ChannelCredentials,
  type ClientReadableStream,
  credentials,
  loadPackageDefinition,
  Metadata,
  type ServiceClientConstructor,
  type ServiceError,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

const path = join(__dirname, '..', '..', 'server', 'protocols', 'grpc', 'chat.proto');
const definition = loadSync(path, { keepCase: true, longs: Number });
const ChatService = (
  loadPackageDefinition(definition) as unknown as { grpc: { ChatService: ServiceClientConstructor } }
).grpc.ChatService;

/** What came back from a call that has one answer. */
export interface Answer {
  readonly success?: boolean;
  readonly message?: string;
  readonly code?: string;
  readonly seq?: number;
  readonly undelivered?: number;
}

export interface Received {
  readonly fromUsername: string;
  readonly toUsername: string;
  readonly message: string;
  readonly seq: number;
  readonly time: number;
  readonly log: string;
}

type UnaryName =
  | 'CreateAccount'
  | 'DeleteAccount'
  | 'LoginAccount'
  | 'LogoutAccount'
  | 'SendMessage'
  | 'DeliverMessages'
  | 'Ack';

type Method = (request: object, metadata: Metadata, ...rest: unknown[]) => unknown;

/** One server stream, as far as it has been read. */
export class StreamReader<Item> {
  readonly items: Item[] = [];
  /** Why it ended; `undefined` while it has not, or when it ended in good order. */
  error: ServiceError | undefined;
  isOver = false;
  private isOpen = false;
  private waiters: (() => void)[] = [];

  constructor(readonly call: ClientReadableStream<Item>) {
    const wake = (): void => {
      for (const resolve of this.waiters.splice(0)) resolve();
    };
    call.on('data', (item: Item) => {
      this.items.push(item);
      wake();
    });
    call.on('metadata', () => {
      this.isOpen = true;
      wake();
    });
    call.on('error', (error: ServiceError) => {
      this.error = error;
    });
    call.on('close', () => wake());
    call.on('status', () => {
      this.isOver = true;
      setImmediate(wake);
    });
  }

  /** Resolves when the server has opened the stream. */
  async opened(): Promise<this> {
    while (!this.isOpen && !this.isOver) await this.changed();
    return this;
  }

  /** The first `count` items. */
  async first(count: number): Promise<Item[]> {
    while (this.items.length < count) {
      if (this.isOver) throw new Error(`the stream ended after ${this.items.length} items: ${this.error?.message}`);
      await this.changed();
    }
    return this.items.slice(0, count);
  }

  /** Everything, once it has ended. */
  async all(): Promise<Item[]> {
    while (!this.isOver) await this.changed();
    return this.items;
  }

  private changed(): Promise<void> {
    return new Promise((resolve) => this.waiters.push(resolve));
  }
}

export class Caller {
  private readonly client;
  /** Sent with every call. */
  token: string | undefined;

  constructor(port: number, channel: ChannelCredentials = credentials.createInsecure(), options: object = {}) {
    // Channels of one process share connections otherwise.
    this.client = new ChatService(`127.0.0.1:${port}`, channel, { 'grpc.use_local_subchannel_pool': 1, ...options });
  }

  ask(name: UnaryName, request: object): Promise<Answer> {
    return this.askFully(name, request).then(({ answer }) => answer);
  }

  /** The answer, and the token that came with it. */
  askFully(name: UnaryName, request: object): Promise<{ answer: Answer; token: string | undefined }> {
    return new Promise((resolve, reject) => {
      let token: string | undefined;
      const callback = (error: ServiceError | null, answer: Answer): void => {
        if (error === null) resolve({ answer, token });
        else reject(error);
      };
      const call = this.method(name)(request, this.metadata(), callback) as NodeJS.EventEmitter;
      call.on('metadata', (metadata: Metadata) => {
        token = metadata.get('authorization')[0]?.toString();
      });
    });
  }

  /** Opens a `ChatStream`; it is there once `opened` resolves. */
  stream(): StreamReader<Received> {
    return new StreamReader(this.method('ChatStream')({}, this.metadata()) as ClientReadableStream<Received>);
  }

  list(search_term?: string): StreamReader<{ username: string; password?: string }> {
    const request = search_term === undefined ? {} : { search_term };
    return new StreamReader(
      this.method('ListAccounts')(request, this.metadata()) as ClientReadableStream<{ username: string }>,
    );
  }

  /** Closes the connection. */
  close(): void {
    this.client.close();
  }

  private method(name: string): Method {
    return (this.client as unknown as Record<string, Method>)[name]?.bind(this.client) as Method;
  }

  private metadata(): Metadata {
    const metadata = new Metadata();
    if (this.token !== undefined) metadata.set('authorization', this.token);
    return metadata;
  }
}
