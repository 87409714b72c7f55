/** How the cost of a request grows: measured at two sizes, one ten times the other, and judged by the ratio. */

import type { CommandName } from '../../shared/cmap';

/** How many times the small size the large one is. */
export const growthFactor = 10;
/** Linear growth comes to a ratio of about 10; above this it is faster. */
export const ratioMax = 15;
/** Below this ratio, over ten times the size, the size makes no difference that matters. */
const constantRatioMax = 3;

/** What the ratio compares. `request`: one request, which does work on everything that grows. `each`: as many requests
 *  as the size says, each of which should cost the same whatever the size. */
export type Judged = 'request' | 'each';

/** Of one request, in microseconds. */
export interface Cost {
  /** Processor time of the server, in all its threads. */
  readonly cpuUs: number;
  /** From the first byte of the first request to the last byte of the last reply, shared out among the requests. */
  readonly wallUs: number;
}

/** What one request of the protocol costs at both sizes. */
export interface CostRow {
  readonly request: CommandName;
  /** What its cost may depend on, such as `messages waiting`. */
  readonly grows: string;
  readonly judged: Judged;
  /** The small size; the large one is `growthFactor` times that. */
  readonly size: number;
  readonly small: Cost;
  readonly large: Cost;
}

export type Verdict = 'constant' | 'linear' | 'grows faster than linear';

/** The cost at the large size divided by the cost at the small one. */
export function ratioOf({ judged, small, large }: CostRow, of: keyof Cost): number {
  const ratio = large[of] / small[of];
  return judged === 'each' ? ratio * growthFactor : ratio;
}

/** Judges processor time: it does not include waiting for the disk or for other programs, which wall time does. */
export function verdictOf(row: CostRow): Verdict {
  const ratio = ratioOf(row, 'cpuUs');
  // A ratio that is not a number is not a proof of anything good.
  if (!(ratio <= ratioMax)) return 'grows faster than linear';
  return ratio < constantRatioMax ? 'constant' : 'linear';
}
