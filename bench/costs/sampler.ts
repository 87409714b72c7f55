/** Measures what requests cost a server: processor time of all its threads, and wall time. */

import { delay, within } from '../load/crew';
import { cpuUsOf } from '../processes';
import type { GrowthCase } from './growth-case';
import type { Cost } from './judgement';
import type { Site } from './site';

/** A server is at rest when it has used less processor time than this in two looks in a row: cursors are stored up to
 *  30 ms after the last acknowledgement. */
const restUs = 400;
const lookMs = 20;
const restLooks = 2;
/** How long one sample may take, its preparation included. */
const sampleMsMax = 240_000;
/** A server looks through all its logs once after its start. */
const restMsMax = 60_000;

/** One sample of a case at one size. Its connections are closed when it is over.
 *  @throws Error when the server has refused a request, or one sample takes minutes */
export async function sampleCost(site: Site, pid: number, growthCase: GrowthCase, size: number): Promise<Cost> {
  let cost: Cost | undefined;
  const measured = measure(site, pid, growthCase, size).then((found) => {
    cost = found;
  });
  try {
    if (!(await within(sampleMsMax, measured)) || cost === undefined) throw new Error('a sample took too long');
    return cost;
  } finally {
    site.release();
  }
}

async function measure(site: Site, pid: number, growthCase: GrowthCase, size: number): Promise<Cost> {
  const { requests, run } = await growthCase.prepare(site, size);
  await atRest(pid);
  const cpuUs = cpuUsOf(pid);
  const startMs = performance.now();
  await run();
  const wallUs = (performance.now() - startMs) * 1_000;
  await atRest(pid);
  return { cpuUs: (cpuUsOf(pid) - cpuUs) / requests, wallUs: wallUs / requests };
}

/** Resolves once the server has nothing to do any more.
 *  @throws Error when it is still busy after a minute */
export async function atRest(pid: number): Promise<void> {
  let before = cpuUsOf(pid);
  const startMs = performance.now();
  for (let looks = 0; looks < restLooks; ) {
    if (performance.now() - startMs > restMsMax) throw new Error('the server did not come to rest');
    await delay(lookMs);
    const now = cpuUsOf(pid);
    looks = now - before < restUs ? looks + 1 : 0;
    before = now;
  }
}
