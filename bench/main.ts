/** The benchmark: this server, its peers and the bare limits, on the same machine in the same run. */

import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ignoreOutputErrors } from '../client/terminal/lost-output';
import { bareStore, routerEach, routerJoined } from './contestants/bare';
import { bareSockets } from './contestants/bare-sockets';
import { chateau, chateauWithKeys } from './contestants/chateau';
import { pickCores } from './cores';
import { describeMachine, diskFolder } from './machine';
import { type Options, readOptions, usage } from './options';
import type { Peer } from './peers/peer';
import { peers as knownPeers } from './peers/table';
import { Recorder } from './recorder';
import { writeReport } from './report/report';
import { Stage } from './stage';
import { measure } from './workloads';

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(usage);
    return;
  }
  mkdirSync(options.out, { recursive: true });
  const folder = mkdtempSync(join(diskFolder(options.out), 'chateau-bench-'));
  // Some peers run as a user of their own, who must get to the folder that is theirs.
  chmodSync(folder, 0o711);
  const cores = pickCores();
  const recorder = new Recorder();
  const peers = peersOf(options);
  const machine = describeMachine(cores, folder);
  const startedAt = new Date();
  try {
    const { charts, costs } = await measure(new Stage({ options, cores, recorder, folder }), peers);
    if (recorder.figures().length + charts.length + costs.length === 0) recorder.fail('nothing was measured');
    const contestants = [chateau, chateauWithKeys, ...peers, routerEach, routerJoined, bareStore, bareSockets];
    writeReport(options, { machine, startedAt, recorder, contestants, charts, costs });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (recorder.failures.length > 0) process.exitCode = 1;
}

/** Those that were asked for and are installed.
 *  @throws Error when one that was named is not */
function peersOf({ peers }: Options): Peer[] {
  if (peers === 'all') return knownPeers.filter((peer) => peer.version() !== undefined);
  return peers.map((name) => {
    const peer = knownPeers.find((each) => each.name === name);
    if (peer === undefined)
      throw new Error(`no peer ${name}; there are ${knownPeers.map((each) => each.name).join(', ')}`);
    if (peer.version() === undefined) throw new Error(`${name} is not installed`);
    return peer;
  });
}

ignoreOutputErrors(process.stdout, process.stderr);
main().catch((error: Error) => {
  process.stderr.write(`bench: ${error.message}\n`);
  process.exitCode = 1;
});
