/** Which core the server gets, and which the load generator. */

import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

export interface Cores {
  /** Words before the command of the server, and of the generator. */
  readonly server: readonly string[];
  readonly generator: readonly string[];
  /** For the head of the report. */
  readonly said: string;
}

/** A core for each, where there are two and `taskset` is installed. */
export function pickCores(): Cores {
  const cores = availableParallelism();
  const has = spawnSync('taskset', ['--version']).status === 0;
  if (!has || cores < 2) {
    const why = has ? 'there is one core only' : 'taskset is not installed';
    return { server: [], generator: [], said: `server and load generator share ${cores} core(s): ${why}` };
  }
  return {
    server: ['taskset', '-c', '0'],
    generator: ['taskset', '-c', '1'],
    said: `server on core 0, load generator on core 1, of ${cores}`,
  };
}
