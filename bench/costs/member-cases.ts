/** Requests about rooms whose members are online, and of many sessions that do the same one after the other. */

import type { RawClient } from '../../tests/harness/raw-client';
import type { GrowthCase } from './growth-case';
import { askOnEach, burst, pipeline, unanswered } from './requests';
import { body, type Site } from './site';

const sends = 50;
const receiptsEach = 20;
const recipients = 10;

/** Members of one room, each on a connection of its own. */
interface Members {
  readonly room: string;
  readonly clients: readonly RawClient[];
}

export const memberCases: readonly GrowthCase[] = [
  {
    request: 'send',
    grows: 'members of the room, who are online',
    judged: 'request',
    size: 99,
    async prepare(site, size) {
      const { room, clients } = await membersOnline(site, size);
      const [speaker, ...listeners] = clients as [RawClient, ...RawClient[]];
      const run = async (): Promise<void> => {
        const heard = Promise.all(listeners.map((listener) => listener.lines(sends)));
        await pipeline(speaker, Array<string>(sends).fill(`send ${room} ${body}`));
        await heard;
      };
      return { requests: sends, run };
    },
  },
  {
    request: 'ack',
    grows: 'members of the room, each of whom acknowledges one message',
    judged: 'each',
    size: 99,
    async prepare(site, size) {
      const { room, clients } = await membersOnline(site, size);
      const [speaker, ...listeners] = clients as [RawClient, ...RawClient[]];
      await pipeline(speaker, [`send ${room} ${body}`]);
      const lines = await Promise.all(listeners.map((listener) => listener.line()));
      const seq = lines[0]?.split(' ')[1];
      const run = async (): Promise<void> => {
        await Promise.all(listeners.map((listener) => unanswered(listener, [`ack ${room} ${seq}`])));
      };
      return { requests: listeners.length, run };
    },
  },
  {
    request: 'room',
    grows: 'members that it is made with, who are online',
    judged: 'request',
    size: 99,
    async prepare(site, size) {
      const { clients, names } = await online(site, size);
      const room = `#${site.account()}`;
      const request = `room ${room} ${names.slice(1).join(' ')}`;
      return { requests: 1, run: () => pipeline(clients[0] as RawClient, [request]) };
    },
  },
  {
    request: 'join',
    grows: 'members of the room, each of whom joins',
    judged: 'each',
    size: 99,
    async prepare(site, size) {
      const { clients } = await online(site, size);
      const room = `#${site.account()}`;
      await pipeline(await site.login(site.account()), [`room ${room}`]);
      return { requests: size, run: () => askOnEach(clients, `join ${room}`) };
    },
  },
  {
    request: 'leave',
    grows: 'members of the room, each of whom leaves',
    judged: 'each',
    size: 99,
    async prepare(site, size) {
      const { room, clients } = await newRoom(site, size);
      return { requests: size, run: () => askOnEach(clients, `leave ${room}`) };
    },
  },
  {
    request: 'logout',
    grows: 'members of the room, each of whom logs out',
    judged: 'each',
    size: 60,
    async prepare(site, size) {
      const names = await site.once(`members who log out ${size}`, async () => {
        const accounts = site.accounts(size);
        const room = `room #leaving${size} ${accounts.join(' ')}`;
        await pipeline(await site.login(site.account()), [room]);
        return accounts;
      });
      const clients = await site.loginAll(names);
      return { requests: size, run: () => askOnEach(clients, 'logout') };
    },
  },
  {
    request: 'logout',
    grows: `sessions with ${receiptsEach} receipts pending each, each of which logs out`,
    judged: 'each',
    size: 60,
    async prepare(site, size) {
      const names = await site.once('recipients', async () => site.accounts(recipients));
      const senders = await site.once(`senders with receipts ${size}`, async () => site.accounts(size));
      const clients = await site.loginAll(senders, 'receipts');
      const requests = Array.from({ length: receiptsEach }, (_, i) => `send ${names[i % recipients]} ${body}`);
      await Promise.all(clients.map((client) => pipeline(client, requests)));
      return { requests: size, run: () => askOnEach(clients, 'logout') };
    },
  },
  {
    request: 'takeover',
    grows: 'members of the room, each of whom logs in again',
    judged: 'each',
    size: 60,
    async prepare(site, size) {
      const names = await site.once(`members who log in again ${size}`, async () => {
        const accounts = site.accounts(size);
        await pipeline(await site.login(site.account()), [`room #again${size} ${accounts.join(' ')}`]);
        return accounts;
      });
      const takeOver = async (clients: readonly RawClient[]): Promise<void> => {
        for (const [index, client] of clients.entries()) await burst(client, `takeover ${names[index]} pw`);
      };
      await takeOver(await site.connectAll(size, 'ack device=d1'));
      const clients = await site.connectAll(size, 'ack device=d1');
      return { requests: size, run: () => takeOver(clients) };
    },
  },
];

/** Sessions of so many accounts, opened once. */
function online(site: Site, size: number): Promise<{ clients: readonly RawClient[]; names: readonly string[] }> {
  return site.once(`online ${size}`, async () => {
    const names = site.accounts(size);
    return { names, clients: await site.loginAll(names) };
  });
}

/** A room whose members are all online, made once. */
function membersOnline(site: Site, size: number): Promise<Members> {
  return site.once(`members online ${size}`, () => newRoom(site, size));
}

async function newRoom(site: Site, size: number): Promise<Members> {
  const { clients, names } = await online(site, size);
  const room = `#${site.account()}`;
  await pipeline(clients[0] as RawClient, [`room ${room} ${names.slice(1).join(' ')}`]);
  return { room, clients };
}
