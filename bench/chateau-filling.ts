/** A database filled before its server starts, through the store that the server itself uses. */

import { systemClock } from '../server/clock';
import type { Account } from '../server/core/ports';
import type { WholeStore } from '../server/core/retention-store';
import type { Username } from '../shared/names';
import { bodyBytes, NumberedBody } from './load/numbered-body';

const atOnce = 10_000;
const progressEvery = 200_000;

/** Puts so many messages from `sender` into the mailbox of `recipient`; both must exist. */
export async function fillMailbox(
  store: WholeStore,
  sender: string,
  recipient: string,
  messages: number,
  lengthBytes = bodyBytes,
): Promise<void> {
  const from = await store.accounts.find(sender as Username);
  if (from === undefined) throw new Error(`no account ${sender}`);
  const body = new NumberedBody(0, lengthBytes);
  for (let done = 0; done < messages; done += atOnce) {
    const numbers = Array.from({ length: Math.min(atOnce, messages - done) }, (_, i) => done + i);
    await Promise.all(numbers.map((number) => append(store, from, recipient, body.numbered(number).slice())));
    if ((done + numbers.length) % progressEvery === 0) progress(`${recipient}: ${done + numbers.length} messages`);
  }
}

/** Makes accounts without a password. */
export async function fillAccounts(store: WholeStore, names: readonly string[]): Promise<void> {
  for (let done = 0; done < names.length; done += atOnce) {
    const group = names.slice(done, done + atOnce);
    await Promise.all(group.map((name) => store.accounts.create(name as Username, undefined, systemClock.now())));
    if ((done + group.length) % progressEvery === 0) progress(`${done + group.length} accounts`);
  }
}

function append(store: WholeStore, from: Account, to: string, body: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    store.logs.append({
      senderId: from.id,
      from: from.name,
      to: to as Username,
      key: undefined,
      body,
      at: systemClock.now(),
      committed: () => resolve(),
      refused: (code) => reject(new Error(code)),
    });
  });
}

function progress(sentence: string): void {
  process.stderr.write(`  filled ${sentence}\n`);
}
