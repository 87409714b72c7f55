/** The delivery contract against a model of logs and cursors, in any order of events. @see docs/delivery.md */

import fc from 'fast-check';
import { apply, type Command, command } from '../../tests/harness/model-commands';
import { ModelledWorld } from '../../tests/harness/modelled-world';

/** Raise it to look for longer: `DELIVERY_MODEL_RUNS=20000 npx jest delivery.model`. */
const runs = Number(process.env.DELIVERY_MODEL_RUNS ?? 1_000);

const sequence = fc.array(command, { maxLength: 120, size: 'max' });

test('what was acknowledged to its sender is written to each device, in order, until that acknowledges it', async () => {
  await fc.assert(
    fc.asyncProperty(sequence, fc.boolean(), async (commands: Command[], mayLoseNudges) => {
      const world = new ModelledWorld({ mayLoseNudges });
      for (const each of commands) await apply(world, each);
      await world.drain();
      world.requireEverythingDelivered();
    }),
    { numRuns: runs },
  );
}, 1_200_000);
