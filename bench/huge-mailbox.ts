/** One account with 1,000,000 undelivered messages: how long its login takes to the first byte beside that of an empty
 *  mailbox, and how much memory the server takes while a fast reader and a slow one are written everything.
 *
 *  `npx tsx bench/huge-mailbox.ts` */

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { ServerProcess } from '../tests/harness/server-process';
import { createAccounts, fill, password } from './filling';
import { Latencies } from './latencies';
import { growthMb } from './resident-memory';

const messages = 1_000_000;
const bodyBytes = 100;
const logins = 100;
const restMs = 50;
const slowBytesPerS = 1_024;
const slowS = 20;

async function main(): Promise<void> {
  const server = await ServerProcess.start(['--mailbox-messages', String(2 * messages)]);
  try {
    await createAccounts(server, ['full', 'empty']);
    console.error(`filling a mailbox with ${messages} messages`);
    await fill(server, { accounts: ['full'], messages, bodyBytes });
    await loginTimes(server);
    await memory(server);
  } finally {
    await server.stop();
  }
}

async function loginTimes(server: ServerProcess): Promise<void> {
  const times = { full: new Latencies(), empty: new Latencies() };
  for (let i = 0; i < 10 + logins; i += 1) {
    for (const name of ['full', 'empty'] as const) {
      const ms = await firstByteMs(server.port, name);
      if (i >= 10) times[name].add(ms);
      // What was on its way to a connection that is gone must not be counted against the next one.
      await delay(restMs);
    }
  }
  console.log(Latencies.head('first byte of a login'));
  console.log(times.empty.row('empty mailbox'));
  console.log(times.full.row(`${messages} messages`));
  console.log(`\nratio of the medians: ${(times.full.quantile(0.5) / times.empty.quantile(0.5)).toFixed(2)}\n`);
}

async function entered(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.setNoDelay(true);
  await once(socket, 'connect');
  socket.write('hello 2 ack\n');
  await once(socket, 'data');
  return socket;
}

async function firstByteMs(port: number, name: string): Promise<number> {
  const socket = await entered(port);
  const start = performance.now();
  socket.write(`takeover ${name} ${password}\n`);
  await once(socket, 'data');
  const ms = performance.now() - start;
  socket.destroy();
  return ms;
}

async function memory(server: ServerProcess): Promise<void> {
  const baseBytes = server.residentBytes();
  console.log(`resident before: ${(baseBytes / 1_048_576).toFixed(0)} MB`);
  const slow = await growthMb(server, baseBytes, () => readSlowly(server.port));
  console.log(`growth beside a reader of ${slowBytesPerS} B/s for ${slowS} s: ${slow.toFixed(1)} MB`);
  const start = performance.now();
  let bytes = 0;
  const fast = await growthMb(server, baseBytes, async () => {
    bytes = await readAll(server.port);
  });
  const s = (performance.now() - start) / 1_000;
  console.log(`growth beside a fast reader: ${fast.toFixed(1)} MB (${bytes} bytes in ${s.toFixed(1)} s)`);
}

/** Everything up to the end of the burst; how many bytes that is. */
async function readAll(port: number): Promise<number> {
  const socket = await entered(port);
  let bytes = 0;
  let tail = '';
  socket.write(`takeover full ${password}\n`);
  await new Promise<void>((resolve) => {
    socket.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      tail = (tail + chunk.subarray(-4).toString('latin1')).slice(-4);
      if (tail === '\r\n\r\n') resolve();
    });
  });
  socket.destroy();
  return bytes;
}

async function readSlowly(port: number): Promise<void> {
  const socket = await entered(port);
  socket.pause();
  socket.write(`takeover full ${password}\n`);
  for (let second = 0; second < slowS; second += 1) {
    await delay(1_000);
    socket.read(slowBytesPerS);
  }
  socket.destroy();
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

void main();
