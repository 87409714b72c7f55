/** Requests about messages: sent, acknowledged, delivered, looked up. */

import type { RawClient } from '../../tests/harness/raw-client';
import type { GrowthCase, Sample } from './growth-case';
import { burst, burstsOf, pipeline, unanswered } from './requests';
import { blocker, inhabitant, mailboxOf, newInhabitant, speak, withUnread } from './settings';
import { body, type Site } from './site';

const sends = 5_000;
const pages = 50;
const blocksAndSends = 50;
const bursts = 5;
const sendsWithReceipts = 2_000;
const receiptSenders = 5;
const unreadEach = 10;

export const messageCases: readonly GrowthCase[] = [
  {
    request: 'send',
    grows: 'messages waiting',
    judged: 'each',
    size: 5_000,
    prepare: async (site, size) => sendsTo(site, await mailboxOf(site, size)),
  },
  {
    request: 'send',
    grows: 'receipts pending',
    judged: 'each',
    // 10,000 are the most that may be pending; the sends that are measured come on top.
    size: 800,
    async prepare(site, size) {
      const sender = await site.login(site.account(), 'receipts');
      const to = site.account();
      await pipeline(sender, sendsOf(to, size));
      return { requests: sendsWithReceipts, run: () => pipeline(sender, sendsOf(to, sendsWithReceipts)) };
    },
  },
  {
    request: 'send',
    grows: 'blocks of the recipient',
    judged: 'each',
    size: 500,
    prepare: async (site, size) => sendsTo(site, (await blocker(site, size)).name),
  },
  {
    request: 'send',
    grows: 'blocks of the recipient, one more before each message',
    judged: 'each',
    size: 500,
    async prepare(site, size) {
      const { name, client, others } = await blocker(site, size);
      const sender = await site.login(site.account());
      const blocked = others.slice(0, blocksAndSends);
      const run = async (): Promise<void> => {
        for (const other of blocked) {
          await pipeline(client, [`block ${other}`]);
          await pipeline(sender, sendsOf(name, 1));
        }
      };
      return { requests: blocked.length, run };
    },
  },
  {
    request: 'send',
    grows: 'rooms of the recipient, who is online',
    judged: 'each',
    size: 100,
    async prepare(site, size) {
      const { name } = await inhabitant(site, size);
      // Without acknowledgements of its own: other cases need the mailbox empty afterwards.
      await site.login(name, '');
      return sendsTo(site, name);
    },
  },
  {
    request: 'ack',
    grows: 'receipts pending',
    judged: 'each',
    size: 2_500,
    prepare: (site, size) => acksOneByOne(site, size, 'receipts'),
  },
  {
    request: 'ack',
    grows: 'messages waiting',
    judged: 'each',
    size: 2_500,
    prepare: (site, size) => acksOneByOne(site, size, 'ack'),
  },
  {
    request: 'ack',
    grows: `rooms with ${unreadEach} unread messages each`,
    judged: 'each',
    size: 100,
    async prepare(site, size) {
      const acknowledging = await site.once(`acknowledging ${size}`, () => newInhabitant(site, `#a${size}x`, size));
      for (let i = 0; i < unreadEach; i += 1) await speak(acknowledging);
      const client = await site.connect();
      const text = await burst(client, `login ${acknowledging.name} pw`);
      const acks = [...text.matchAll(/^\* (\d+) \d+ \S+ (#\S+) /gm)].map(([, seq, room]) => `ack ${room} ${seq}`);
      return { requests: acks.length, run: () => unanswered(client, acks) };
    },
  },
  {
    request: 'deliver',
    grows: 'messages waiting',
    judged: 'request',
    size: 1_000,
    prepare: async (site, size) => deliveries(site, await mailboxOf(site, size)),
  },
  {
    request: 'deliver',
    grows: 'rooms with one unread message each',
    judged: 'request',
    size: 100,
    prepare: async (site, size) => deliveries(site, (await withUnread(site, size)).name),
  },
  {
    request: 'history',
    grows: 'messages of the conversation',
    judged: 'request',
    size: 5_000,
    async prepare(site, size) {
      const name = await mailboxOf(site, size);
      return pagesOf(await site.postman(), `history ${name}`);
    },
  },
  {
    request: 'history',
    grows: 'messages of others since the last one with an account',
    judged: 'request',
    size: 2_000,
    async prepare(site, size) {
      const { name, friend } = await site.once(`buried ${size}`, () => buried(site, size));
      return pagesOf(await site.login(name), `history ${friend}`);
    },
  },
  {
    request: 'history',
    grows: 'messages of the room',
    judged: 'request',
    size: 5_000,
    async prepare(site, size) {
      const { client, room } = await site.once(`history of a room ${size}`, () => talked(site, size));
      return pagesOf(client, `history ${room}`);
    },
  },
];

function sendsOf(to: string, count: number): string[] {
  return Array<string>(count).fill(`send ${to} ${body}`);
}

async function sendsTo(site: Site, to: string): Promise<Sample> {
  const sender = await site.login(site.account());
  return { requests: sends, run: () => pipeline(sender, sendsOf(to, sends)) };
}

/** All messages of a burst, each acknowledged by a request of its own; with receipts until its sender has the last one. */
async function acksOneByOne(site: Site, size: number, capability: 'ack' | 'receipts'): Promise<Sample> {
  const senders = await site.loginAll(site.accounts(receiptSenders), capability);
  const name = site.account();
  for (const sender of senders) await pipeline(sender, sendsOf(name, size / senders.length));
  const client = await site.login(name);
  const acks = Array.from({ length: size }, (_, i) => `ack ${name} ${i + 1}`);
  const run = async (): Promise<void> => {
    await unanswered(client, acks);
    if (capability === 'receipts') await senders.at(-1)?.until(`! 250 ${name} ${size}\r\n`);
  };
  return { requests: size, run };
}

async function deliveries(site: Site, name: string): Promise<Sample> {
  const client = await site.login(name);
  return { requests: bursts, run: () => burstsOf(client, 'deliver', bursts) };
}

function pagesOf(client: RawClient, request: string): Sample {
  return { requests: pages, run: () => burstsOf(client, request, pages) };
}

/** An account with one old message of a friend and so many later ones of another account. */
async function buried(site: Site, size: number): Promise<{ name: string; friend: string }> {
  const [name, friend] = [site.account(), site.account()];
  await pipeline(await site.login(friend), sendsOf(name, 1));
  await site.mail(name, size);
  return { name, friend };
}

/** A room of one, which has so many messages. */
async function talked(site: Site, size: number): Promise<{ client: RawClient; room: string }> {
  const client = await site.login(site.account());
  const room = `#talk${size}`;
  await pipeline(client, [`room ${room}`, ...sendsOf(room, size)]);
  return { client, room };
}
