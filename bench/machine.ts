/** Where it was measured: figures mean nothing without. */

import { statfsSync } from 'node:fs';
import { cpus, release, tmpdir, totalmem } from 'node:os';
import type { Cores } from './cores';

/** What `statfs` calls a file system that is memory. */
const memoryFileSystems: ReadonlyMap<number, string> = new Map([
  [0x01021994, 'tmpfs'],
  [0x858458f6, 'ramfs'],
]);

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly kernel: string;
  readonly node: string;
  readonly pinning: string;
  readonly disk: string;
}

export function describeMachine(cores: Cores, folder: string): Machine {
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.versions.node,
    pinning: cores.said,
    disk: isMemory(folder) ? 'MEMORY, not a disk: figures of what is durable are worthless' : 'a real file system',
  };
}

/** A folder for data on a disk: the system's temporary one, unless that is memory; then `other`. */
export function diskFolder(other: string): string {
  return isMemory(tmpdir()) ? other : tmpdir();
}

function isMemory(folder: string): boolean {
  return memoryFileSystems.has(statfsSync(folder).type);
}
