/** A gRPC port before a core in the test's hands, and clients of it. */

import type { ChannelCredentials } from '@grpc/grpc-js';
import { type GrpcListenerOptions, openGrpcListener } from '../../server/protocols/grpc/listener';
import type { Listener } from '../../server/protocols/listener';
import { password, World, type WorldOptions } from '../harness/world';
import { Caller, type Received, type StreamReader } from './grpc-caller';

export interface GrpcStageOptions extends WorldOptions {
  readonly listener?: Partial<GrpcListenerOptions>;
}

/** Somebody who is logged in. */
export interface Person {
  readonly name: string;
  readonly caller: Caller;
  readonly stream: StreamReader<Received>;
}

export class GrpcStage {
  private readonly callers: Caller[] = [];

  private constructor(
    readonly world: World,
    readonly listener: Listener,
  ) {}

  static async open(options: GrpcStageOptions = {}): Promise<GrpcStage> {
    const world = new World(options);
    const defaults = { host: '127.0.0.1', port: 0, connectionsMax: 100, tls: undefined };
    return new GrpcStage(world, await openGrpcListener(world.chat, { ...defaults, ...options.listener }));
  }

  /** A client with a connection of its own. */
  connect(credentials?: ChannelCredentials, options?: object): Caller {
    const caller = new Caller(this.listener.port, credentials, options);
    this.callers.push(caller);
    return caller;
  }

  /** An account, logged in as the existing client does it: its stream first. */
  async enter(name: string, extras: object = {}): Promise<Person> {
    this.account(name);
    const caller = this.connect();
    const stream = await caller.stream().opened();
    expect(await caller.ask('LoginAccount', { username: name, password, ...extras })).toMatchObject({ success: true });
    return { name, caller, stream };
  }

  /** An account, if it is not there yet. */
  account(name: string): void {
    if (this.world.store.tables.account(name as never) === undefined) this.world.account(name);
  }

  /** Sends, and gives the seq. */
  async send(from: Person, to: string, message: string): Promise<number | undefined> {
    const answer = await from.caller.ask('SendMessage', { fromUsername: from.name, toUsername: to, message });
    expect(answer.success).toBe(true);
    return answer.seq;
  }

  close(): void {
    for (const caller of this.callers) caller.close();
    this.listener.destroy();
  }
}

/** What was said, in order. */
export function texts(messages: readonly Received[]): string[] {
  return messages.map(({ message }) => message);
}
