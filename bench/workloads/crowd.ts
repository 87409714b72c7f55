/** W6: whether many connections that do nothing slow the few down that do. */

import type { LatencyResult } from '../load/orders';
import type { Peer } from '../peers/peer';
import type { Metric } from '../recorder';
import type { Stage } from '../stage';
import { idlers, pairs, recipients, senders } from '../users';
import { throughput, warmUpMs, windowMessages } from './online';

const crowd = idlers.slice(0, 9_900);
const beside: Metric = { ...throughput, name: 'live 1:1 beside 9 900 idle logins' };
const ratio: Metric = { name: 'live 1:1 beside 9 900 idle logins to without', unit: 'times', better: 'more' };

/** One run of W6; only of this server. */
export async function besideCrowd(stage: Stage, peer: Peer): Promise<void> {
  const { recorder } = stage;
  const contestant = peer.name;
  await stage.play(
    'W6',
    peer,
    async ({ generator, target }) => {
      const measure = async (): Promise<LatencyResult> => {
        const measureMs = stage.options.seconds * 1_000;
        const order = { kind: 'live', target: target(), pairs, window: windowMessages, warmUpMs, measureMs } as const;
        const result = await generator.order<'live'>(order);
        recorder.check('W6', contestant, result.faults);
        return result;
      };
      // The first second of a server's life is slower than the rest: a comparison with it would flatter.
      await measure();
      const alone = rateOf(await measure());
      await generator.order({ kind: 'idle', target: target(), users: crowd, atOnce: 50 });
      const result = await measure();
      await generator.order({ kind: 'rollCall', target: target() });
      const common = { workload: 'W6', contestant } as const;
      recorder.add({ ...common, metric: beside, value: rateOf(result), cpu: result.cpu });
      recorder.add({ ...common, metric: ratio, value: rateOf(result) / alone });
    },
    { users: [...senders, ...recipients, ...crowd], connectionsMax: 11_000 },
  );
}

function rateOf({ messages, seconds }: LatencyResult): number {
  return messages / seconds;
}
