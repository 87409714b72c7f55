/** Threads that hash, and the bound on what waits for them. */

import { availableParallelism } from 'node:os';
import { extname, join } from 'node:path';
import { Piscina } from 'piscina';
import { ChatError } from '../../shared/errors';
import type { Logger } from '../core/ports';
import type { HashResult, HashTask } from './hash-worker';

/** Runs tasks somewhere that is not the main thread. */
export interface HashPool {
  /** @throws ChatError busy when too many wait, closing when the pool was closed before the task was done */
  run(task: HashTask): Promise<HashResult>;
  /** Stops the threads; what waits or runs is refused with `closing`. */
  close(): Promise<void>;
}

/** Tasks taken in, running or waiting. At cost 10 and on one thread the last of them waits half a minute, which is
 *  about as long as a person would. */
const tasksMaxDefault = 500;

export interface HashPoolParts {
  readonly logger: Logger;
  /** 1 or more; by default one less than the cores, so that one is left for the main thread, but at least 1. */
  readonly threads?: number;
  /** Tasks taken in, running or waiting; 500 by default. */
  readonly tasksMax?: number;
}

/** Starts the threads. They run at the lowest priority where threads have one of their own (Linux). */
export function openHashPool({
  logger,
  threads = defaultThreads(),
  tasksMax = tasksMaxDefault,
}: HashPoolParts): HashPool {
  const extension = extname(__filename);
  const piscina = new Piscina<HashTask, HashResult>({
    filename: join(__dirname, `hash-worker${extension}`),
    // All of them at once and for good: a storm is no time to start threads.
    minThreads: threads,
    maxThreads: threads,
    execArgv: extension === '.ts' ? ['--require', 'tsx/cjs'] : [],
  });
  // A worker that dies rejects its task as well; without a listener the event would end the server.
  piscina.on('error', (cause) => logger.error('hash_worker_failed', cause));
  let tasks = 0;
  let closed = false;

  return {
    async run(task) {
      if (closed) throw new ChatError('closing');
      if (tasks >= tasksMax) throw new ChatError('busy');
      tasks += 1;
      try {
        return await piscina.run(task);
      } catch (cause) {
        if (closed) throw new ChatError('closing', {}, { cause });
        throw cause;
      } finally {
        tasks -= 1;
      }
    },
    async close() {
      closed = true;
      await piscina.destroy();
    },
  };
}

function defaultThreads(): number {
  return Math.max(1, availableParallelism() - 1);
}
