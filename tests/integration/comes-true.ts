/** Waiting for what a server in this process has come to, where no word on the wire tells of it. */

import { setImmediate } from 'node:timers/promises';

/** A patience and no more: what comes true does so in some turns, however long a busy machine takes for them. */
const patienceMs = 60_000;

/** Resolves once `condition` holds, as each turn of the event loop looks. */
export async function comesTrue(condition: () => boolean): Promise<void> {
  const begin = performance.now();
  while (!condition()) {
    if (performance.now() - begin > patienceMs) throw new Error(`it did not come true: ${condition}`);
    await setImmediate();
  }
}
