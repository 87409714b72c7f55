/** A page of names against the number of accounts. */

import { limits } from '../../shared/limits';
import { RawClient } from '../../tests/harness/raw-client';
import { fillAccounts } from '../chateau-filling';
import { chateau, startChateau } from '../contestants/chateau';
import type { Stage } from '../stage';
import { accountNames, pageMs, patterns } from '../workloads/listing';
import type { GrowthPoint } from './growth-point';

const sizes = [1_000, 10_000, 100_000, 1_000_000];

export async function growthOfDirectory(stage: Stage, add: (point: GrowthPoint) => void): Promise<void> {
  for (const x of sizes) {
    const names = accountNames(x);
    await stage.play(
      `growth, ${x} accounts`,
      chateau,
      async ({ running }) => {
        const client = await RawClient.connect(running.port);
        await client.ask('hello 2');
        for (const [kind, pattern] of Object.entries(patterns)) {
          const found = names.filter((name) => name.includes(pattern)).length;
          const ms = await pageMs(client, pattern, Math.min(found, limits.listNamesMax));
          const line = kind === 'none' ? 'no pattern' : `a ${kind} part of the name`;
          add({ chart: 'list-against-accounts', line, x, y: ms });
        }
        client.close();
      },
      {
        users: [],
        start: (options) => startChateau({ ...options, fill: (store) => fillAccounts(store, names) }),
      },
    );
  }
}
