/** Costs as they are measured: some samples of each request at each size, of which the medians make a row. */

import { median } from '../recorder';
import type { GrowthCase } from './growth-case';
import type { Cost, CostRow } from './judgement';

export type Scale = 'small' | 'large';

interface Entry {
  readonly growthCase: GrowthCase;
  readonly small: Cost[];
  readonly large: Cost[];
}

export class CostLedger {
  private readonly entries = new Map<string, Entry>();

  add(growthCase: GrowthCase, scale: Scale, cost: Cost): void {
    const key = `${growthCase.request} ${growthCase.grows}`;
    const entry = this.entries.get(key) ?? { growthCase, small: [], large: [] };
    this.entries.set(key, entry);
    entry[scale].push(cost);
  }

  /** In the order in which they were first measured; what was not measured at both sizes is left out. */
  rows(): CostRow[] {
    return [...this.entries.values()].flatMap((entry) => rowOf(entry) ?? []);
  }

  rowOf({ request, grows }: GrowthCase): CostRow | undefined {
    const entry = this.entries.get(`${request} ${grows}`);
    return entry && rowOf(entry);
  }
}

function rowOf({ growthCase, small, large }: Entry): CostRow | undefined {
  if (small.length === 0 || large.length === 0) return undefined;
  const { request, grows, judged, size } = growthCase;
  return { request, grows, judged, size, small: medianOf(small), large: medianOf(large) };
}

function medianOf(costs: readonly Cost[]): Cost {
  return { cpuUs: median(costs.map(({ cpuUs }) => cpuUs)), wallUs: median(costs.map(({ wallUs }) => wallUs)) };
}
