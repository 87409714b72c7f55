/** This project's server, as `npm run server` runs it. */

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { hash } from 'bcryptjs';
import { scripts, version } from '../../package.json';
import { systemClock } from '../../server/clock';
import type { WholeStore } from '../../server/core/retention-store';
import { openSqliteStore } from '../../server/store/sqlite/store';
import type { Username } from '../../shared/names';
import type { User } from '../load/wire';
import type { Peer, Promises, Running, StartOptions } from '../peers/peer';
import { ServerChild } from './server-child';

const root = join(__dirname, '..', '..');
/** The least that bcrypt knows: logins must not be what is measured, but where they are. */
const cheapCost = 4;
const accountsAtOnce = 5_000;

export const chateau: Peer = {
  name: 'chateau',
  wire: 'cmap',
  cores: 'all: a thread for connections, three for the store (writer, reader, checkpoints), others for passwords',
  promises: promises('no keys'),
  version: () => version,
  start: (options) => startChateau(options),
};

/** The same server, every message with an idempotency key: what a client pays that repeats safely what it is not sure of. */
export const chateauWithKeys: Peer = {
  ...chateau,
  name: 'chateau-keys',
  wire: 'cmap-keys',
  promises: promises('a key for each message'),
};

function promises(keys: string): Promises {
  const settings = `synchronous=FULL; version 2, acknowledged by cursor, ${keys}; bcrypt cost ${cheapCost}; no port but that of cmap`;
  return { onDisk: 'yes', settings };
}

/** How the server is started beside what is the same for every contestant. */
export interface ChateauOptions extends StartOptions {
  /** Of every account's password: the least that bcrypt knows by default. */
  readonly bcryptCost?: number;
  /** Sessions that one account may have at once: 1 by default. */
  readonly sessionsPerAccountMax?: number;
  /** Called with the store before the server starts for the first time. */
  readonly fill?: (store: WholeStore) => Promise<void>;
}

export async function startChateau(options: ChateauOptions): Promise<Running> {
  const { folder, prefix, users, bcryptCost = cheapCost, sessionsPerAccountMax = 1, fill } = options;
  const database = join(folder, 'chateau.db');
  const store = await openSqliteStore({
    path: database,
    migrationsFolder: join(root, 'migrations', 'sqlite'),
    mailboxMessagesMax: 10_000_000,
    logger: { info: () => undefined, warn: console.warn, error: console.error },
  });
  try {
    await createAccounts(store, users, bcryptCost);
    await fill?.(store);
  } finally {
    await store.close();
  }
  const [program = '', ...args] = scripts.server.split(' ');
  const settings = {
    host: '127.0.0.1',
    database,
    connections: options.connectionsMax,
    'mailbox-messages': options.mailboxMessagesMax,
    'bcrypt-cost': bcryptCost,
    'sessions-per-account': sessionsPerAccountMax,
    'log-level': 'warn',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  return ServerChild.start({
    prefix,
    command: (port) => {
      const node = program === 'node' ? process.execPath : program;
      return [node, ...args, ...flags, ...otherListenersOff(), '--port', String(port)];
    },
    listening: /listens on \S+ port (\d+)/,
    cwd: root,
  });
}

/** All have the same password, which is hashed once: hashing 10,000 would take minutes. */
async function createAccounts(store: WholeStore, users: readonly User[], cost: number): Promise<void> {
  const [first] = users;
  if (first === undefined) return;
  const passwordHash = await hash(first.password, cost);
  for (let done = 0; done < users.length; done += accountsAtOnce) {
    const group = users.slice(done, done + accountsAtOnce);
    await Promise.all(
      group.map(({ name }) => store.accounts.create(name as Username, passwordHash, systemClock.now())),
    );
  }
}

let listenerFlags: readonly string[] | undefined;

/** Only one wire is measured: whatever else this version would listen on is turned off. */
function otherListenersOff(): readonly string[] {
  if (listenerFlags === undefined) {
    const [program = '', ...args] = scripts.server.split(' ');
    const help = execFileSync(program === 'node' ? process.execPath : program, [...args, '--help'], { cwd: root });
    const names = [...help.toString().matchAll(/--([a-z]+-port) /g)].map(([, name]) => name);
    listenerFlags = names.flatMap((name) => [`--${name}`, 'off']);
  }
  return listenerFlags;
}
