/** What delivery receipts cost: acknowledgements one by one, the end of many sessions that wait for some; and a login with
 *  unread messages in as many rooms as an account may have. Each beside the same without. */

import { readdirSync } from 'node:fs';
import { RawClient } from '../../tests/harness/raw-client';
import { startChateau } from '../contestants/chateau';
import { burst, pipeline, unanswered } from '../costs/requests';
import { atRest } from '../costs/sampler';
import { withUnread } from '../costs/settings';
import { body, Site } from '../costs/site';
import { delay } from '../load/crew';
import type { User } from '../load/wire';
import type { Peer } from '../peers/peer';
import { type Metric, median } from '../recorder';
import type { Scene, Stage } from '../stage';
import { idlers, recipients } from '../users';

const acks = 50_000;
/** One session may wait for 10,000 receipts. */
const senders = 5;
const warmUpAcks = 5_000;
const sessions = 4_000;
const receiptsEach = 20;
const rooms = 1_000;
const logins = 20;
const pingEveryMs = 1;
/** How long pings go on once the last session has ended. */
const afterMs = 500;
/** How long the end of all sessions may take, and how many files the store may open meanwhile. */
const endMsMax = 60_000;
const otherFilesMax = 8;

const times = (name: string): Metric => ({ name, unit: 'times', better: 'less' });
const ms = (name: string): Metric => ({ name, unit: 'ms', better: 'less' });

/** One run; only of this server. */
export async function receipts(stage: Stage, peer: Peer): Promise<void> {
  await acknowledgements(stage, peer);
  await endOfSessions(stage, peer);
  await loginWithRooms(stage, peer);
}

async function acknowledgements(stage: Stage, peer: Peer): Promise<void> {
  await onSite(stage, peer, 'receipts, acknowledgements', async (site) => {
    for (const capability of ['ack', 'receipts']) await acknowledgeMs(site, capability, warmUpAcks);
    const without = await acknowledgeMs(site, 'ack', acks);
    const withReceipts = await acknowledgeMs(site, 'receipts', acks);
    const common = { workload: 'receipts', contestant: peer.name } as const;
    stage.recorder.add({ ...common, metric: ms('50 000 acknowledgements one by one, no receipts'), value: without });
    stage.recorder.add({
      ...common,
      metric: ms('50 000 acknowledgements one by one, a receipt for each'),
      value: withReceipts,
    });
    const metric = times('acknowledgements with receipts to without');
    stage.recorder.add({ ...common, metric, value: withReceipts / without, note: 'bar: 3' });
  });
}

/** From the first acknowledgement until the server has read the last, and every sender has its last receipt. */
async function acknowledgeMs(site: Site, capability: string, count: number): Promise<number> {
  const name = site.account();
  const clients = await site.loginAll(site.accounts(senders), capability);
  for (const client of clients) await pipeline(client, Array<string>(count / senders).fill(`send ${name} ${body}`));
  const recipient = await site.login(name);
  const requests = Array.from({ length: count }, (_, i) => `ack ${name} ${i + 1}`);
  const startMs = performance.now();
  await unanswered(recipient, requests);
  if (capability === 'receipts') await clients.at(-1)?.until(`! 250 ${name} ${count}\r\n`);
  const elapsedMs = performance.now() - startMs;
  site.release();
  return elapsedMs;
}

async function endOfSessions(stage: Stage, peer: Peer): Promise<void> {
  const without = await longestPingMs(stage, peer, 'cmap');
  const withReceipts = await longestPingMs(stage, peer, 'cmap-receipts');
  if (without === undefined || withReceipts === undefined) return;
  const common = { workload: 'receipts', contestant: peer.name } as const;
  const title = 'longest ping while 4 000 sessions end at once';
  stage.recorder.add({ ...common, metric: ms(`${title}, no receipts`), value: without });
  stage.recorder.add({ ...common, metric: ms(`${title}, 20 receipts pending each`), value: withReceipts });
  const metric = times('longest ping with receipts to without');
  stage.recorder.add({ ...common, metric, value: withReceipts / without, note: 'bar: 3' });
}

/** The sessions belong to the generator, which is killed: the operating system closes all its sockets at once.
 *  `undefined` when it could not be measured, which is in the report already. */
async function longestPingMs(stage: Stage, peer: Peer, wire: string): Promise<number | undefined> {
  const users: readonly User[] = idlers.slice(0, sessions);
  let longestMs: number | undefined;
  const play = async ({ running, generator, target }: Scene): Promise<void> => {
    const pinger = await RawClient.connect(running.port);
    await pinger.ask('hello 2');
    const messagesEach = receiptsEach;
    await generator.order({ kind: 'stay', target: { ...target(), wire }, users, recipients, messagesEach, atOnce: 50 });
    await atRest(running.pid);
    const filesAfter = filesOf(running.pid) - sessions;
    const ended = generator.stop().then(() => fewerFiles(running.pid, filesAfter));
    longestMs = await longestRoundTripMs(pinger, ended);
    pinger.close();
  };
  const options = { users: [...users, ...recipients], connectionsMax: sessions + 100 };
  await stage.play(`receipts, end of sessions, ${wire}`, peer, play, options);
  return longestMs;
}

/** Pings one after the other until `end` resolves. */
async function longestRoundTripMs(pinger: RawClient, end: Promise<void>): Promise<number> {
  let isOver = false;
  const over = end.finally(() => {
    isOver = true;
  });
  let longestMs = 0;
  while (!isOver) {
    const startMs = performance.now();
    await pinger.ask('ping');
    longestMs = Math.max(longestMs, performance.now() - startMs);
    await delay(pingEveryMs);
  }
  await over;
  return longestMs;
}

/** Resolves half a second after the process has closed its sockets and has so many files open; other files may have been
 *  opened meanwhile.
 *  @throws Error when it takes more than a minute */
async function fewerFiles(pid: number, files: number): Promise<void> {
  const startMs = performance.now();
  while (filesOf(pid) > files + otherFilesMax) {
    if (performance.now() - startMs > endMsMax) throw new Error('the server did not close its connections');
    await delay(pingEveryMs);
  }
  await delay(afterMs);
}

/** Open files of a process, sockets among them. Linux only. */
function filesOf(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

async function loginWithRooms(stage: Stage, peer: Peer): Promise<void> {
  await onSite(stage, peer, 'receipts, login with rooms', async (site) => {
    const spread = (await withUnread(site, rooms)).name;
    const mailbox = site.account();
    await site.mail(mailbox, rooms);
    const [spreadMs, mailboxMs]: [number[], number[]] = [[], []];
    for (let i = 0; i < logins; i += 1) {
      spreadMs.push(await loginMs(site, spread));
      mailboxMs.push(await loginMs(site, mailbox));
    }
    const [inRooms, inMailbox] = [median(spreadMs), median(mailboxMs)];
    const common = { workload: 'receipts', contestant: peer.name } as const;
    stage.recorder.add({ ...common, metric: ms('login with 1 000 unread in the mailbox'), value: inMailbox });
    stage.recorder.add({ ...common, metric: ms('login with one unread in each of 1 000 rooms'), value: inRooms });
    const metric = times('login with unread in rooms to unread in the mailbox');
    stage.recorder.add({ ...common, metric, value: inRooms / inMailbox });
  });
}

/** From the request to the end of the burst. Nothing is acknowledged: the next login delivers the same. */
async function loginMs(site: Site, name: string): Promise<number> {
  const client = await site.connect();
  const startMs = performance.now();
  await burst(client, `takeover ${name} pw`);
  const elapsedMs = performance.now() - startMs;
  site.release();
  return elapsedMs;
}

async function onSite(stage: Stage, peer: Peer, title: string, play: (site: Site) => Promise<void>): Promise<void> {
  const users = idlers.slice(0, 1_000);
  const playOn = async ({ running }: Scene): Promise<void> => {
    const site = new Site(
      running.port,
      users.map(({ name }) => name),
    );
    try {
      await play(site);
    } finally {
      site.close();
    }
  };
  const start = startChateau;
  await stage.play(title, peer, playOn, { users, start });
}
