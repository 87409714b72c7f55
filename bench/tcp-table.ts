/** What it costs to look for vanished peers among 9,900 connections: how long the table of the kernel takes to read in a
 *  thread of its own, how much CPU time of the process that is, and how long the main thread is held up.
 *
 *  `npm run bench:tcp-table` */

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { endpointsOf, readUnanswered } from '../server/protocols/tcp-table';
import { median } from './recorder';

/** Both ends of each are descriptors of this process, of which it may have 20,000 on many systems. */
const sizes = [1_000, 9_900];
const rounds = 5;
/** Connections that are opened at once. */
const atOnce = 200;

async function main(): Promise<void> {
  const accepted: Socket[] = [];
  const server = createServer({ noDelay: true }, (socket) => accepted.push(socket.on('error', () => undefined)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const clients: Socket[] = [];
  console.log('connections  lines of the table  wall ms  CPU ms  longest hold-up of the main thread, ms');
  for (const size of sizes) {
    while (clients.length < size) await open(clients, port, Math.min(atOnce, size - clients.length));
    while (accepted.length < size) await setTimeout(10);
    const names = new Set(accepted.map((socket) => endpointsOf(socket) as string));
    const runs: { wall: number; cpu: number; delay: number }[] = [];
    for (let round = 0; round < rounds; round += 1) runs.push(await measure(names));
    const middle = (of: 'wall' | 'cpu' | 'delay'): string => median(runs.map((run) => run[of])).toFixed(1);
    const cells = [`${size}`.padStart(11), `${2 * size}`.padStart(18), middle('wall'), middle('cpu'), middle('delay')];
    console.log(cells.join('  '));
  }
  for (const socket of [...clients, ...accepted]) socket.destroy();
  server.close();
}

/** Both ends are here, so each connection has two lines. */
async function open(clients: Socket[], port: number, count: number): Promise<void> {
  const opening = Array.from({ length: count }, () => {
    const socket = connect({ port, host: '127.0.0.1' });
    return once(socket, 'connect').then(() => clients.push(socket));
  });
  await Promise.all(opening);
}

async function measure(names: ReadonlySet<string>): Promise<{ wall: number; cpu: number; delay: number }> {
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  await setTimeout(50);
  delays.reset();
  const cpu = process.cpuUsage();
  const begin = performance.now();
  await readUnanswered(names);
  const wall = performance.now() - begin;
  const { user, system } = process.cpuUsage(cpu);
  delays.disable();
  return { wall, cpu: (user + system) / 1_000, delay: delays.max / 1e6 };
}

void main();
