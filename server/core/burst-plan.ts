/** What a burst is made of: how far it goes in each log, how many messages that is, and the first of them. */

import { bounds } from '../../shared/limits';
import type { Username } from '../../shared/names';
import type { Feed } from './feed';
import { type Account, type CountedSpan, type Message, mailboxOf, type Seq } from './ports';
import type { SessionLogs } from './session-logs';

/** A name that no message is from. */
const noSender = '' as Username;

export interface BurstPlan {
  readonly feeds: readonly Feed[];
  /** For each feed, how many messages of it the burst has. */
  readonly counts: readonly number[];
  /** The first messages after the cursors of the first feeds. */
  readonly pages: readonly (readonly Message[])[];
}

/** Marks off in each feed what is undelivered now, and counts it. A mailbox has no holes above its cursor; in a room the
 *  account's own messages are left out, and so is, in every log, what was written live beyond a gap. It takes one round
 *  trip to the store, and a second one to count messages of rooms that are not in the first page.
 *  @throws ChatError store_failed */
export async function planBurst(logs: SessionLogs, following: readonly Feed[], account: Account): Promise<BurstPlan> {
  const feeds = [...following];
  const { heads, pages } = await logs.backlog(
    feeds.map((feed) => ({ log: feed.log, after: feed.acked })),
    bounds.backlogBytesMax,
  );
  const counts = feeds.map(() => 0);
  const uncounted: { readonly index: number; readonly span: CountedSpan }[] = [];
  for (const [index, feed] of feeds.entries()) {
    const head = heads[index] as Seq;
    if (head > feed.head) feed.head = head;
    feed.burstBegin = feed.acked;
    feed.burstEnd = feed.head;
    for (const span of undeliveredSpans(feed, account.name)) {
      const counted =
        feed.log === mailboxOf(account.id) ? span.through - span.after : countIn(pages, index, head, span);
      if (counted === undefined) uncounted.push({ index, span });
      else counts[index] = (counts[index] as number) + counted;
    }
  }
  const rest = uncounted.length === 0 ? [] : await logs.count(uncounted.map(({ span }) => span));
  for (const [at, { index }] of uncounted.entries()) counts[index] = (counts[index] as number) + (rest[at] as number);
  return { feeds, counts, pages };
}

/** Lets each feed know of the newest message in its log.
 *  @throws ChatError store_failed */
export async function refreshHeads(logs: SessionLogs, feeds: readonly Feed[]): Promise<void> {
  const asked = [...feeds];
  const heads = await logs.heads(asked.map((feed) => feed.log));
  for (const [index, feed] of asked.entries()) {
    const head = heads[index];
    if (head !== undefined && head > feed.head) feed.head = head;
  }
}

/** The spans of a burst, none of them empty. Up to `ownAfter`, messages under the account's name are from someone who had
 *  the name before. */
function undeliveredSpans(
  { log, burstBegin, burstEnd, gapEnd, written, ownAfter }: Feed,
  own: Username,
): CountedSpan[] {
  const whole =
    gapEnd === undefined
      ? [[burstBegin, burstEnd]]
      : [
          [burstBegin, gapEnd],
          [written, burstEnd],
        ];
  const spans = (whole as [Seq, Seq][]).flatMap(([after, through]): CountedSpan[] => {
    const border = Math.min(Math.max(after, ownAfter), through) as Seq;
    return [
      { log, after, through: border, except: noSender },
      { log, after: border, through, except: own },
    ];
  });
  return spans.filter(({ after, through }) => after < through);
}

/** How many messages of the span there are, if the page at `index` goes as far as `head` and the span no further. Only the
 *  last page may be cut short. */
function countIn(
  pages: BurstPlan['pages'],
  index: number,
  head: Seq,
  { after, through, except }: CountedSpan,
): number | undefined {
  const page = pages[index];
  const isWhole = page !== undefined && (index < pages.length - 1 || page.at(-1)?.seq === head);
  if (!isWhole || through > head) return undefined;
  return page.filter(({ seq, from }) => seq > after && seq <= through && from !== except).length;
}
