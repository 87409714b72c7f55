/** How long a server takes from its start until it accepts connections, with 1,000,000 messages in its database. */

import { once } from 'node:events';
import { connect } from 'node:net';
import { fillMailbox } from '../chateau-filling';
import { startChateau } from '../contestants/chateau';
import type { Peer, Running } from '../peers/peer';
import { type Metric, median } from '../recorder';
import type { Stage } from '../stage';

const messages = 1_000_000;
const starts = 7;
const users = ['sender', 'recipient'].map((name) => ({ name, password: 'pw' }));
const metric: Metric = { name: 'start to accepting connections', unit: 'ms', better: 'less' };

/** One run, of a server that keeps nothing or of this one on a filled database. */
export async function starting(stage: Stage, peer: Peer): Promise<void> {
  const isOurs = peer.name === 'chateau';
  await stage.play(
    'start',
    peer,
    async ({ running }) => {
      const times: number[] = [];
      for (let i = 0; i < starts; i += 1) times.push(await startMs(running));
      const note = isOurs ? `${messages} messages in its database` : undefined;
      const value = median(times);
      stage.recorder.add({
        workload: 'start',
        contestant: peer.name,
        metric,
        value,
        ...(note === undefined ? {} : { note }),
      });
    },
    isOurs
      ? {
          users,
          mailboxMessagesMax: 2 * messages,
          start: (options) =>
            startChateau({ ...options, fill: (store) => fillMailbox(store, 'sender', 'recipient', messages) }),
        }
      : {},
  );
}

async function startMs(running: Running): Promise<number> {
  await running.stop();
  const start = performance.now();
  await running.restart();
  const socket = connect(running.port, '127.0.0.1');
  await once(socket, 'connect');
  const ms = performance.now() - start;
  socket.destroy();
  return ms;
}
