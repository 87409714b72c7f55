/** W1: pairs that are both online, as fast as the server can, and at 2,000 messages a second. */

import { Histogram } from '../load/histogram';
import type { Peer } from '../peers/peer';
import type { Metric } from '../recorder';
import type { Stage } from '../stage';
import { pairs } from '../users';

export const throughput: Metric = { name: 'live 1:1', unit: 'msg/s', better: 'more' };
const p50: Metric = { name: 'p50 at 2 000 msg/s', unit: 'ms', better: 'less' };
const p99: Metric = { name: 'p99 at 2 000 msg/s', unit: 'ms', better: 'less' };

export const windowMessages = 64;
export const warmUpMs = 3_000;
export const pacedMessagesPerS = 2_000;

/** One run of W1. */
export async function online(stage: Stage, peer: Peer): Promise<void> {
  const { recorder, options } = stage;
  const measureMs = options.seconds * 1_000;
  const contestant = peer.name;
  await stage.play('W1', peer, async ({ generator, target }) => {
    await generator.order({ kind: 'enrol', target: target(), users: pairs.map(({ receiver }) => receiver) });
    const order = { kind: 'live', target: target(), pairs, window: windowMessages, warmUpMs, measureMs } as const;
    const { messages, seconds, cpu, faults } = await generator.order<'live'>(order);
    recorder.add({ workload: 'W1', contestant, metric: throughput, value: messages / seconds, cpu });
    recorder.check('W1', contestant, faults);
  });
  await stage.play('W1 paced', peer, async ({ generator, target }) => {
    await generator.order({ kind: 'enrol', target: target(), users: pairs.map(({ receiver }) => receiver) });
    const order = {
      kind: 'paced',
      target: target(),
      pairs,
      messagesPerS: pacedMessagesPerS,
      warmUpMs,
      measureMs,
    } as const;
    const { latency, cpu, faults } = await generator.order<'paced'>(order);
    const histogram = Histogram.from(latency);
    const common = { workload: 'W1', contestant, cpu, generatorSpins: true } as const;
    recorder.add({ ...common, metric: p50, value: histogram.quantileMs(0.5) });
    recorder.add({ ...common, metric: p99, value: histogram.quantileMs(0.99) });
    recorder.check('W1', contestant, faults);
  });
}
