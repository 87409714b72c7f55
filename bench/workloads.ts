/** Which workload is measured on whom, in what order. */

import { bareStore, routerEach, routerJoined } from './contestants/bare';
import { bareSockets } from './contestants/bare-sockets';
import { chateau } from './contestants/chateau';
import { growth } from './growth/growth';
import type { WorkloadName } from './options';
import type { Peer } from './peers/peer';
import type { NamedChart } from './report/report';
import type { Stage } from './stage';
import { bareLimits } from './workloads/bare-limits';
import { besideCrowd } from './workloads/crowd';
import { durability } from './workloads/durability';
import { hugeMailbox } from './workloads/huge-mailbox';
import { idle } from './workloads/idle';
import { listing } from './workloads/listing';
import { type LoadPoint, loadCharts, loadSweep } from './workloads/load-sweep';
import { offline } from './workloads/offline';
import { online } from './workloads/online';
import { starting } from './workloads/starting';
import { storm } from './workloads/storm';

/** All workloads that were asked for, each as often as there are runs: one run of all after the other, so that what
 *  changes on the machine meanwhile meets everybody. */
export async function measure(stage: Stage, peers: readonly Peer[]): Promise<NamedChart[]> {
  const { only, runs } = stage.options;
  if (only.has('growth')) return growth(stage);
  const loadPoints: LoadPoint[] = [];
  const playOn: Partial<Record<WorkloadName, readonly [contestants: readonly Peer[], play: Play]>> = {
    W1: [[chateau, ...peers, routerEach, routerJoined], online],
    load: [
      [chateau, ...peers, routerJoined],
      async (each, peer) => void loadPoints.push(...(await loadSweep(each, peer))),
    ],
    W2: [[chateau, ...peers, bareStore], offline],
    W4: [[chateau, ...peers, bareSockets], idle],
    W5: [[chateau], storm],
    W6: [[chateau], besideCrowd],
    W7: [[chateau], hugeMailbox],
    W8: [[chateau], listing],
    start: [[chateau, bareSockets], starting],
    durability: [[chateau, ...peers, bareStore], durability],
    bare: [[chateau], async (each) => bareLimits(each)],
  };
  for (let run = 1; run <= runs; run += 1) {
    process.stderr.write(`run ${run} of ${runs}\n`);
    for (const [name, [contestants, play]] of Object.entries(playOn)) {
      if (!only.has(name as WorkloadName)) continue;
      for (const contestant of contestants) await play(stage, contestant);
    }
  }
  return loadCharts(loadPoints);
}

type Play = (stage: Stage, peer: Peer) => Promise<void>;
