/** Threads of the store in the thread that starts them, for tests: what they run is seen by coverage and debuggers. */

import { MessageChannel } from 'node:worker_threads';
import { serve } from './serve';
import type { StartThread } from './start-thread';
import type { FromThread } from './thread-messages';

/** Serves at the other end of a channel, through which everything is cloned and transferred as to a worker. */
export const startInline: StartThread = (data, listener) => {
  const { port1, port2 } = new MessageChannel();
  let hasEnded = false;
  const end = (cause: Error | undefined): void => {
    if (hasEnded) return;
    hasEnded = true;
    listener.ended(cause);
  };
  port1.on('message', (message: FromThread) => listener.message(message));
  port1.on('close', () => end(undefined));
  serve(port2, data);
  return {
    send: (message, transfer) => port1.postMessage(message, transfer),
    terminate: () => port1.close(),
  };
};
