/** Logins, sends, history and the size of the database against the number of messages in one mailbox. */

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { RawClient } from '../../tests/harness/raw-client';
import { fillMailbox } from '../chateau-filling';
import { chateau, startChateau } from '../contestants/chateau';
import { median } from '../recorder';
import type { Stage } from '../stage';
import { loginTimesMs } from '../workloads/huge-mailbox';
import type { GrowthPoint } from './growth-point';

const sizes = [1_000, 10_000, 100_000, 1_000_000, 10_000_000];
/** What history and the database are measured with: a mailbox of that many undelivered messages is no use to anybody. */
const undeliveredMax = 1_000_000;
const samples = 200;
const users = ['sender', 'full', 'empty'].map((name) => ({ name, password: 'pw' }));

export async function growthOfMailboxes(stage: Stage, add: (point: GrowthPoint) => void): Promise<void> {
  for (const x of sizes) {
    let bytes = 0;
    await stage.play(
      `growth, ${x} messages`,
      chateau,
      async ({ running }) => {
        add({ chart: 'bytes-against-messages', line: 'database', x, y: bytes / x });
        await measure(running.port, x, add);
      },
      {
        users,
        mailboxMessagesMax: 10_000_000,
        start: async (options) => {
          const running = await startChateau({ ...options, fill: (store) => fillMailbox(store, 'sender', 'full', x) });
          bytes = sizeOf(options.folder);
          return running;
        },
      },
    );
  }
}

async function measure(port: number, x: number, add: (point: GrowthPoint) => void): Promise<void> {
  const client = await RawClient.connect(port);
  await client.ask('hello 2');
  await client.askBlock('login sender pw');
  const history = await requestMs(async () => void (await client.askBlock('history full')));
  add({ chart: 'history-against-messages', line: 'newest 50', x, y: history });
  if (x <= undeliveredMax) {
    const send = await requestMs(async () => {
      const reply = await client.ask('send full hello');
      if (!reply.startsWith('20')) throw new Error(reply);
    });
    add({ chart: 'send-against-mailbox', line: 'to its owner, who is away', x, y: send });
    const login = await loginTimesMs(port);
    add({ chart: 'login-against-mailbox', line: 'with ack', x, y: median(login.full) });
  }
  client.close();
}

async function requestMs(request: () => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < samples; i += 1) {
    const startMs = performance.now();
    await request();
    times.push(performance.now() - startMs);
  }
  return median(times);
}

/** Of the database with its write-ahead log, in bytes. */
function sizeOf(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}
