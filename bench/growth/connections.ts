/** Throughput and latency against the number of connections, all of which send or receive. */

import { chateau } from '../contestants/chateau';
import { Histogram } from '../load/histogram';
import type { Pair } from '../load/orders';
import type { Stage } from '../stage';
import { pacedMessagesPerS, warmUpMs } from '../workloads/online';
import type { GrowthPoint } from './growth-point';

/** Connections, and how many messages of each pair are under way: about as many in all, but for the last. */
const sizes = [
  [10, 512],
  [100, 64],
  [1_000, 8],
  [10_000, 1],
] as const;

export async function growthOfConnections(stage: Stage, add: (point: GrowthPoint) => void): Promise<void> {
  const measureMs = stage.options.seconds * 1_000;
  for (const [connections, window] of sizes) {
    const pairs = pairsOf(connections / 2);
    const users = pairs.flatMap(({ sender, receiver }) => [sender, receiver]);
    await stage.play(
      `growth, ${connections} connections`,
      chateau,
      async ({ generator, target }) => {
        const common = { target: target(), pairs, warmUpMs, measureMs };
        const live = await generator.order<'live'>({ kind: 'live', ...common, window });
        const x = connections;
        add({ chart: 'throughput-against-connections', line: 'live 1:1', x, y: live.messages / live.seconds });
        const paced = await generator.order<'paced'>({ kind: 'paced', ...common, messagesPerS: pacedMessagesPerS });
        const latency = Histogram.from(paced.latency);
        add({ chart: 'latency-against-connections', line: 'p50', x, y: latency.quantileMs(0.5) });
        add({ chart: 'latency-against-connections', line: 'p99', x, y: latency.quantileMs(0.99) });
        for (const { faults } of [live, paced]) stage.recorder.check('growth', chateau.name, faults);
      },
      { users, connectionsMax: connections + 100 },
    );
  }
}

function pairsOf(count: number): Pair[] {
  const user = (name: string): Pair['sender'] => ({ name, password: 'pw' });
  return Array.from({ length: count }, (_, i) => ({ sender: user(`s${i}`), receiver: user(`r${i}`) }));
}
