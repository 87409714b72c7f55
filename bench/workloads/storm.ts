/** W5: what a storm of logins does to the messages of others. */

import { startChateau } from '../contestants/chateau';
import { Histogram } from '../load/histogram';
import type { LatencyResult } from '../load/orders';
import { LoginWaiters } from '../login-waiters';
import type { Peer } from '../peers/peer';
import type { Metric } from '../recorder';
import type { Stage } from '../stage';
import { idlers, pairs, recipients, senders } from '../users';
import { pacedMessagesPerS, warmUpMs } from './online';

const bcryptCost = 10;
const waiters = idlers.slice(0, 200);
const quiet: Metric = { name: 'p99 at 2 000 msg/s, no storm', unit: 'ms', better: 'less' };
const beside: Metric = { name: 'p99 at 2 000 msg/s beside 200 waiting logins', unit: 'ms', better: 'less' };
const ratio: Metric = { name: 'p99 with the storm to p99 without', unit: 'times', better: 'less' };

/** One run of W5; only of this server. */
export async function storm(stage: Stage, peer: Peer): Promise<void> {
  const { recorder } = stage;
  await stage.play(
    'W5',
    peer,
    async ({ generator, target }) => {
      const measure = async (): Promise<LatencyResult> => {
        const measureMs = stage.options.seconds * 1_000;
        const result = await generator.order<'paced'>({
          kind: 'paced',
          target: target(),
          pairs,
          messagesPerS: pacedMessagesPerS,
          warmUpMs,
          measureMs,
        });
        recorder.check('W5', peer.name, result.faults);
        return result;
      };
      // The first second of a server's life is slower than the rest: a comparison with it would flatter.
      await measure();
      const without = await measure();
      const stormy = new LoginWaiters(target().port, waiters);
      const startMs = performance.now();
      const during = await measure();
      const loginsPerS = stormy.logins / ((performance.now() - startMs) / 1_000);
      stormy.stop();
      if (stormy.failure !== undefined) throw new Error(stormy.failure);
      if (stormy.logins === 0) throw new Error('no login was answered');
      const common = { workload: 'W5', contestant: peer.name, generatorSpins: true } as const;
      const [before, after] = [without, during].map((each) => Histogram.from(each.latency).quantileMs(0.99));
      if (before === undefined || after === undefined) throw new Error('there were not two measurements');
      const note = `${loginsPerS.toFixed(0)} logins a second at bcrypt cost ${bcryptCost}, on the server's core`;
      recorder.add({ ...common, metric: quiet, value: before, cpu: without.cpu });
      recorder.add({ ...common, metric: beside, value: after, cpu: during.cpu, note });
      recorder.add({ ...common, metric: ratio, value: after / before });
    },
    {
      users: [...senders, ...recipients, ...waiters],
      start: (options) => startChateau({ ...options, bcryptCost }),
    },
  );
}
