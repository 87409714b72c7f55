/** Faults of a store that reads, and of a bus that loses what nobody looks for. */

import type { LogId, Message, Seq, Store } from '../../../server/core/ports';
import { bounds } from '../../../shared/limits';
import type { Fault } from '../fault';
import { withLogs } from './with-logs';

export const pageSkipsOne: Fault = {
  name: 'a page leaves out its second message',
  store: (store) => withPages(store, (page) => page.filter((_, index) => index !== 1)),
};

export const pageBackwards: Fault = {
  name: 'a page comes newest first',
  store: (store) => withLogs(store, { read: async (...query) => (await store.logs.read(...query)).reverse() }),
};

export const failureReadAsNothing: Fault = {
  name: 'a read that fails is answered with nothing',
  store: (store) =>
    withLogs(store, { read: (...query) => store.logs.read(...query).catch(() => query[0].map(() => [])) }),
};

export const burstMiscounted: Fault = {
  name: 'the messages of a room are counted one short',
  store: (store) =>
    withLogs(store, {
      // Without pages, everything in a room has to be counted.
      backlog: async (...query) => ({ ...(await store.logs.backlog(...query)), pages: [] }),
      count: async (spans) => (await store.logs.count(spans)).map((count) => Math.max(0, count - 1)),
    }),
};

export const nudgeLost: Fault = {
  name: 'one nudge in three is lost, and heads are not asked for again',
  clock: (clock) => ({
    now: () => clock.now(),
    after: (delayMs, task) => clock.after(delayMs, delayMs === bounds.headRefreshMs ? () => undefined : task),
  }),
  bus: (bus, { chance }) => ({
    publish: (nudge) => (chance.fraction() < 1 / 3 ? undefined : bus.publish(nudge)),
    subscribe: (listener) => bus.subscribe(listener),
    close: () => bus.close(),
  }),
};

/** Only what a session asks for itself is stale: a nudge may still tell it of more. */
export const nudgeLostForEver: Fault = {
  ...nudgeLost,
  name: 'a nudge is lost, and a login does not look for what it told',
  store(store) {
    const known = new Map<LogId, Seq>();
    const stale = (logs: readonly LogId[], heads: readonly Seq[]): Seq[] => {
      for (const [index, log] of logs.entries()) if (!known.has(log)) known.set(log, heads[index] as Seq);
      return logs.map((log) => known.get(log) as Seq);
    };
    return withLogs(store, {
      heads: async (logs) => stale(logs, await store.logs.heads(logs)),
      backlog: async (positions, bytesMax) => {
        const { heads } = await store.logs.backlog(positions, bytesMax);
        return {
          heads: stale(
            positions.map(({ log }) => log),
            heads,
          ),
          pages: [],
        };
      },
    });
  },
};

export const retryForgotten: Fault = {
  name: 'the timer of a read that failed never rings',
  clock: (clock) => ({
    now: () => clock.now(),
    after: (delayMs, task) => clock.after(delayMs, delayMs >= bounds.readRetryMs ? () => undefined : task),
  }),
};

function withPages(store: Store, change: (page: readonly Message[]) => readonly Message[]): Store {
  return withLogs(store, {
    read: async (...query) => (await store.logs.read(...query)).map(change),
    backlog: async (...query) => {
      const { heads, pages } = await store.logs.backlog(...query);
      return { heads, pages: pages.map(change) };
    },
  });
}
