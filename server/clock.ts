/** The machine's clock, as the core's {@link Clock}. */

import type { Clock, Timer, UnixMs } from './core/ports';

/** Node fires a longer timeout at once: `setTimeout` counts in 31 bits. About 24.8 days. */
const timeoutMsMax = 2_147_483_647;

/** Wall-clock time and timers. A timer does not keep the process alive: sockets do, and a server that has
 *  closed them is done, whatever was still planned. A delay may be of any length. */
export const systemClock: Clock = {
  now: () => Date.now() as UnixMs,
  after,
};

function after(delayMs: number, task: () => void): Timer {
  let remainingMs = delayMs;
  let timeout: NodeJS.Timeout;
  const arm = (): void => {
    const stepMs = Math.min(remainingMs, timeoutMsMax);
    remainingMs -= stepMs;
    timeout = setTimeout(() => (remainingMs > 0 ? arm() : task()), stepMs).unref();
  };
  arm();
  return { cancel: () => clearTimeout(timeout) };
}
