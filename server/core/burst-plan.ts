/** What a burst is made of: how far it goes in each log, and how many messages that is. */

import type { Username } from '../../shared/names';
import type { Feed } from './feed';
import { type Account, mailboxOf, type Seq } from './ports';
import type { SessionLogs } from './session-logs';

/** Nobody's name: no message is from it. */
const nobody = '' as Username;

/** Marks off in each feed what is undelivered now, and counts it. A mailbox has no holes above its cursor; in a room the
 *  account's own messages are left out, and so is everywhere what was written live beyond a gap.
 *  @throws ChatError store_failed */
export async function countUndelivered(
  logs: SessionLogs,
  feeds: readonly Feed[],
  account: Account,
): Promise<ReadonlyMap<Feed, number>> {
  await refreshHeads(logs, feeds);
  const counts = feeds.map(async (feed): Promise<[Feed, number]> => {
    feed.burstBegin = feed.acked;
    feed.burstEnd = feed.head;
    const { burstBegin, burstEnd, gapEnd, written } = feed;
    if (gapEnd === undefined) return [feed, await countForeign(logs, feed, account, burstBegin, burstEnd)];
    const [missed, unwritten] = await Promise.all([
      countForeign(logs, feed, account, burstBegin, gapEnd),
      countForeign(logs, feed, account, written, burstEnd),
    ]);
    return [feed, missed + unwritten];
  });
  return new Map(await Promise.all(counts));
}

/** Lets each feed know of the newest message that is there.
 *  @throws ChatError store_failed */
export async function refreshHeads(logs: SessionLogs, feeds: readonly Feed[]): Promise<void> {
  const asked = [...feeds];
  const heads = await logs.heads(asked.map((feed) => feed.log));
  for (const [index, feed] of asked.entries()) {
    const head = heads[index];
    if (head !== undefined && head > feed.head) feed.head = head;
  }
}

/** How many messages with `after < seq <= through` are written to the account. */
async function countForeign(
  logs: SessionLogs,
  { log, ownAfter }: Feed,
  account: Account,
  after: Seq,
  through: Seq,
): Promise<number> {
  if (log === mailboxOf(account.id)) return through - after;
  if (through <= after) return 0;
  if (ownAfter <= after) return logs.countForeign(log, after, through, account.name);
  const between = ownAfter < through ? ownAfter : through;
  const before = await logs.countForeign(log, after, between, nobody);
  if (between === through) return before;
  return before + (await logs.countForeign(log, between, through, account.name));
}
