/** Requests of cmap version 2 and their replies, sent in the ways that the cases need. */

import type { RawClient } from '../../tests/harness/raw-client';

/** @throws Error with what the server said instead */
export function expectSuccess(reply: string): void {
  if (!/^20\d/.test(reply)) throw new Error(`the server answered ${reply.slice(0, 200)}`);
}

/** Sends all of them at once and reads a line of reply to each, whatever events stand between the replies. */
export async function pipeline(client: RawClient, requests: readonly string[]): Promise<void> {
  client.send(`${requests.join('\n')}\n`);
  for (let replies = 0; replies < requests.length; ) {
    const line = await client.line();
    if (line.startsWith('*') || line.startsWith('! 250')) continue;
    expectSuccess(line);
    replies += 1;
  }
}

/** Sends one request that is answered by a block, and gives the whole of it. It is not split into lines: a burst of
 *  10,000 messages would keep the client busier than the server. */
export async function burst(client: RawClient, request: string): Promise<string> {
  client.send(`${request}\n`);
  const block = await client.until('\r\n\r\n');
  expectSuccess(block);
  return block;
}

/** Sends the same request so many times, each after the reply to the one before. */
export async function burstsOf(client: RawClient, request: string, times: number): Promise<void> {
  for (let i = 0; i < times; i += 1) await burst(client, request);
}

/** One request on each connection, one connection after the other. */
export async function burstOnEach(clients: readonly RawClient[], request: string): Promise<void> {
  for (const client of clients) await burst(client, request);
}

/** As {@link burstOnEach}, for requests that are answered by a line. */
export async function askOnEach(clients: readonly RawClient[], request: string): Promise<void> {
  for (const client of clients) expectSuccess(await client.ask(request));
}

/** Sends requests that have no reply, and resolves once the server has read all of them. */
export async function unanswered(client: RawClient, requests: readonly string[]): Promise<void> {
  client.send(`${requests.join('\n')}\nping done\n`);
  await client.until('200 done\r\n');
}
