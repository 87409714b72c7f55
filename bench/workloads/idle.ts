/** W4: how much memory a login takes that does nothing. */

import { bareSockets } from '../contestants/bare-sockets';
import { chateau } from '../contestants/chateau';
import { delay } from '../load/crew';
import type { Peer } from '../peers/peer';
import { treeOf, usageOf } from '../processes';
import type { Metric } from '../recorder';
import type { Stage } from '../stage';
import { idlers } from '../users';

const metric: Metric = { name: 'memory of an idle login at 10 000', unit: 'KB', better: 'less' };
const later: Metric = { ...metric, name: 'memory of an idle login at 10 000, after 45 s of silence' };
/** A server's memory is looked at after it had time to collect what the logins left behind. */
const settleMs = 3_000;
/** V8 gives back what a storm of logins has left once nothing was allocated for a while: after some 30 s. */
const silenceMs = 45_000;
const loginsAtOnce = 50;

/** One run of W4; where V8 does the housekeeping, a second look after a silence. */
export async function idle(stage: Stage, peer: Peer): Promise<void> {
  const options = { users: idlers, connectionsMax: idlers.length + 100 };
  await stage.play(
    'W4',
    peer,
    async ({ generator, target, running }) => {
      await delay(settleMs);
      const before = usageOf(treeOf(running.pid)).residentBytes;
      await generator.order({ kind: 'idle', target: target(), users: idlers, atOnce: loginsAtOnce });
      const record = (what: Metric): void => {
        const value = (usageOf(treeOf(running.pid)).residentBytes - before) / 1_024 / idlers.length;
        stage.recorder.add({ workload: 'W4', contestant: peer.name, metric: what, value });
      };
      await delay(settleMs);
      record(metric);
      if (peer === chateau || peer === bareSockets) {
        await delay(silenceMs);
        record(later);
      }
      await generator.order({ kind: 'rollCall', target: target() });
    },
    options,
  );
}
