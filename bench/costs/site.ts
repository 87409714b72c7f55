/** A server as the cases of `growth-of-costs` use it: accounts that are not used yet, connections that are closed when a
 *  sample is over, and things that are made once for many samples. */

import { RawClient } from '../../tests/harness/raw-client';
import { burst, expectSuccess, pipeline } from './requests';

const loginsAtOnce = 50;
/** 100 bytes, as the other workloads have them. */
export const body = 'x'.repeat(100);

export class Site {
  private drawn = 0;
  private clients: RawClient[] = [];
  private readonly keptClients: RawClient[] = [];
  private readonly kept = new Map<string, unknown>();

  /** The accounts exist, with the password `pw`. */
  constructor(
    readonly port: number,
    private readonly names: readonly string[],
  ) {}

  /** The name of an account that was not drawn before. */
  account(): string {
    const name = this.names[this.drawn];
    if (name === undefined) throw new Error(`all ${this.names.length} accounts are used up`);
    this.drawn += 1;
    return name;
  }

  accounts(count: number): string[] {
    return Array.from({ length: count }, () => this.account());
  }

  /** A connection that has said hello with these capabilities. */
  async connect(capabilities = 'ack'): Promise<RawClient> {
    const client = await RawClient.connect(this.port);
    this.clients.push(client);
    expectSuccess(await client.ask(`hello 2 ${capabilities}`.trimEnd()));
    return client;
  }

  /** Connections that have said hello and will log in to these accounts, some at a time. */
  connectAll(count: number, capabilities = 'ack'): Promise<RawClient[]> {
    return inGroups(Array.from({ length: count }), () => this.connect(capabilities));
  }

  /** A connection that is logged in and has read its burst. */
  async login(name: string, capabilities = 'ack'): Promise<RawClient> {
    const client = await this.connect(capabilities);
    await burst(client, `login ${name} pw`);
    return client;
  }

  loginAll(names: readonly string[], capabilities = 'ack'): Promise<RawClient[]> {
    return inGroups(names, (name) => this.login(name, capabilities));
  }

  /** A client that is online and sends to the others. */
  postman(): Promise<RawClient> {
    return this.once('postman', () => this.login(this.account()));
  }

  /** Puts so many messages into a mailbox. */
  async mail(to: string, count: number): Promise<void> {
    await pipeline(await this.postman(), Array<string>(count).fill(`send ${to} ${body}`));
  }

  /** Makes something for all samples with this key; connections that it opens stay open. */
  async once<T>(key: string, make: () => Promise<T>): Promise<T> {
    if (!this.kept.has(key)) {
      const ofSample = this.clients;
      this.clients = [];
      try {
        this.kept.set(key, await make());
      } finally {
        this.keptClients.push(...this.clients);
        this.clients = ofSample;
      }
    }
    return this.kept.get(key) as T;
  }

  /** Closes the connections of a sample. */
  release(): void {
    for (const client of this.clients) client.close();
    this.clients = [];
  }

  close(): void {
    this.release();
    for (const client of this.keptClients) client.close();
  }
}

async function inGroups<T, R>(items: readonly T[], make: (item: T) => Promise<R>): Promise<R[]> {
  const made: R[] = [];
  for (let first = 0; first < items.length; first += loginsAtOnce) {
    made.push(...(await Promise.all(items.slice(first, first + loginsAtOnce).map(make))));
  }
  return made;
}
