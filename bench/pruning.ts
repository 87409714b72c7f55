/** How much a lone append is delayed by the pruning of 1,000,000 old messages, and what the removal of an account with
 *  a large mailbox delays it.
 *
 *  `npm run bench:pruning` */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ignoreOutputErrors } from '../client/terminal/lost-output';
import { systemClock } from '../server/clock';
import type { Account, AccountId, LogId, Seq, UnixMs } from '../server/core/ports';
import { mailboxOf } from '../server/core/ports';
import { Retention, retentionBounds } from '../server/core/retention';
import type { Pruned, WholeStore } from '../server/core/retention-store';
import { openSqliteStore } from '../server/store/sqlite/store';
import type { Username } from '../shared/names';
import { Latencies } from './latencies';

const mailboxes = 100;
const messagesEach = 10_000;
const bodyBytes = 200;
const removedMessages = 100_000;
const appendEveryMs = 2;
const aloneMs = 10_000;
const monthMs = 31 * 86_400_000;

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'chateau-pruning-'));
  const logger = { info: () => {}, warn: () => {}, error: (...told: unknown[]) => console.error(...told) };
  const store = await openSqliteStore({
    path: join(folder, 'chateau.db'),
    migrationsFolder: join(__dirname, '..', 'migrations', 'sqlite'),
    mailboxMessagesMax: 1_000_000,
    logger,
  });
  try {
    const [sender, receiver] = await Promise.all([account(store, 'sender'), account(store, 'receiver')]);
    const pair = { store, sender, receiver } as Pair;
    const old = (systemClock.now() - monthMs) as UnixMs;
    await fillAll(pair, mailboxes, messagesEach, old);
    const huge = await account(store, 'huge');
    await fillOne(pair, huge, removedMessages, old);

    await appends(pair, delay(2_000));
    const alone = await appends(pair, delay(aloneMs));
    const removing = await appends(
      pair,
      timed('removing an account', () => store.accounts.remove(huge.id)),
    );
    const swept = await appends(pair, sweep(store, logger));
    const aloneAfter = await appends(pair, delay(aloneMs));
    await fillAll(pair, mailboxes, messagesEach, old);
    const aloneAgain = await appends(pair, delay(aloneMs));
    const flooded = await appends(pair, pruneWithoutPause(store, old));

    console.log(Latencies.head('a lone append'));
    console.log(alone.row('alone'));
    console.log(removing.row(`beside the removal of ${removedMessages} messages`));
    console.log(swept.row('beside the sweep'));
    console.log(aloneAfter.row('alone, after it'));
    console.log(aloneAgain.row('alone'));
    console.log(flooded.row('beside pruning without a pause'));
    const aloneMsP99 = Math.min(alone.quantile(0.99), aloneAfter.quantile(0.99));
    console.log(`\nratio of p99 beside the sweep: ${(swept.quantile(0.99) / aloneMsP99).toFixed(2)}`);
    console.log(`ratio of p99 without a pause: ${(flooded.quantile(0.99) / aloneAgain.quantile(0.99)).toFixed(2)}`);
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Pair {
  readonly store: WholeStore;
  readonly sender: Account;
  readonly receiver: Account;
}

function account(store: WholeStore, name: string): Promise<Account> {
  return store.accounts.create(name as Username, undefined, 0 as UnixMs);
}

function send({ store, sender }: Pair, to: Account, at: UnixMs, key?: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const body = new Uint8Array(bodyBytes).fill(0x78);
    const fate = { committed: () => resolve(), refused: (code: string) => reject(new Error(code)) };
    store.logs.append({ senderId: sender.id, from: sender.name, to: to.name, key, body, at, ...fate });
  });
}

/** Old messages that are acknowledged. */
async function fillAll(pair: Pair, count: number, messages: number, at: UnixMs): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    const name = `old${i}` as Username;
    const to = (await pair.store.accounts.find(name)) ?? (await account(pair.store, name));
    await fillOne(pair, to, messages, at);
    const [head] = await pair.store.logs.heads([mailboxOf(to.id)]);
    const move = { account: to.id as AccountId, device: '', log: mailboxOf(to.id), seq: head as Seq };
    await pair.store.logs.moveCursors([move]);
    process.stderr.write(`\rfilling ${i + 1}/${count}`);
  }
  process.stderr.write('\n');
}

async function fillOne(pair: Pair, to: Account, messages: number, at: UnixMs): Promise<void> {
  for (let done = 0; done < messages; done += 10_000) {
    const keys = Array.from({ length: Math.min(10_000, messages - done) }, (_, i) => `${at}-${Math.random()}-${i}`);
    await Promise.all(keys.map((key) => send(pair, to, at, key)));
  }
}

/** One after the other until `end` resolves. */
async function appends(pair: Pair, end: Promise<unknown>): Promise<Latencies> {
  const latencies = new Latencies();
  let isOver = false;
  void end.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    await latencies.time(() => send(pair, pair.receiver, systemClock.now()));
    await delay(appendEveryMs);
  }
  await end;
  return latencies;
}

async function timed(name: string, action: () => Promise<void>): Promise<void> {
  const start = performance.now();
  await action();
  console.error(`${name}: ${(performance.now() - start).toFixed(1)} ms`);
}

/** One sweep, as the server makes it at its start. */
function sweep(store: WholeStore, logger: { info(): void; warn(): void; error(): void }): Promise<void> {
  const start = performance.now();
  return new Promise((resolve) => {
    const told = (event: string, facts?: object): void => {
      if (event !== 'pruned') return;
      console.error(`sweep: ${((performance.now() - start) / 1_000).toFixed(1)} s ${JSON.stringify(facts)}`);
      void retention.close().then(resolve);
    };
    const retention = new Retention(
      { store: store.retention, clock: systemClock, logger: { ...logger, info: told }, devicesInUse: () => [] },
      { historyDays: 30 },
    );
    retention.start();
  });
}

async function pruneWithoutPause(store: WholeStore, old: UnixMs): Promise<void> {
  const { logsMax, messagesMax } = retentionBounds;
  const before = (old + 1) as UnixMs;
  let after: LogId | undefined = 0 as LogId;
  let count = 0;
  const start = performance.now();
  while (after !== undefined) {
    const { next, messages }: Pruned = await store.retention.prune({ after, before, logsMax, messagesMax });
    count += messages;
    after = next;
  }
  console.error(`without a pause: ${count} messages in ${((performance.now() - start) / 1_000).toFixed(1)} s`);
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

ignoreOutputErrors(process.stdout, process.stderr);
void main();
