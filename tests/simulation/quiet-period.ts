/** The end of a schedule: nothing goes wrong any more, everybody logs in, sends what is not known to be stored, reads
 *  everything and acknowledges it. Then nothing may be missing. */

import { quiet } from '../harness/quiet';
import type { Client } from './client';
import type { SimulatedWorld } from './simulated-world';

/** More than it ever takes to come to rest, and to read what is sent again. */
const stepsMax = 20_000;
const roundsMax = 20;

export async function quietPeriod(world: SimulatedWorld): Promise<void> {
  world.calmDown();
  await rest(world);
  requireProgress(world);
  // What a later device sends again is read by the earlier ones in the next round, and makes room in their mailboxes.
  for (let round = 0, sent = 1; sent > 0 && round < roundsMax; round += 1) {
    sent = 0;
    for (const client of world.clients) sent += await visit(world, client);
  }
  if (world.ledger.violation !== undefined) return;
  world.ledger.requireComplete();
  world.requireKept();
}

/** Runs until nothing is under way, and nothing follows from asking for heads again. */
async function rest(world: SimulatedWorld): Promise<void> {
  await drain(world);
  world.life.passTime();
  await quiet();
  await drain(world);
}

async function drain({ ledger, scheduler }: SimulatedWorld): Promise<void> {
  const end = scheduler.count + stepsMax;
  while (!scheduler.isQuiet && ledger.violation === undefined) {
    ledger.require(scheduler.count < end, 'never quiet', () => `after ${stepsMax} steps`);
    scheduler.runOne();
    await quiet();
  }
}

function requireProgress({ ledger, life }: SimulatedWorld): void {
  for (const conversation of life.conversations) {
    const { device } = conversation.needs;
    ledger.require(!conversation.isWaiting, 'unanswered', () => `a request of device '${device}'`);
    if (conversation.isLive) conversation.view?.requireWritten();
  }
}

/** Logs a device in, and gives how many messages it has sent again. */
async function visit(world: SimulatedWorld, client: Client): Promise<number> {
  const { ledger, scheduler } = world;
  if (ledger.violation !== undefined) return 0;
  client.close();
  await rest(world);
  if (client.isUnknown) client.enter('create');
  client.enter('takeover');
  await rest(world);
  ledger.require(client.isLoggedIn || client.isUnknown, 'stuck', () => `${client.options.username} cannot log in`);
  const unsure = client.isLoggedIn ? client.unsureCount : 0;
  for (let tries = 0; tries < unsure; tries += 1) {
    scheduler.note(client.options.username, 'retries');
    client.retry();
    await rest(world);
  }
  while (client.isLoggedIn && client.hasAckDue) {
    client.acknowledge(0);
    await rest(world);
  }
  requireProgress(world);
  client.close();
  await rest(world);
  return unsure;
}
