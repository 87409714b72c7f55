/** W8: a page of names by a part of the name, among 1,000,000 accounts. */

import { limits } from '../../shared/limits';
import { RawClient } from '../../tests/harness/raw-client';
import { fillAccounts } from '../chateau-filling';
import { startChateau } from '../contestants/chateau';
import type { Peer } from '../peers/peer';
import { type Metric, median } from '../recorder';
import type { Stage } from '../stage';

const accounts = 1_000_000;
const samples = 50;
const warmUps = 10;

/** Four names in ten hold the frequent part, one in 700 the rare one: a page of either is full. */
export const patterns = { none: '', frequent: 'a', rare: 'a7b' } as const;

/** One run of W8; only of this server. */
export async function listing(stage: Stage, peer: Peer): Promise<void> {
  const common = { workload: 'W8', contestant: peer.name } as const;
  await stage.play(
    'W8',
    peer,
    async ({ running }) => {
      const client = await RawClient.connect(running.port);
      await client.ask('hello 2');
      const timesMs = { none: 0, frequent: 0, rare: 0 };
      for (const kind of ['none', 'frequent', 'rare'] as const) {
        const ms = await pageMs(client, patterns[kind], limits.listNamesMax);
        timesMs[kind] = ms;
        const what = kind === 'none' ? 'without a pattern' : `by a ${kind} part of the name`;
        const metric: Metric = { name: `page of names ${what}`, unit: 'ms', better: 'less' };
        stage.recorder.add({ ...common, metric, value: ms });
      }
      for (const kind of ['frequent', 'rare'] as const) {
        const metric: Metric = { name: `page by a ${kind} part to page without`, unit: 'times', better: 'less' };
        stage.recorder.add({ ...common, metric, value: timesMs[kind] / timesMs.none });
      }
      client.close();
    },
    {
      users: [],
      start: (options) => startChateau({ ...options, fill: (store) => fillAccounts(store, accountNames(accounts)) }),
    },
  );
}

/** Spread over the alphabet, in no order. */
export function accountNames(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `u${((i * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, '0')}`);
}

/** The median time of a page that has so many names.
 *  @throws Error when it has another number of them */
export async function pageMs(client: RawClient, pattern: string, names: number): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < warmUps + samples; i += 1) {
    const startMs = performance.now();
    const [status = '', ...items] = await client.askBlock(`list ${pattern}`.trimEnd());
    if (i >= warmUps) times.push(performance.now() - startMs);
    if (!status.startsWith('200 ') || items.length !== names) {
      throw new Error(`a page of "${pattern}" has ${items.length} names, not ${names}: ${status}`);
    }
  }
  return median(times);
}
