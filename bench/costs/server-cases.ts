/** Requests whose cost should depend on nothing but themselves, measured as the whole server grows: with the sessions
 *  that are online, or with the accounts that there are. */

import type { CommandName } from '../../shared/cmap';
import type { RawClient } from '../../tests/harness/raw-client';
import type { GrowthCase, Sample } from './growth-case';
import type { Judged } from './judgement';
import { askOnEach, burst, burstOnEach, burstsOf, pipeline } from './requests';
import { body, type Site } from './site';

export const sessionsOnline = 300;
export const accountsThere = 4_000;

/** Requests of one sample, more of those that cost little: what the server does besides must not count. */
const many = 10_000;
const blocksAsked = 200;
const some = 100;
const exits = 250;

type Prepare = (site: Site) => Promise<Sample>;

const login: Prepare = async (site) => {
  const names = site.accounts(some);
  const clients = await site.connectAll(some);
  const run = async (): Promise<void> => {
    for (const [index, client] of clients.entries()) await burst(client, `login ${names[index]} pw`);
  };
  return { requests: some, run };
};

const takeover: Prepare = async (site) => {
  const name = site.account();
  await site.login(name, 'ack device=d1');
  const clients = await site.connectAll(some, 'ack device=d1');
  return { requests: some, run: () => burstOnEach(clients, `takeover ${name} pw`) };
};

const create: Prepare = async (site) => {
  const client = await site.connect();
  const prefix = `new${site.account()}x`;
  return {
    requests: some,
    run: () =>
      pipeline(
        client,
        numbered(some, (i) => `create ${prefix}${i} pw`),
      ),
  };
};

const remove: Prepare = async (site) => {
  const names = site.accounts(some);
  const client = await site.connect();
  const run = async (): Promise<void> => {
    for (const name of names) await burst(client, `delete ${name} pw`);
  };
  return { requests: some, run };
};

const passwd: Prepare = async (site) => {
  const client = await site.login(site.account());
  return { requests: some, run: () => pipeline(client, Array<string>(some).fill('passwd pw pw')) };
};

const send: Prepare = async (site) => repeated(site, `send ${site.account()} ${body}`, many);

const room: Prepare = async (site) => {
  const client = await site.login(site.account());
  const prefix = `#room${site.account()}x`;
  return {
    requests: some,
    run: () =>
      pipeline(
        client,
        numbered(some, (i) => `room ${prefix}${i}`),
      ),
  };
};

const exitsOf =
  (request: 'logout' | 'quit'): Prepare =>
  async (site) => {
    const clients = await site.loginAll(site.accounts(exits));
    return { requests: exits, run: () => askOnEach(clients, request) };
  };

/** A request that is answered by a line. */
const lines =
  (request: string): Prepare =>
  (site) =>
    repeated(site, request, many);

/** A request that is answered by a block. */
const blocks =
  (request: string): Prepare =>
  async (site) => {
    const client = await site.login(site.account());
    return { requests: blocksAsked, run: () => burstsOf(client, request, blocksAsked) };
  };

const hello: Prepare = async (site) => {
  const client = await site.connect();
  return { requests: many, run: () => pipeline(client, Array<string>(many).fill('hello 2 ack keys')) };
};

const whoAfterLogin: Prepare = async (site) => {
  const names = site.accounts(some);
  const watcher = await site.login(site.account());
  const clients = await site.connectAll(some);
  const run = async (): Promise<void> => {
    for (const [index, client] of clients.entries()) {
      await burst(client, `login ${names[index]} pw`);
      await burst(watcher, 'who');
    }
  };
  return { requests: some, run };
};

/** With sessions online: 300 and 3,000 of them do nothing else. */
export const onlineCases: readonly GrowthCase[] = [
  ['create', 'each', create],
  ['login', 'each', login],
  ['takeover', 'each', takeover],
  ['logout', 'each', exitsOf('logout')],
  ['quit', 'each', exitsOf('quit')],
  ['hello', 'each', hello],
  ['help', 'each', blocks('help')],
  ['ping', 'each', lines('ping')],
  ['send', 'each', send],
  ['random', 'each', lines(`random ${body}`)],
  ['who', 'request', blocks('who')],
  ['who', 'request', blocks('who 7'), 'who match a pattern'],
  ['who', 'request', whoAfterLogin, 'one more before each request'],
].map((entry) => caseOf('sessions online', sessionsOnline, ...(entry as Entry)));

/** With accounts: 4,000 and 40,000 of them are there. */
export const accountsCases: readonly GrowthCase[] = [
  ['create', 'each', create],
  ['list', 'request', blocks('list')],
  ['list', 'request', blocks('list a'), 'some of which match a frequent pattern'],
  ['list', 'request', blocks('list a7b'), 'some of which match a rare pattern'],
  ['list', 'request', blocks('list zzz'), 'none of which match the pattern'],
  ['list', 'request', blocks('list * u8'), 'from the middle on'],
  ['login', 'each', login],
  ['delete', 'each', remove],
  ['passwd', 'each', passwd],
  ['send', 'each', send],
  ['room', 'each', room],
].map((entry) => caseOf('accounts', accountsThere, ...(entry as Entry)));

type Entry = [request: CommandName, judged: Judged, prepare: Prepare, detail?: string];

function caseOf(
  what: string,
  size: number,
  request: CommandName,
  judged: Judged,
  prepare: Prepare,
  detail?: string,
): GrowthCase {
  return { request, grows: detail === undefined ? what : `${what}, ${detail}`, judged, size, prepare };
}

async function repeated(site: Site, request: string, times: number): Promise<Sample> {
  const client: RawClient = await site.login(site.account());
  return { requests: times, run: () => pipeline(client, Array<string>(times).fill(request)) };
}

function numbered(count: number, requestOf: (number: number) => string): string[] {
  return Array.from({ length: count }, (_, i) => requestOf(i));
}
