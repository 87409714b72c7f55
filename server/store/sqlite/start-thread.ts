/** Starts threads of the store. */

import { existsSync } from 'node:fs';
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { FromThread, ThreadData, ToThread } from './thread-messages';

/** A thread that runs. */
export interface Thread {
  send(message: ToThread, transfer: readonly ArrayBuffer[]): void;
  /** Ends it wherever it stands. */
  terminate(): void;
}

/** Who is told what a thread says, and once that it has ended; `cause` when it was not told to. */
export interface ThreadListener {
  message(message: FromThread): void;
  ended(cause: Error | undefined): void;
}

export type StartThread = (data: ThreadData, listener: ThreadListener) => Thread;

const buildRemoved = 'the build that this server runs from has been removed: restart the server';

/** Starts a worker thread. Under tsx and jest it is the TypeScript that runs, in the compiled program the JavaScript. */
export const startWorker: StartThread = (data, listener) => {
  const extension = extname(__filename);
  const file = join(__dirname, `thread${extension}`);
  const worker = new Worker(file, {
    workerData: data,
    execArgv: extension === '.ts' ? ['--require', 'tsx/cjs'] : [],
    name: `store ${data.role}`,
  });
  let cause: Error | undefined;
  worker.on('message', (message: FromThread) => listener.message(message));
  worker.on('error', (error: Error) => {
    cause = existsSync(file) ? error : new Error(buildRemoved, { cause: error });
  });
  worker.on('exit', (code) => {
    listener.ended(cause ?? (code === 0 ? undefined : new Error(`the thread ended with status ${code}`)));
  });
  return {
    send: (message, transfer) => worker.postMessage(message, transfer),
    terminate: () => void worker.terminate(),
  };
};
