/** 200 clients that log in and never read, each owed 10 MB: how much memory the server takes, and how much later the
 *  messages of another pair arrive.
 *
 *  `npm run bench:never-reading` */

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { ignoreOutputErrors } from '../client/terminal/lost-output';
import { RawClient } from '../tests/harness/raw-client';
import { ServerProcess } from '../tests/harness/server-process';
import { createAccounts, fill, password } from './filling';
import { Latencies } from './latencies';
import { growthMb } from './resident-memory';

const clients = 200;
const bodyBytes = 50_000;
const messages = 210;
const pairMs = 15_000;
const sendEveryMs = 5;
const idleCpuMsPerS = 250;

async function main(): Promise<void> {
  const server = await ServerProcess.start();
  const names = Array.from({ length: clients }, (_, i) => `deaf${i}`);
  try {
    await createAccounts(server, [...names, 'sender', 'receiver']);
    console.error(`filling ${clients} mailboxes with ${((messages * bodyBytes) / 1e6).toFixed(1)} MB each`);
    await fill(server, { accounts: names, messages, bodyBytes });
    const pair = { sender: await login(server.port, 'sender'), receiver: await login(server.port, 'receiver') };
    await delays(pair, delay(2_000));
    const without = await delays(pair, delay(pairMs));
    const baseBytes = server.residentBytes();
    let sockets: Socket[] = [];
    let during = new Latencies();
    let beside = new Latencies();
    const growth = await growthMb(server, baseBytes, async () => {
      const filled = Promise.all(names.map((name) => neverRead(server.port, name))).then(async (entered) => {
        sockets = entered;
        await settled(server);
      });
      during = await delays(pair, filled);
      beside = await delays(pair, delay(pairMs));
    });
    for (const socket of sockets) socket.destroy();
    await settled(server);
    const after = await delays(pair, delay(pairMs));
    console.log(Latencies.head('from send to arrival'));
    console.log(without.row('alone'));
    console.log(during.row(`while ${clients} log in and their connections fill`));
    console.log(beside.row(`beside ${clients} that never read`));
    console.log(after.row('alone, after they have gone'));
    for (const share of [0.5, 0.99]) {
      const alone = (without.quantile(share) + after.quantile(share)) / 2;
      const ratio = beside.quantile(share) / alone;
      console.log(`${share === 0.5 ? '\n' : ''}ratio of p${share * 100}: ${ratio.toFixed(2)}`);
    }
    console.log(`resident before: ${(baseBytes / 1_048_576).toFixed(0)} MB, growth: ${growth.toFixed(1)} MB`);
  } finally {
    await server.stop();
  }
}

async function login(port: number, name: string): Promise<RawClient> {
  const client = await RawClient.connect(port);
  const [status] = await client.askBlock(`login ${name} ${password}`);
  if (status !== `200 ${name} 0`) throw new Error(status);
  return client;
}

/** Resolves once the login was answered, which is the only thing that is read. */
async function neverRead(port: number, name: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(`login ${name} ${password}\n`);
  await once(socket, 'readable');
  return socket;
}

interface Pair {
  readonly sender: RawClient;
  readonly receiver: RawClient;
}

/** From sending a message to its arrival, one after the other until `end` resolves. */
async function delays({ sender, receiver }: Pair, end: Promise<void>): Promise<Latencies> {
  const latencies = new Latencies();
  let isOver = false;
  const over = end.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    await latencies.time(async () => {
      sender.send('send receiver hello\n');
      await receiver.line();
    });
    await sender.line();
    await delay(sendEveryMs);
  }
  await over;
  return latencies;
}

/** Resolves once the server has written what the connections take, and is as good as idle. */
async function settled(server: ServerProcess): Promise<void> {
  let before = server.cpuMs();
  for (;;) {
    await delay(1_000);
    const now = server.cpuMs();
    if (now - before < idleCpuMsPerS) return;
    before = now;
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

ignoreOutputErrors(process.stdout, process.stderr);
void main();
