/** What a burst is made of: how far it goes in each log, and how many messages that is. */

import type { Feed } from './feed';
import { type Account, type LogStore, mailboxOf } from './ports';

/** Marks off in each feed what is undelivered now, and counts it. A mailbox has no holes above its cursor; in a room the
 *  account's own messages are left out.
 *  @throws ChatError store_failed */
export async function countUndelivered(
  logs: LogStore,
  feeds: readonly Feed[],
  account: Account,
): Promise<ReadonlyMap<Feed, number>> {
  await refreshHeads(logs, feeds);
  const counts = feeds.map(async (feed): Promise<[Feed, number]> => {
    feed.burstBegin = feed.acked;
    feed.burstEnd = feed.head;
    if (feed.log === mailboxOf(account.id)) return [feed, feed.burstEnd - feed.burstBegin];
    if (feed.burstEnd === feed.burstBegin) return [feed, 0];
    return [feed, await logs.countForeign(feed.log, feed.burstBegin, feed.burstEnd, account.name)];
  });
  return new Map(await Promise.all(counts));
}

/** Lets each feed know of the newest message that is there.
 *  @throws ChatError store_failed */
export async function refreshHeads(logs: LogStore, feeds: readonly Feed[]): Promise<void> {
  const asked = [...feeds];
  const heads = await logs.heads(asked.map((feed) => feed.log));
  for (const [index, feed] of asked.entries()) {
    const head = heads[index];
    if (head !== undefined && head > feed.head) feed.head = head;
  }
}
