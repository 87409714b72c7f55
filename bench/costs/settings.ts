/** What cases begin with: mailboxes, rooms, blocks and devices, made once for all samples of a size or anew for each. */

import type { RawClient } from '../../tests/harness/raw-client';
import { askOnEach, pipeline } from './requests';
import { body, type Site } from './site';

/** Connections that make things beside each other, so that they share commits. */
const makers = 20;
/** More than any case blocks. */
const blockedMax = 5_200;

/** An account that is in rooms, and another one that is in the same rooms and sends to them. */
export interface Inhabitant {
  readonly name: string;
  readonly rooms: readonly string[];
  readonly speaker: RawClient;
}

/** An account that blocks others: a connection that is logged in, and accounts that are not blocked yet. */
export interface Blocker {
  readonly name: string;
  readonly client: RawClient;
  readonly others: readonly string[];
}

/** An account with so many undelivered messages, made once. */
export function mailboxOf(site: Site, size: number): Promise<string> {
  return site.once(`mailbox ${size}`, () => newMailbox(site, size));
}

export async function newMailbox(site: Site, size: number): Promise<string> {
  const name = site.account();
  await site.mail(name, size);
  return name;
}

/** An account in so many rooms, all of them read, made once. */
export function inhabitant(site: Site, size: number): Promise<Inhabitant> {
  return site.once(`inhabitant ${size}`, () => newInhabitant(site, `#h${size}x`, size));
}

/** An account in so many rooms with one unread message in each, made once: acknowledge none of them. */
export function withUnread(site: Site, size: number): Promise<Inhabitant> {
  return site.once(`unread ${size}`, async () => {
    const made = await newInhabitant(site, `#u${size}x`, size);
    await speak(made);
    return made;
  });
}

/** Puts one message into each of the rooms. */
export function speak({ speaker, rooms }: Inhabitant): Promise<void> {
  return pipeline(
    speaker,
    rooms.map((room) => `send ${room} ${body}`),
  );
}

/** Makes the rooms, whose names begin with `prefix`. */
export async function newInhabitant(site: Site, prefix: string, size: number): Promise<Inhabitant> {
  const name = site.account();
  const speakerName = site.account();
  const speaker = await site.login(speakerName);
  const rooms = Array.from({ length: size }, (_, i) => `${prefix}${i}`);
  await shareOut(site, site.accounts(makers), rooms, (room) => `room ${room} ${name} ${speakerName}`);
  return { name, rooms, speaker };
}

/** An account that blocks so many others, made once. */
export function blocker(site: Site, size: number): Promise<Blocker> {
  return site.once(`blocker ${size}`, async () => {
    const name = await newBlocker(site, size);
    const others = (await blockable(site)).slice(size);
    return { name, client: await site.login(name), others };
  });
}

/** An account that blocks so many others and is logged out. */
export async function newBlocker(site: Site, size: number): Promise<string> {
  const name = site.account();
  const others = (await blockable(site)).slice(0, size);
  await shareOut(site, Array<string>(makers).fill(name), others, (other) => `block ${other}`);
  return name;
}

function blockable(site: Site): Promise<string[]> {
  return site.once('blockable accounts', async () => site.accounts(blockedMax));
}

/** The account has logged in with so many devices. */
export async function useDevices(site: Site, name: string, size: number): Promise<void> {
  for (let i = 0; i < size; i += 1) {
    const client = await site.login(name, `ack device=d${i}`);
    await pipeline(client, ['logout']);
    client.close();
  }
}

/** Sends a request for each item from sessions of these accounts beside each other, then ends the sessions. */
async function shareOut(
  site: Site,
  accounts: readonly string[],
  items: readonly string[],
  requestOf: (item: string) => string,
): Promise<void> {
  const clients = await site.loginAll(accounts);
  await Promise.all(
    clients.map(async (client, index) => {
      const own = items.filter((_, i) => i % clients.length === index);
      if (own.length > 0) await pipeline(client, own.map(requestOf));
    }),
  );
  await askOnEach(clients, 'logout');
  for (const client of clients) client.close();
}
