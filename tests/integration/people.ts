/** Accounts and connections for the tests of one server: every account has a name of its own, so that tests do not
 *  meet, and every connection is closed by {@link People.leave}. */

import { RawClient } from '../harness/raw-client';
import type { ServerProcess } from '../harness/server-process';

export const password = 'secret';

/** Somebody who is logged in. */
export interface Person {
  readonly name: string;
  readonly client: RawClient;
}

export class People {
  private readonly clients: RawClient[] = [];
  private count = 0;

  constructor(private readonly server: () => ServerProcess) {}

  /** A name that nobody has. */
  name(stem = 'user'): string {
    this.count += 1;
    return `${stem}${this.count}`;
  }

  async connect(): Promise<RawClient> {
    const client = await RawClient.connect(this.server().port);
    this.clients.push(client);
    return client;
  }

  /** Makes an account; gives its name. */
  async account(stem?: string): Promise<string> {
    const name = this.name(stem);
    const client = await this.connect();
    expect(await client.ask(`create ${name} ${password}`)).toBe(`201 ${name}`);
    client.close();
    return name;
  }

  /** Logs in on a new connection; `hello` are the capabilities to ask for first. Nothing may be undelivered. */
  async login(name: string, hello?: string): Promise<RawClient> {
    const client = await this.connect();
    if (hello !== undefined) expect(await client.ask(`hello 2 ${hello}`)).toMatch(/^200 /);
    expect(await client.askBlock(`login ${name} ${password}`)).toEqual([`200 ${name} 0`]);
    return client;
  }

  /** A new account, logged in. */
  async online(stem?: string, hello?: string): Promise<Person> {
    const name = await this.account(stem);
    return { name, client: await this.login(name, hello) };
  }

  /** Closes every connection. */
  leave(): void {
    for (const client of this.clients.splice(0)) client.close();
  }
}

/** Resolves once the server has read what was sent to it before, on whatever connection. It may have had to accept that
 *  connection in one turn of its loop and to read it in the next: an answer in a third comes after both. */
export async function settle(other: RawClient): Promise<void> {
  for (let turn = 1; turn <= 3; turn += 1) expect(await other.ask(`ping ${turn}`)).toBe(`200 ${turn}`);
}

/** Fails if anything but the answer to a `ping` is waiting. */
export async function expectSilence(client: RawClient): Promise<void> {
  expect(await client.ask('ping nothing before me')).toBe('200 nothing before me');
}

/** Message lines with `TIME` for their times. */
export function withoutTimes(text: string): string {
  return text.replace(/^(\* \d+) \d{13} /gm, '$1 TIME ');
}

/** The body of a message line. */
export function bodyOf(line: string): string {
  const body = /^\* \d+ \d{13} \S+ \S+ (.*)$/s.exec(line)?.[1];
  if (body === undefined) throw new Error(`not a message line: ${line.slice(0, 100)}`);
  return body;
}
