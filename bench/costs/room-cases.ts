/** Requests about rooms whose members are away, and about the rooms of one account. */

import type { GrowthCase, Sample } from './growth-case';
import { burstsOf, pipeline } from './requests';
import { inhabitant } from './settings';
import { body, type Site } from './site';

const sends = 5_000;
const roomsMade = 5;
const changes = 80;
const pages = 100;

export const roomCases: readonly GrowthCase[] = [
  {
    request: 'room',
    grows: 'members that it is made with',
    judged: 'request',
    size: 99,
    async prepare(site, size) {
      const client = await site.login(site.account());
      const members = (await crowd(site)).slice(0, size).join(' ');
      // A fresh account name serves as a fresh room name.
      const requests = site.accounts(roomsMade).map((name) => `room #${name} ${members}`);
      return { requests: roomsMade, run: () => pipeline(client, requests) };
    },
  },
  {
    request: 'room',
    grows: 'rooms of the account, made one by one',
    judged: 'each',
    size: 100,
    async prepare(site, size) {
      const name = site.account();
      const client = await site.login(name);
      const requests = Array.from({ length: size }, (_, i) => `room #${name}x${i}`);
      return { requests: size, run: () => pipeline(client, requests) };
    },
  },
  {
    request: 'join',
    grows: 'rooms of the account, joined one by one',
    judged: 'each',
    size: 100,
    async prepare(site, size) {
      const { rooms } = await inhabitant(site, size);
      const client = await site.login(site.account());
      return {
        requests: size,
        run: () =>
          pipeline(
            client,
            rooms.map((room) => `join ${room}`),
          ),
      };
    },
  },
  {
    request: 'leave',
    grows: 'rooms of the account, left one by one',
    judged: 'each',
    size: 100,
    async prepare(site, size) {
      const { rooms } = await inhabitant(site, size);
      const client = await site.login(site.account());
      await pipeline(
        client,
        rooms.map((room) => `join ${room}`),
      );
      return {
        requests: size,
        run: () =>
          pipeline(
            client,
            rooms.map((room) => `leave ${room}`),
          ),
      };
    },
  },
  {
    request: 'join',
    grows: 'members of the room, who are away',
    judged: 'each',
    size: 90,
    prepare: (site, size) => comingAndGoing(site, size, 'join'),
  },
  {
    request: 'leave',
    grows: 'members of the room, who are away',
    judged: 'each',
    size: 90,
    prepare: (site, size) => comingAndGoing(site, size, 'leave'),
  },
  {
    request: 'members',
    grows: 'members of the room',
    judged: 'request',
    size: 99,
    async prepare(site, size) {
      const client = await site.login(site.account());
      const room = await roomOf(site, size);
      return { requests: pages, run: () => burstsOf(client, `members ${room}`, pages) };
    },
  },
  {
    request: 'send',
    grows: 'members of the room, who are away',
    judged: 'each',
    size: 99,
    async prepare(site, size) {
      const room = await roomOf(site, size);
      const client = await site.once(`speaker of ${room}`, async () => {
        const speaker = await site.login(site.account());
        await pipeline(speaker, [`join ${room}`]);
        return speaker;
      });
      return { requests: sends, run: () => pipeline(client, Array<string>(sends).fill(`send ${room} ${body}`)) };
    },
  },
  {
    request: 'send',
    grows: 'members of the room, one more before each message',
    judged: 'each',
    size: 90,
    async prepare(site, size) {
      const { room, newcomers } = await roomWithNewcomers(site, size);
      const clients = await site.loginAll(newcomers);
      const run = async (): Promise<void> => {
        for (const client of clients) await pipeline(client, [`join ${room}`, `send ${room} ${body}`]);
        for (const client of clients) await pipeline(client, [`leave ${room}`]);
      };
      return { requests: clients.length, run };
    },
  },
];

/** Accounts to put into rooms, who never log in. */
function crowd(site: Site): Promise<string[]> {
  return site.once('crowd', async () => site.accounts(1_000));
}

/** A room with so many members, made once. */
function roomOf(site: Site, size: number): Promise<string> {
  return site.once(`room of ${size}`, async () => {
    const room = `#members${size}`;
    const members = (await crowd(site)).slice(0, size - 1);
    await pipeline(await site.login(site.account()), [`room ${room} ${members.join(' ')}`]);
    return room;
  });
}

/** A room with so many members, and accounts that come and go. */
async function roomWithNewcomers(site: Site, size: number): Promise<{ room: string; newcomers: string[] }> {
  const room = await roomOf(site, size);
  return { room, newcomers: await site.once('newcomers', async () => site.accounts(changes)) };
}

/** Accounts that join a room, or leave it, one after the other; no other account is online. */
async function comingAndGoing(site: Site, size: number, request: 'join' | 'leave'): Promise<Sample> {
  const { room, newcomers } = await roomWithNewcomers(site, size);
  const clients = await site.loginAll(newcomers);
  for (const client of clients) await pipeline(client, [`join ${room}`]);
  if (request === 'join') for (const client of clients) await pipeline(client, [`leave ${room}`]);
  const run = async (): Promise<void> => {
    for (const client of clients) await pipeline(client, [`${request} ${room}`]);
  };
  return { requests: clients.length, run };
}
