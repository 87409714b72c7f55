/** W7: one account with 1,000,000 undelivered messages: how long its login takes to the first byte beside that of an
 *  empty mailbox, and how much memory the server takes while a fast reader and a slow one are written everything. */

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { RawClient } from '../../tests/harness/raw-client';
import { fillMailbox } from '../chateau-filling';
import { startChateau } from '../contestants/chateau';
import { delay } from '../load/crew';
import type { Peer } from '../peers/peer';
import { treeOf, usageOf } from '../processes';
import { type Metric, median } from '../recorder';
import { growthMb } from '../resident-memory';
import type { Stage } from '../stage';

const messages = 1_000_000;
const users = ['sender', 'full', 'empty'].map((name) => ({ name, password: 'pw' }));
const logins = 100;
const warmUpLogins = 10;
const restMs = 50;
/** How long any answer may take. */
const answerMsMax = 30_000;
const slowBytesPerS = 1_024;
const slowS = 10;

const firstByte: Metric = { name: 'first byte of a login, 1 000 000 undelivered', unit: 'ms', better: 'less' };
const emptyFirstByte: Metric = { name: 'first byte of a login, empty mailbox', unit: 'ms', better: 'less' };
const ratio: Metric = { name: 'first byte, full mailbox to empty', unit: 'times', better: 'less' };
const slowGrowth: Metric = { name: 'memory beside a reader of 1 KB/s', unit: 'MB', better: 'less' };
const fastGrowth: Metric = { name: 'memory beside a fast reader', unit: 'MB', better: 'less' };

/** One run of W7; only of this server. */
export async function hugeMailbox(stage: Stage, peer: Peer): Promise<void> {
  const common = { workload: 'W7', contestant: peer.name } as const;
  await stage.play(
    'W7',
    peer,
    async ({ running }) => {
      const times = await loginTimesMs(running.port);
      const [full, empty] = [median(times.full), median(times.empty)];
      stage.recorder.add({ ...common, metric: firstByte, value: full });
      stage.recorder.add({ ...common, metric: emptyFirstByte, value: empty });
      stage.recorder.add({ ...common, metric: ratio, value: full / empty });
      const server = { residentBytes: () => usageOf(treeOf(running.pid)).residentBytes };
      const base = server.residentBytes();
      const slow = await growthMb(server, base, () => readSlowly(running.port));
      const fast = await growthMb(server, base, () => readAll(running.port));
      stage.recorder.add({ ...common, metric: slowGrowth, value: slow });
      stage.recorder.add({ ...common, metric: fastGrowth, value: fast });
    },
    {
      users,
      mailboxMessagesMax: 2 * messages,
      start: (options) => startChateau({ ...options, fill: (store) => fillMailbox(store, 'sender', 'full', messages) }),
    },
  );
}

/** Of the accounts `full` and `empty` in turn. */
export async function loginTimesMs(port: number): Promise<{ full: number[]; empty: number[] }> {
  const times: { full: number[]; empty: number[] } = { full: [], empty: [] };
  for (let i = 0; i < warmUpLogins + logins; i += 1) {
    for (const name of ['full', 'empty'] as const) {
      const ms = await firstByteMs(port, name);
      if (i >= warmUpLogins) times[name].push(ms);
      // What was on its way to a connection that is gone must not be counted against the next one.
      await delay(restMs);
    }
  }
  return times;
}

async function greeted(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  socket.write('hello 2 ack\n');
  requireSuccess(await bytesOf(socket));
  return socket;
}

async function firstByteMs(port: number, name: string): Promise<number> {
  const socket = await greeted(port);
  const startMs = performance.now();
  socket.write(`takeover ${name} pw\n`);
  const reply = await bytesOf(socket);
  const ms = performance.now() - startMs;
  socket.destroy();
  requireSuccess(reply);
  return ms;
}

/** What comes next.
 *  @throws Error when nothing comes */
async function bytesOf(socket: Socket): Promise<Buffer> {
  const [bytes] = await once(socket, 'data', { signal: AbortSignal.timeout(answerMsMax) });
  return bytes;
}

function requireSuccess(reply: Buffer): void {
  const [status = ''] = reply.toString('latin1', 0, 64).split('\r\n', 1);
  if (!status.startsWith('200 ')) throw new Error(`the server answered ${status}`);
}

/** Everything up to the end of the burst, which must be all that is undelivered. */
async function readAll(port: number): Promise<void> {
  const client = await RawClient.connect(port);
  await client.ask('hello 2 ack');
  client.send('takeover full pw\n');
  const status = await client.line();
  let read = 0;
  while ((await client.line()) !== '') read += 1;
  client.close();
  if (status !== `200 full ${messages}` || read !== messages) throw new Error(`${read} messages came after ${status}`);
}

async function readSlowly(port: number): Promise<void> {
  const socket = await greeted(port);
  socket.pause();
  socket.write('takeover full pw\n');
  for (let second = 0; second < slowS; second += 1) {
    await delay(1_000);
    const bytes: Buffer | null = socket.read(slowBytesPerS);
    if (bytes === null) throw new Error(`a slow reader got nothing after ${second} s`);
    if (second === 0) requireSuccess(bytes);
  }
  socket.destroy();
}
