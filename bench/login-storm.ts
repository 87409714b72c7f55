/** How much a storm of logins delays a `ping` on another connection.
 *
 *  `npm run bench:login-storm` prints the round trip of pings without a storm and beside one, from the same run:
 *  bcrypt at cost 12, 50 logins waiting at once. */

import { ignoreOutputErrors } from '../client/terminal/lost-output';
import { RawClient } from '../tests/harness/raw-client';
import { ServerProcess } from '../tests/harness/server-process';

const bcryptCost = 12;
const logins = 50;
/** Pings a second, evenly: often enough to meet every pause of more than a few milliseconds. */
const pingEveryMs = 2;
const quietMs = 5_000;

async function main(): Promise<void> {
  const server = await ServerProcess.start(['--bcrypt-cost', String(bcryptCost)]);
  try {
    await createAccounts(server.port);
    const pinger = await RawClient.connect(server.port);
    await sample(pinger, delay(500));
    const quiet = await sample(pinger, delay(quietMs));
    const storm = await sample(pinger, stormOf(server.port));
    report(quiet, storm);
  } finally {
    await server.stop();
  }
}

async function createAccounts(port: number): Promise<void> {
  const client = await RawClient.connect(port);
  for (let i = 0; i < logins; i += 1) client.send(`create storm${i} pw\n`);
  for (let i = 0; i < logins; i += 1) {
    const reply = await client.line();
    if (!reply.startsWith('201')) throw new Error(reply);
    process.stderr.write(`\raccounts ${i + 1}/${logins}`);
  }
  process.stderr.write('\n');
  client.close();
}

/** All logins at once, each on its own connection; resolves when the last is through. */
async function stormOf(port: number): Promise<void> {
  const clients = await Promise.all(Array.from({ length: logins }, () => RawClient.connect(port)));
  await Promise.all(
    clients.map(async (client, i) => {
      const [status] = await client.askBlock(`login storm${i} pw`);
      if (status !== `200 storm${i} 0`) throw new Error(status);
    }),
  );
  for (const client of clients) client.close();
}

/** Round trips in milliseconds, one after the other, until `end` resolves. */
async function sample(pinger: RawClient, end: Promise<void>): Promise<number[]> {
  const roundTripsMs: number[] = [];
  let isOver = false;
  const over = end.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    const start = performance.now();
    await pinger.ask('ping');
    roundTripsMs.push(performance.now() - start);
    await delay(pingEveryMs);
  }
  await over;
  return roundTripsMs.sort((a, b) => a - b);
}

function report(quiet: readonly number[], storm: readonly number[]): void {
  console.log(`| ping, ms | p50 | p99 | worst | pings |\n| --- | --- | --- | --- | --- |`);
  console.log(row('without a storm', quiet));
  console.log(row(`beside ${logins} logins, bcrypt cost ${bcryptCost}`, storm));
  console.log(`\np99 added by the storm: ${(quantile(storm, 0.99) - quantile(quiet, 0.99)).toFixed(2)} ms`);
}

function row(name: string, sorted: readonly number[]): string {
  const cells = [quantile(sorted, 0.5), quantile(sorted, 0.99), sorted.at(-1) ?? Number.NaN];
  return `| ${name} | ${cells.map((ms) => ms.toFixed(2)).join(' | ')} | ${sorted.length} |`;
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

ignoreOutputErrors(process.stdout, process.stderr);
void main();
