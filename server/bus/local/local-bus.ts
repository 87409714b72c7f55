/** The bus of a server that runs alone. */

import type { Bus, Logger, Nudge } from '../../core/ports';

/** A bus that carries nudges to the listeners of this process, at once: when `publish` returns, every listener
 *  has had the nudge. One published from inside a listener waits until all have had the one before it, so every
 *  listener sees the same order. A listener that throws is a bug: it is logged and the others get the nudge. */
export function createLocalBus({ logger }: { logger: Logger }): Bus {
  const listeners: ((nudge: Nudge) => void)[] = [];
  const waiting: Nudge[] = [];
  let delivering = false;
  let closed = false;

  function deliver(nudge: Nudge): void {
    for (const listener of listeners) {
      try {
        listener(nudge);
      } catch (cause) {
        logger.error('nudge_listener_failed', cause, { log: nudge.log, seq: nudge.message.seq });
      }
    }
  }

  return {
    publish(nudge) {
      if (closed) return;
      waiting.push(nudge);
      if (delivering) return;
      delivering = true;
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) deliver(next);
      delivering = false;
    },
    subscribe(listener) {
      listeners.push(listener);
    },
    async close() {
      closed = true;
      waiting.length = 0;
    },
  };
}
