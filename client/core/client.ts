/** The client: what {@link ChatClient} promises, one command after the other. */

import { productVersion } from '../../shared/version';
import type {
  Agreement,
  ChatClient,
  ClientEvents,
  IncomingMessage,
  LoggedIn,
  NamePage,
  RandomReceipt,
  SeenMark,
  SendReceipt,
} from './api';
import { type Chance, systemChance } from './chance';
import { type Clock, systemClock } from './clock';
import type { Reply } from './connection';
import { Conversation } from './conversation';
import { Emitter } from './emitter';
import type { OpenJournal } from './journal';
import { bodyBytes, type RequestValue } from './request-frame';
import type { Connect } from './transport';

export interface ClientOptions {
  /** How to reach the server, such as `tcp({ host, port })`. */
  readonly connect: Connect;
  /** The name of a cursor of its own, `[A-Za-z0-9_-]{1,32}`. */
  readonly device?: string | undefined;
  /** Keeps sends without an answer beyond the end of the process, such as `fileJournal({ folder, server })`. */
  readonly journal?: OpenJournal | undefined;
  /** How far this device's screen stands already, in the logs of the account that logs in first: what
   *  {@link ChatClient.seen} was when the last process ended. Those messages do not come again. */
  readonly seen?: readonly SeenMark[] | undefined;
  /** What the server is told it is talking to, `name/version`: visible ASCII without spaces. */
  readonly clientName?: string | undefined;
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

  constructor(options: ClientOptions) {
    const { connect, device, journal, clock = systemClock, chance = systemChance } = options;
    const { seen = [], clientName = `chateau/${productVersion}` } = options;
    this.clock = clock;
    const { emitter } = this;
    this.conversation = new Conversation({ connect, device, journal, seen, clientName, clock, chance, emitter });
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

  get seen(): readonly SeenMark[] {
    return this.conversation.seen;
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
    return (await this.conversation.requests.ask('create', [username, password])).text;
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

  delete(username: string, password: string): Promise<number> {
    return this.conversation.delete(username, password);
  }

  send(to: string, body: string): Promise<SendReceipt> {
    return this.conversation.send(to, body);
  }

  settled(): Promise<void> {
    return this.conversation.settled();
  }

  async random(body: string): Promise<RandomReceipt> {
    const { text } = await this.conversation.requests.ask('random', [bodyBytes(body)]);
    const [seq = '', username = ''] = text.split(' ');
    return { seq: Number.parseInt(seq, 10), username };
  }

  async deliver(username?: string, password?: string): Promise<number> {
    const values = [username, password].filter((value) => value !== undefined);
    return (await this.conversation.requests.askMessages('deliver', values, { acknowledge: true })).undelivered;
  }

  async list(pattern?: string, after?: string): Promise<NamePage> {
    // The wire has no page after a name without a pattern before it; * is every name.
    const values = after === undefined ? optional(pattern) : [pattern || '*', after];
    return toNamePage(await this.conversation.requests.ask('list', values));
  }

  async who(pattern?: string): Promise<NamePage> {
    return toNamePage(await this.conversation.requests.ask('who', optional(pattern)));
  }

  async history(other: string, before?: number, messagesMax?: number): Promise<readonly IncomingMessage[]> {
    const values: RequestValue[] = [other];
    if (before !== undefined || messagesMax !== undefined) values.push(before ?? Number.MAX_SAFE_INTEGER);
    if (messagesMax !== undefined) values.push(messagesMax);
    const messages: IncomingMessage[] = [];
    await this.conversation.requests.ask('history', values, { message: (message) => messages.push(message) });
    return messages;
  }

  async createRoom(room: string, members: readonly string[]): Promise<string> {
    return (await this.conversation.requests.ask('room', members.length === 0 ? [room] : [room, members.join(' ')]))
      .text;
  }

  async join(room: string): Promise<void> {
    await this.conversation.requests.ask('join', [room]);
  }

  async leave(room: string): Promise<void> {
    await this.conversation.requests.ask('leave', [room]);
  }

  async members(room: string): Promise<readonly string[]> {
    return (await this.conversation.requests.ask('members', [room])).items;
  }

  async passwd(old: string, changed: string): Promise<void> {
    await this.conversation.requests.ask('passwd', [old, changed]);
    this.conversation.passwordChanged(changed);
  }

  async block(username: string): Promise<void> {
    await this.conversation.requests.ask('block', [username]);
  }

  async unblock(username: string): Promise<void> {
    await this.conversation.requests.ask('unblock', [username]);
  }

  async ping(): Promise<number> {
    const sentAt = this.clock.now();
    await this.conversation.requests.ask('ping', []);
    return this.clock.now() - sentAt;
  }

  pause(): void {
    this.conversation.pause();
  }

  resume(): void {
    this.conversation.resume();
  }

  async help(command?: string): Promise<readonly string[]> {
    return (await this.conversation.requests.ask('help', optional(command))).items;
  }
}

function optional(value: string | undefined): string[] {
  return value === undefined || value === '' ? [] : [value];
}

/** The status line of a block of names says `200 <n> <more 0/1>`. */
function toNamePage({ text, items }: Reply): NamePage {
  return { names: items, more: text.split(' ')[1] === '1' };
}
