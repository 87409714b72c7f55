/** Does the simulation find bugs? Each planted fault breaks one promise; each must be found. */

import { type Campaign, runCampaign } from './campaign';
import { planted } from './faults/planted';

/** Within so many steps a fault is found, or the simulation is too weak to be believed. */
const stepsMax = 500_000;

const found: { readonly fault: string; readonly campaign: Campaign }[] = [];

afterAll(() => {
  const rows = found.map(({ fault, campaign: { failure, steps } }) =>
    [
      fault.padEnd(66),
      (failure?.violation?.check ?? 'nothing').padEnd(38),
      `${steps}`.padStart(7),
      `${failure?.seed ?? ''}`.padStart(5),
    ].join(' '),
  );
  const head = ['planted fault'.padEnd(66), 'caught by'.padEnd(38), '  steps', ' seed'].join(' ');
  process.stdout.write(`${[head, ...rows].join('\n')}\n`);
});

test.each(planted.map((plant) => [plant().name, plant] as const))(
  'the simulation finds it when %s',
  async (fault, plant) => {
    const campaign = await runCampaign({ firstSeed: 1, steps: stepsMax, plant });
    found.push({ fault, campaign });
    expect(campaign.failure?.violation).toBeDefined();
  },
);

test('without a fault it finds nothing in as many steps', async () => {
  const campaign = await runCampaign({ firstSeed: 1, steps: stepsMax });
  found.push({ fault: 'none', campaign });
  expect(campaign.failure).toBeUndefined();
}, 180_000);
