/** The client: what {@link ChatClient} promises, one command after the other. */

import { isSameName } from '../../shared/names';
import type {
  Agreement,
  ChatClient,
  ClientEvents,
  IncomingMessage,
  LoggedIn,
  NamePage,
  RandomReceipt,
  SendReceipt,
} from './api';
import { type Chance, systemChance } from './chance';
import { type Clock, systemClock } from './clock';
import type { Reply } from './connection';
import { Conversation } from './conversation';
import { Emitter } from './emitter';
import { bodyBytes, type RequestValue } from './request-frame';
import type { Connect } from './transport';

export interface ClientOptions {
  /** How to reach the server, such as `tcp({ host, port })`. */
  readonly connect: Connect;
  /** The name of a cursor of its own, `[A-Za-z0-9_-]{1,32}`. */
  readonly device?: string | undefined;
  readonly clock?: Clock;
  readonly chance?: Chance;
}

/** Makes a client. A bot that answers, in ten lines:
 *
 *      import { createClient } from './client/core/client';
 *      import { tcp } from './client/core/tcp';
 *
 *      const client = createClient({ connect: tcp({ host: '127.0.0.1', port: 8888 }) });
 *      client.on('message', (message) => {
 *        client.send(message.from, `you said: ${message.body}`).catch(console.error);
 *      });
 *      client.on('loggedOut', (reason) => console.error(`logged out: ${reason}`));
 *      await client.connect();
 *      await client.create('echo', 'secret').catch(() => undefined); // it exists from the second start on
 *      await client.login('echo', 'secret');
 */
export function createClient(options: ClientOptions): ChatClient {
  return new Client(options);
}

class Client implements ChatClient {
  private readonly emitter = new Emitter<ClientEvents>();
  private readonly clock: Clock;
  private readonly conversation: Conversation;
  private closing: Promise<void> | undefined;

  constructor({ connect, device, clock = systemClock, chance = systemChance }: ClientOptions) {
    this.clock = clock;
    this.conversation = new Conversation({ connect, device, clock, chance, emitter: this.emitter });
  }

  on<E extends keyof ClientEvents>(event: E, listener: (...args: ClientEvents[E]) => void): this {
    this.emitter.on(event, listener);
    return this;
  }

  off<E extends keyof ClientEvents>(event: E, listener: (...args: ClientEvents[E]) => void): this {
    this.emitter.off(event, listener);
    return this;
  }

  once<E extends keyof ClientEvents>(event: E, listener: (...args: ClientEvents[E]) => void): this {
    this.emitter.once(event, listener);
    return this;
  }

  get connected(): boolean {
    return this.conversation.connected;
  }

  get username(): string | undefined {
    return this.conversation.username;
  }

  get agreement(): Agreement | undefined {
    return this.conversation.agreement;
  }

  connect({ keepTrying = false }: { readonly keepTrying?: boolean } = {}): Promise<void> {
    return this.conversation.connect(keepTrying);
  }

  close(): Promise<void> {
    this.closing ??= this.conversation.close();
    return this.closing;
  }

  async create(username: string, password: string): Promise<string> {
    return (await this.conversation.request('create', [username, password])).text;
  }

  login(username: string, password: string): Promise<LoggedIn> {
    return this.conversation.enter('login', username, password);
  }

  takeover(username: string, password: string): Promise<LoggedIn> {
    return this.conversation.enter('takeover', username, password);
  }

  logout(): Promise<void> {
    return this.conversation.logout();
  }

  async delete(username: string, password: string): Promise<number> {
    const deleted = await this.conversation.requestMessages('delete', [username, password], { acknowledge: false });
    if (this.username !== undefined && isSameName(username, this.username)) this.conversation.endSession();
    return deleted.undelivered;
  }

  send(to: string, body: string): Promise<SendReceipt> {
    return this.conversation.send(to, body);
  }

  async random(body: string): Promise<RandomReceipt> {
    const { text } = await this.conversation.request('random', [bodyBytes(body)]);
    const [seq = '', username = ''] = text.split(' ');
    return { seq: Number.parseInt(seq, 10), username };
  }

  async deliver(username?: string, password?: string): Promise<number> {
    const values = [username, password].filter((value) => value !== undefined);
    return (await this.conversation.requestMessages('deliver', values, { acknowledge: true })).undelivered;
  }

  async list(pattern?: string, after?: string): Promise<NamePage> {
    // The wire has no page after a name without a pattern before it; * is every name.
    const values = after === undefined ? optional(pattern) : [pattern || '*', after];
    return toNamePage(await this.conversation.request('list', values));
  }

  async who(pattern?: string): Promise<NamePage> {
    return toNamePage(await this.conversation.request('who', optional(pattern)));
  }

  async history(other: string, before?: number, messagesMax?: number): Promise<readonly IncomingMessage[]> {
    const values: RequestValue[] = [other];
    if (before !== undefined || messagesMax !== undefined) values.push(before ?? Number.MAX_SAFE_INTEGER);
    if (messagesMax !== undefined) values.push(messagesMax);
    const messages: IncomingMessage[] = [];
    await this.conversation.request('history', values, { message: (message) => messages.push(message) });
    return messages;
  }

  async createRoom(room: string, members: readonly string[]): Promise<string> {
    return (await this.conversation.request('room', members.length === 0 ? [room] : [room, members.join(' ')])).text;
  }

  async join(room: string): Promise<void> {
    await this.conversation.request('join', [room]);
  }

  async leave(room: string): Promise<void> {
    await this.conversation.request('leave', [room]);
  }

  async members(room: string): Promise<readonly string[]> {
    return (await this.conversation.request('members', [room])).items;
  }

  async passwd(old: string, changed: string): Promise<void> {
    await this.conversation.request('passwd', [old, changed]);
    this.conversation.passwordChanged(changed);
  }

  async block(username: string): Promise<void> {
    await this.conversation.request('block', [username]);
  }

  async unblock(username: string): Promise<void> {
    await this.conversation.request('unblock', [username]);
  }

  async ping(): Promise<number> {
    const sentAt = this.clock.now();
    await this.conversation.request('ping', []);
    return this.clock.now() - sentAt;
  }

  async help(command?: string): Promise<readonly string[]> {
    return (await this.conversation.request('help', optional(command))).items;
  }
}

function optional(value: string | undefined): string[] {
  return value === undefined || value === '' ? [] : [value];
}

/** The status line of a block of names says `200 <n> <more 0/1>`. */
function toNamePage({ text, items }: Reply): NamePage {
  return { names: items, more: text.split(' ')[1] === '1' };
}
