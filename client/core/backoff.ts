/** How long to wait before the next attempt to connect. */

import type { Chance } from './chance';
import { clientLimits } from './limits';

/** Exponential backoff with full jitter: any delay up to a bound that doubles. Clients that lost one server at the same
 *  moment do not come back at the same moment. */
export class Backoff {
  private failures = 0;

  constructor(private readonly chance: Chance) {}

  /** Milliseconds to wait after one more failure, 0 to `retryMsMax`. */
  nextMs(): number {
    const boundMs = Math.min(clientLimits.retryMsMax, clientLimits.retryMsFirst * 2 ** this.failures);
    this.failures += 1;
    return Math.floor(this.chance.fraction() * boundMs);
  }

  reset(): void {
    this.failures = 0;
  }
}
