/** Requests about one account and its sessions: logging in and out, deleting, blocking. */

import type { RawClient } from '../../tests/harness/raw-client';
import type { GrowthCase, Sample } from './growth-case';
import { askOnEach, burst, burstOnEach, pipeline } from './requests';
import { blocker, inhabitant, mailboxOf, newBlocker, newMailbox, useDevices, withUnread } from './settings';
import { body, type Site } from './site';

const logins = 5;
const logouts = 20;
const receiptSenders = 5;
const hellos = 5_000;
const blocks = 200;
const deviceLogins = 12;

export const accountCases: readonly GrowthCase[] = [
  {
    request: 'hello',
    grows: 'words',
    judged: 'request',
    size: 50,
    async prepare(site, size) {
      const client = await site.connect();
      const hello = `hello 2 ${Array<string>(size).fill('x').join(' ')}`;
      return { requests: hellos, run: () => pipeline(client, Array<string>(hellos).fill(hello)) };
    },
  },
  {
    request: 'login',
    grows: 'messages waiting',
    judged: 'request',
    size: 1_000,
    prepare: async (site, size) => entries(site, 'login', await mailboxOf(site, size)),
  },
  {
    request: 'login',
    grows: 'rooms with one unread message each',
    judged: 'request',
    size: 100,
    prepare: async (site, size) => entries(site, 'login', (await withUnread(site, size)).name),
  },
  {
    request: 'login',
    grows: 'rooms',
    judged: 'request',
    size: 100,
    prepare: async (site, size) => entries(site, 'login', (await inhabitant(site, size)).name),
  },
  {
    request: 'login',
    grows: 'rooms, on a new device',
    judged: 'request',
    size: 100,
    async prepare(site, size) {
      const { name } = await inhabitant(site, size);
      // A fresh account name serves as a fresh device name.
      const clients: RawClient[] = [];
      for (const device of site.accounts(logins)) clients.push(await site.connect(`ack device=${device}`));
      return { requests: logins, run: () => burstOnEach(clients, `login ${name} pw`) };
    },
  },
  {
    request: 'login',
    grows: 'devices',
    judged: 'each',
    size: deviceLogins,
    async prepare(site, size) {
      const name = await site.once(`devices ${size}`, async () => {
        const account = site.account();
        await useDevices(site, account, size);
        return account;
      });
      const clients: RawClient[] = [];
      for (let i = 0; i < deviceLogins; i += 1) clients.push(await site.connect(`ack device=d${i}`));
      return { requests: clients.length, run: () => burstOnEach(clients, `login ${name} pw`) };
    },
  },
  {
    request: 'takeover',
    grows: 'messages waiting',
    judged: 'request',
    size: 1_000,
    prepare: async (site, size) => entries(site, 'takeover', await mailboxOf(site, size)),
  },
  {
    request: 'takeover',
    grows: 'rooms with one unread message each',
    judged: 'request',
    size: 100,
    prepare: async (site, size) => entries(site, 'takeover', (await withUnread(site, size)).name),
  },
  {
    request: 'delete',
    grows: 'messages waiting',
    judged: 'request',
    size: 1_000,
    prepare: async (site, size) => deletion(site, await newMailbox(site, size)),
  },
  {
    request: 'delete',
    grows: 'rooms',
    judged: 'request',
    size: 100,
    async prepare(site, size) {
      const { rooms } = await inhabitant(site, size);
      const name = site.account();
      await pipeline(await site.login(name), [...rooms.map((room) => `join ${room}`), 'logout']);
      return deletion(site, name);
    },
  },
  {
    request: 'delete',
    grows: 'blocks',
    judged: 'request',
    size: 500,
    prepare: async (site, size) => deletion(site, await newBlocker(site, size)),
  },
  {
    request: 'delete',
    grows: 'devices',
    judged: 'request',
    size: 12,
    async prepare(site, size) {
      const name = site.account();
      await useDevices(site, name, size);
      return deletion(site, name);
    },
  },
  {
    request: 'logout',
    grows: 'rooms',
    judged: 'request',
    size: 100,
    prepare: async (site, size) => exits(site, 'logout', (await inhabitant(site, size)).name),
  },
  {
    request: 'logout',
    grows: 'receipts pending',
    judged: 'request',
    size: 1_000,
    async prepare(site, size) {
      const senders = await site.loginAll(site.accounts(receiptSenders), 'receipts');
      const to = site.account();
      for (const sender of senders) await pipeline(sender, Array<string>(size).fill(`send ${to} ${body}`));
      return { requests: senders.length, run: () => askOnEach(senders, 'logout') };
    },
  },
  {
    request: 'quit',
    grows: 'rooms',
    judged: 'request',
    size: 100,
    prepare: async (site, size) => exits(site, 'quit', (await inhabitant(site, size)).name),
  },
  {
    request: 'block',
    grows: 'blocks',
    judged: 'each',
    size: 500,
    prepare: (site, size) => blocking(site, size, 'block'),
  },
  {
    request: 'unblock',
    grows: 'blocks',
    judged: 'each',
    size: 500,
    prepare: (site, size) => blocking(site, size, 'unblock'),
  },
];

/** Logins that acknowledge nothing, so that each delivers the same; takeovers end the one before. */
async function entries(site: Site, request: 'login' | 'takeover', name: string): Promise<Sample> {
  const capabilities = request === 'login' ? 'ack' : 'ack device=d1';
  if (request === 'takeover') await burst(await site.connect(capabilities), `takeover ${name} pw`);
  const clients = await site.connectAll(logins, capabilities);
  return { requests: logins, run: () => burstOnEach(clients, `${request} ${name} pw`) };
}

async function exits(site: Site, request: 'logout' | 'quit', name: string): Promise<Sample> {
  const clients = await site.loginAll(Array<string>(logouts).fill(name));
  return { requests: logouts, run: () => askOnEach(clients, request) };
}

async function deletion(site: Site, name: string): Promise<Sample> {
  const client = await site.connect();
  return { requests: 1, run: () => burst(client, `delete ${name} pw`) };
}

/** The accounts are not blocked before they are, and blocked before they are not. */
async function blocking(site: Site, size: number, request: 'block' | 'unblock'): Promise<Sample> {
  const { client, others } = await blocker(site, size);
  const accounts = others.slice(0, blocks);
  const before = request === 'block' ? 'unblock' : 'block';
  await pipeline(
    client,
    accounts.map((other) => `${before} ${other}`),
  );
  const requests = accounts.map((other) => `${request} ${other}`);
  return { requests: blocks, run: () => pipeline(client, requests) };
}
