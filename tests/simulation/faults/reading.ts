/** Faults of a store that reads, and of a bus that loses what nobody looks for. */

import type { LogId, Seq } from '../../../server/core/ports';
import { bounds } from '../../../shared/limits';
import type { Fault } from '../fault';
import { withLogs } from './with-logs';

export const pageSkipsOne: Fault = {
  name: 'a page leaves out its second message',
  store: (store) =>
    withLogs(store, { read: async (...query) => (await store.logs.read(...query)).filter((_, index) => index !== 1) }),
};

export const pageBackwards: Fault = {
  name: 'a page comes newest first',
  store: (store) => withLogs(store, { read: async (...query) => (await store.logs.read(...query)).reverse() }),
};

export const failureReadAsNothing: Fault = {
  name: 'a read that fails is answered with nothing',
  store: (store) => withLogs(store, { read: (...query) => store.logs.read(...query).catch(() => []) }),
};

export const burstMiscounted: Fault = {
  name: 'the messages of a room are counted one short',
  store: (store) =>
    withLogs(store, { countForeign: async (...query) => Math.max(0, (await store.logs.countForeign(...query)) - 1) }),
};

export const nudgeLost: Fault = {
  name: 'one nudge in three is lost',
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
    return withLogs(store, {
      heads: async (logs) => {
        const heads = await store.logs.heads(logs);
        for (const [index, log] of logs.entries()) if (!known.has(log)) known.set(log, heads[index] as Seq);
        return logs.map((log) => known.get(log) as Seq);
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
