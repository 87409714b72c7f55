/** Processor time of the server and of this process, over the time that is measured. */

import { busyMs, treeOf, usageOf } from '../processes';
import type { CpuShares } from './orders';

export class CpuMeter {
  private readonly serverPids: number[];
  private startMs = 0;
  private serverMs = 0;
  private ownMs = 0;
  private allMs = 0;

  /** Looks the server's processes up, which takes some milliseconds. */
  constructor(serverPid: number) {
    this.serverPids = treeOf(serverPid);
  }

  start(): void {
    this.startMs = performance.now();
    this.serverMs = usageOf(this.serverPids).cpuMs;
    this.ownMs = usageOf([process.pid]).cpuMs;
    this.allMs = busyMs();
  }

  stop(): CpuShares {
    const elapsedMs = performance.now() - this.startMs;
    const server = (usageOf(this.serverPids).cpuMs - this.serverMs) / elapsedMs;
    const generator = (usageOf([process.pid]).cpuMs - this.ownMs) / elapsedMs;
    const all = (busyMs() - this.allMs) / elapsedMs;
    return { server, generator, others: Math.max(0, all - server - generator) };
  }
}
