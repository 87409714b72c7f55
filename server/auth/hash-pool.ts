/** Threads that hash, and the bound on what waits for them. */

import { availableParallelism } from 'node:os';
import { extname, join } from 'node:path';
import type { Piscina } from 'piscina';
import { ChatError } from '../../shared/errors';
import type { Logger } from '../core/ports';
import type { HashResult, HashTask } from './hash-worker';

/** Runs tasks somewhere that is not the main thread. */
export interface HashPool {
  /** @throws ChatError busy when too many wait, closing when the pool was closed before the task was done */
  run(task: HashTask): Promise<HashResult>;
  /** Starts the threads, unless they run: the first task would have to wait for them. */
  start(): void;
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

/** A pool that starts its threads with the first task, or when it is told to: a server listens sooner without them. They
 *  run at the lowest priority where threads have one of their own (Linux). */
export function openHashPool({
  logger,
  threads = defaultThreads(),
  tasksMax = tasksMaxDefault,
}: HashPoolParts): HashPool {
  let piscina: Piscina<HashTask, HashResult> | undefined;
  let tasks = 0;
  let closed = false;

  const started = (): Piscina<HashTask, HashResult> => {
    piscina ??= startThreads(threads, logger);
    return piscina;
  };

  return {
    start() {
      if (!closed) started();
    },
    async run(task) {
      if (closed) throw new ChatError('closing');
      if (tasks >= tasksMax) throw new ChatError('busy');
      tasks += 1;
      try {
        return await started().run(task);
      } catch (cause) {
        if (closed) throw new ChatError('closing', {}, { cause });
        throw cause;
      } finally {
        tasks -= 1;
      }
    },
    async close() {
      closed = true;
      await piscina?.destroy();
    },
  };
}

function startThreads(threads: number, logger: Logger): Piscina<HashTask, HashResult> {
  // Loaded by now only: it takes as long as the rest of the server's own code.
  const { Piscina: Pool } = require('piscina') as typeof import('piscina');
  const extension = extname(__filename);
  const piscina = new Pool<HashTask, HashResult>({
    filename: join(__dirname, `hash-worker${extension}`),
    // All of them at once and for good: a storm is no time to start threads.
    minThreads: threads,
    maxThreads: threads,
    execArgv: extension === '.ts' ? ['--require', 'tsx/cjs'] : [],
  });
  // A worker that dies rejects its task as well; without a listener the event would end the server.
  piscina.on('error', (cause) => logger.error('hash_worker_failed', cause));
  return piscina;
}

function defaultThreads(): number {
  return Math.max(1, availableParallelism() - 1);
}
