/** The core under a seeded scheduler: any order of events that reality allows, crashes and lost connections included, held
 *  against a model of logs and cursors. @see docs/delivery.md
 *
 *  `SIMULATION_SEED=17 npx jest tests/simulation/simulation` repeats the one schedule of that seed, step by step;
 *  `SIMULATION_STEPS=100000000` looks for longer, `SIMULATION_FROM=5000` from that seed on. */

import { runCampaign } from './campaign';
import { type Outcome, runSchedule } from './schedule';

const onlySeed = process.env.SIMULATION_SEED;
const firstSeed = Number(process.env.SIMULATION_FROM ?? 1);
const steps = Number(process.env.SIMULATION_STEPS ?? 1_000_000);

/** What somebody needs who wants to see it happen again. */
function report({ seed, violation, lastSteps }: Outcome): string {
  return [
    `${violation?.check}: ${violation?.detail}`,
    ...lastSteps,
    `again: SIMULATION_SEED=${seed} npx jest tests/simulation/simulation`,
  ].join('\n');
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

const maybe = onlySeed === undefined ? test : test.skip;

maybe(
  'whatever happens in whatever order, the delivery contract holds',
  async () => {
    const beganMs = performance.now();
    const campaign = await runCampaign({ firstSeed, steps });
    const seconds = (performance.now() - beganMs) / 1_000;
    const { failure } = campaign;
    say(
      `simulation: seeds ${firstSeed} to ${campaign.lastSeed}, ${campaign.schedules} schedules, ${campaign.steps} steps in ` +
        `${seconds.toFixed(1)} s, ${Math.round(campaign.steps / seconds)} steps/s, ` +
        `${failure === undefined ? 0 : 1} violations`,
    );
    if (failure !== undefined) throw new Error(report(failure));
  },
  24 * 3_600_000,
);

test('the same seed makes the same schedule', async () => {
  const seed = Number(onlySeed ?? 17);
  const [first, second] = [await runSchedule(seed), await runSchedule(seed)];
  expect(second).toEqual(first);
  if (onlySeed !== undefined) say(`simulation: seed ${seed}, ${first.steps} steps`);
  if (first.violation !== undefined) throw new Error(report(first));
});
