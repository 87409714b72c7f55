/** Alice, who sends under keys, and bob, who receives and acknowledges, on the wire and with their own books. */

import { RawClient } from '../harness/raw-client';
import type { ServerProcess } from '../harness/server-process';

export const password = 'pw';

/** A message as bob was written it. */
export interface Shown {
  readonly seq: number;
  readonly text: string;
}

/** An account on a connection of its own. */
export async function createAccount(server: ServerProcess, name: string): Promise<void> {
  const client = await RawClient.connect(server.port);
  expect(await client.ask(`create ${name} ${password}`)).toBe(`201 ${name}`);
  client.close();
}

/** Logged in, with what was undelivered. */
export async function login(
  server: ServerProcess,
  name: string,
  hello: string,
): Promise<{ client: RawClient; undelivered: Shown[] }> {
  const client = await RawClient.connect(server.port);
  expect(await client.ask(`hello 2 ${hello}`)).toMatch(/^200 /);
  const [status, ...lines] = await client.askBlock(`login ${name} ${password}`);
  expect(status).toBe(`200 ${name} ${lines.length}`);
  return { client, undelivered: lines.map(shownOf) };
}

/** `* seq at from to body` */
export function shownOf(line: string): Shown {
  const [star, seq, , , , ...words] = line.split(' ');
  if (star !== '*') throw new Error(`not a message: ${line}`);
  return { seq: Number(seq), text: words.join(' ') };
}

/** What the replies to these sends say: the seq of those that were accepted, the status of those that were not. */
export async function replies(client: RawClient, count: number): Promise<{ seq?: number; status: number }[]> {
  const lines = await client.lines(count);
  return lines.map((line) => {
    const [status, seq] = line.split(' ').map(Number) as [number, number];
    return status === 200 || status === 202 ? { status, seq } : { status };
  });
}
