/** Ports for a server that is started again and again. They lie below those that the operating system gives to outgoing
 *  connections: while the server is dead one of these could take its port, or meet itself there. */

import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Wire } from './wires';

/** Where each wire is reached; those of one port have it more than once. */
export type Ports = Readonly<Record<Wire, number>>;

const range = { min: 20_000, max: 32_000 } as const;

/** Ports for a server of all wires. */
export async function serverPorts(): Promise<Ports> {
  const [main = 0, chatbot = 0, nickroom = 0, grpc = 0] = await freePorts(4);
  return { cmap: main, classic: main, chateau: main, chatbot, nickroom, grpc };
}

/** So many free ports of this machine, all different. */
async function freePorts(count: number): Promise<readonly number[]> {
  const found = new Set<number>();
  while (found.size < count) {
    const port = range.min + Math.floor(Math.random() * (range.max - range.min));
    if (await isFree(port)) found.add(port);
  }
  return [...found];
}

async function isFree(port: number): Promise<boolean> {
  const listener = createServer();
  listener.listen(port, '127.0.0.1');
  try {
    await once(listener, 'listening');
  } catch {
    return false;
  }
  listener.close();
  await once(listener, 'close');
  return true;
}
