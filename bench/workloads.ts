/** Which workload is measured on whom, in what order. */

import { bareStore, routerEach, routerJoined } from './contestants/bare';
import { bareSockets } from './contestants/bare-sockets';
import { chateau, chateauWithKeys } from './contestants/chateau';
import type { CostRow } from './costs/judgement';
import { growth } from './growth/growth';
import type { WorkloadName } from './options';
import type { Peer } from './peers/peer';
import type { NamedChart } from './report/report';
import type { Stage } from './stage';
import { bareLimits } from './workloads/bare-limits';
import { besideCrowd } from './workloads/crowd';
import { durability } from './workloads/durability';
import { growthOfCosts } from './workloads/growth-of-costs';
import { hugeMailbox } from './workloads/huge-mailbox';
import { idle } from './workloads/idle';
import { listing } from './workloads/listing';
import { type LoadPoint, loadCharts, loadSweep } from './workloads/load-sweep';
import { offline } from './workloads/offline';
import { online } from './workloads/online';
import { receipts } from './workloads/receipts';
import { starting } from './workloads/starting';
import { storm } from './workloads/storm';

/** What was measured beside the figures of the recorder. */
export interface Measured {
  readonly charts: readonly NamedChart[];
  readonly costs: readonly CostRow[];
}

/** All workloads that were asked for, each as often as there are runs: one run of all after the other, so that what
 *  changes on the machine meanwhile meets everybody. Each run begins with another contestant. */
export async function measure(stage: Stage, peers: readonly Peer[]): Promise<Measured> {
  const { only, runs } = stage.options;
  if (only.has('growth')) return { charts: await growth(stage), costs: [] };
  const loadPoints: LoadPoint[] = [];
  const acts: readonly Act[] = [
    { workloads: ['W1'], contestants: [chateau, chateauWithKeys, ...peers, routerEach, routerJoined], play: online },
    {
      workloads: ['load'],
      contestants: [chateau, ...peers, routerJoined],
      play: async (each, peer) => void loadPoints.push(...(await loadSweep(each, peer))),
    },
    { workloads: ['W2', 'W3'], contestants: [chateau, chateauWithKeys, ...peers, bareStore], play: offline },
    { workloads: ['W4'], contestants: [chateau, ...peers, bareSockets], play: idle },
    { workloads: ['W5'], contestants: [chateau], play: storm },
    { workloads: ['W6'], contestants: [chateau], play: besideCrowd },
    { workloads: ['W7'], contestants: [chateau], play: hugeMailbox },
    { workloads: ['W8'], contestants: [chateau], play: listing },
    { workloads: ['start'], contestants: [chateau, bareSockets], play: starting },
    { workloads: ['durability'], contestants: [chateau, ...peers, bareStore], play: durability },
    { workloads: ['receipts'], contestants: [chateau], play: receipts },
    { workloads: ['bare'], contestants: [chateau], play: async (each) => bareLimits(each) },
  ];
  const asked = acts.filter(({ workloads }) => workloads.some((name) => only.has(name)));
  for (let run = 0; run < runs; run += 1) {
    process.stderr.write(`run ${run + 1} of ${runs}\n`);
    for (const { contestants, play } of asked) {
      for (const contestant of startingAt(run % contestants.length, contestants)) await play(stage, contestant);
    }
  }
  const costs = only.has('growth-of-costs') ? await growthOfCosts(stage, chateau) : [];
  return { charts: loadCharts(loadPoints), costs };
}

/** The same in a circle: whoever always came first would always find the machine as the others had left it. */
function startingAt(first: number, contestants: readonly Peer[]): readonly Peer[] {
  return [...contestants.slice(first), ...contestants.slice(0, first)];
}

/** What is played on each contestant where one of these workloads is asked for. */
interface Act {
  readonly workloads: readonly WorkloadName[];
  readonly contestants: readonly Peer[];
  readonly play: (stage: Stage, peer: Peer) => Promise<void>;
}
