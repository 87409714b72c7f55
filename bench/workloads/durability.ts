/** What is left of 5,000 messages that were acknowledged to their senders after SIGKILL and a new start. */

import type { Peer } from '../peers/peer';
import { format, type Metric } from '../recorder';
import type { Stage } from '../stage';
import { recipients, senders } from '../users';

const messages = 5_000;
const metric: Metric = { name: 'left after SIGKILL of what was acknowledged', unit: 'messages', better: 'more' };
const patienceMs = 5_000;

/** One run. That a peer loses messages is a figure; that this server or the bare store does is a failure. */
export async function durability(stage: Stage, peer: Peer): Promise<void> {
  const { recorder } = stage;
  await stage.play('durability', peer, async ({ generator, target, running }) => {
    await generator.order({ kind: 'enrol', target: target(), users: recipients });
    const storing = senders.slice(0, 10);
    const { accepted } = await generator.order<'store'>({
      kind: 'store',
      target: target(),
      senders: storing,
      recipients,
      inFlight: 64,
      messages,
      measureMsMax: 60_000,
      warmUpMessages: 1,
    });
    await running.kill();
    await running.restart();
    const { faults } = await generator.order<'drain'>({
      kind: 'drain',
      target: target(),
      recipients,
      senders: storing.length,
      expected: accepted,
      patienceMs,
    });
    const total = accepted.reduce((sum, count) => sum + count, 0);
    recorder.add({
      workload: 'durability',
      contestant: peer.name,
      metric,
      value: total - faults.missing,
      note: `${format(total)} were acknowledged`,
    });
    if (peer.promises.onDisk === 'yes') recorder.check('durability', peer.name, faults);
  });
}
