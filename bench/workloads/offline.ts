/** W2 and W3: messages to recipients who are away, and what happens when they come back. */

import type { Peer } from '../peers/peer';
import type { Metric } from '../recorder';
import type { Stage } from '../stage';
import { recipients, senders } from '../users';

const accepted: Metric = { name: 'offline accepted', unit: 'msg/s', better: 'more' };
const drained: Metric = { name: 'drain at login', unit: 'msg/s', better: 'more' };

const messages = 220_000;
const warmUpMessages = 20_000;
/** A slow server has a shorter warm-up, or it would warm up for longer than it is measured. */
const slowWarmUpMessages = 1_000;
const slowPeers: ReadonlySet<string> = new Set(['prosody', 'ejabberd']);
const storingSenders = senders.slice(0, 10);
const inFlight = 64;
const patienceMs = 10_000;

/** One run of W2 and, on what it stored, W3; the figures that were asked for. What was accepted is drained and checked in any
 *  case. */
export async function offline(stage: Stage, peer: Peer): Promise<void> {
  const { recorder, options } = stage;
  const contestant = peer.name;
  await stage.play('W2 W3', peer, async ({ generator, target }) => {
    await generator.order({ kind: 'enrol', target: target(), users: recipients });
    const stored = await generator.order<'store'>({
      kind: 'store',
      target: target(),
      senders: storingSenders,
      recipients,
      inFlight,
      messages,
      measureMsMax: options.seconds * 1_000,
      warmUpMessages: slowPeers.has(contestant) ? slowWarmUpMessages : warmUpMessages,
    });
    if (options.only.has('W2')) {
      const value = stored.messages / stored.seconds;
      recorder.add({ workload: 'W2', contestant, metric: accepted, value, cpu: stored.cpu });
    }
    const read = await generator.order<'drain'>({
      kind: 'drain',
      target: target(),
      recipients,
      senders: storingSenders.length,
      expected: stored.accepted,
      patienceMs,
    });
    if (options.only.has('W3')) {
      const value = read.messages / read.seconds;
      recorder.add({ workload: 'W3', contestant, metric: drained, value, cpu: read.cpu });
    }
    recorder.check('W3', contestant, read.faults);
  });
}
