/** Reads what the server kept for accounts that no new device can enter, since they have no password: from its database, once
 *  it has ended. A program of its own, with its options as its only argument. */

import { join } from 'node:path';
import { type AccountId, defaultDevice, type Seq, type Subscription, type UnixMs } from '../../server/core/ports';
import type { WholeStore } from '../../server/core/retention-store';
import { createLogger } from '../../server/logger';
import { openSqliteStore } from '../../server/store/sqlite/store';
import { decodeText } from '../../shared/bytes';
import { parseUsername } from '../../shared/names';
import { type Cast, castOf } from './cast';
import type { StoreAuditOptions } from './process-messages';
import { Screen } from './screen';

/** Of messages in one read. */
const pageBytesMax = 1 << 20;

void main(JSON.parse(process.argv[2] ?? '') as StoreAuditOptions);

async function main({ clients, wires, folder }: StoreAuditOptions): Promise<void> {
  const cast = castOf(clients, wires);
  const store = await openSqliteStore({
    path: join(folder, 'chateau.db'),
    migrationsFolder: join(__dirname, '..', 'migrations', 'sqlite'),
    mailboxMessagesMax: 1,
    logger: createLogger('warn'),
  });
  for (const device of cast.devices) {
    const { name, wire } = cast.accounts[device.account] ?? {};
    if (!device.isAuditor || wire !== 'chatbot' || name === undefined) continue;
    const screen = new Screen({ cast, device, folder });
    await readAccount(store, cast, name, screen);
    screen.close();
  }
  await store.close();
}

async function readAccount({ accounts, logs }: WholeStore, cast: Cast, name: string, screen: Screen): Promise<void> {
  const account = await accounts.find(parseUsername(name));
  if (account === undefined) throw new Error(`the account ${name} is gone`);
  const followed: readonly Subscription[] = await logs.subscriptions(
    account.id as AccountId,
    defaultDevice,
    Date.now() as UnixMs,
  );
  const heads = await logs.heads(followed.map(({ log }) => log));
  for (const [place, { log, name: logName }] of followed.entries()) {
    const isRoom = cast.logs.some((known) => known.isRoom && known.name === logName);
    const head = heads[place] ?? (0 as Seq);
    for (let after = 0 as Seq; after < head; ) {
      const [page = []] = await logs.read([{ log, after, through: head }], pageBytesMax);
      const last = page.at(-1);
      // What an account is not due: its own messages in a room.
      for (const { seq, at, from, body } of page) {
        if (!isRoom || from !== name) screen.show({ log: logName, seq, at, from, body: decodeText(body) });
      }
      if (last === undefined) break;
      after = last.seq;
    }
  }
}
