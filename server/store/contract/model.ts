/** Any store agrees with a model of it that is too simple to be wrong. */

import fc from 'fast-check';
import type { ErrorCode } from '../../../shared/errors';
import type { Account, Appended } from '../../core/ports';
import { describeOn, type OpenStore, type Stage } from './stage';

const mailboxMessagesMax = 4;

interface Mailbox {
  readonly log: { readonly from: number; readonly key: string | undefined; readonly text: string }[];
  cursor: number;
}

type Step =
  | { readonly does: 'send'; readonly from: number; readonly to: number; readonly key?: string; readonly text: string }
  | { readonly does: 'acknowledge'; readonly whose: number; readonly seq: number }
  | { readonly does: 'wait' };

const person = fc.nat(2);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record(
      {
        does: fc.constant('send' as const),
        from: person,
        to: person,
        key: fc.constantFrom('k', 'l'),
        text: fc.constantFrom('x', 'y'),
      },
      { requiredKeys: ['does', 'from', 'to', 'text'] },
    ),
  },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('acknowledge' as const), whose: person, seq: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('wait' as const) }) },
);

export function modelContract(open: OpenStore): void {
  describeOn(
    'a store',
    open,
    (stage) => {
      test('does what its model does, however its work falls into batches', async () => {
        await fc.assert(
          fc.asyncProperty(fc.array(step, { maxLength: 40 }), (steps) => agree(stage(), steps)),
          { numRuns: 60 },
        );
      });
    },
    mailboxMessagesMax,
  );
}

async function agree(stage: Stage, steps: readonly Step[]): Promise<void> {
  const people = await stage.accounts(3);
  const model: Mailbox[] = people.map(() => ({ log: [], cursor: 0 }));
  const expected: string[] = [];
  const actual: Promise<string>[] = [];
  for (const each of steps) {
    if (each.does === 'send') {
      expected.push(modelled(model[each.to] as Mailbox, each));
      const to = (people[each.to] as Account).name;
      const options = each.key === undefined ? {} : { key: each.key };
      actual.push(stage.send(people[each.from] as Account, to, each.text, options).then(told));
    } else if (each.does === 'acknowledge') {
      const box = model[each.whose] as Mailbox;
      box.cursor = Math.max(box.cursor, Math.min(each.seq, box.log.length));
      void stage.acknowledge(people[each.whose] as Account, each.seq);
    } else {
      await actual.at(-1);
    }
  }
  expect(await Promise.all(actual)).toEqual(expected);
  const inboxes = await Promise.all(people.map((account) => stage.inbox(account)));
  expect(inboxes).toEqual(model.map((box) => box.log.map((message) => message.text)));
}

function modelled({ log, cursor }: Mailbox, { from, key, text }: Extract<Step, { does: 'send' }>): string {
  const stored = log.findIndex((message) => key !== undefined && message.key === key && message.from === from);
  if (stored !== -1) return log[stored]?.text === text ? `${stored + 1} again` : 'key_reused';
  if (log.length - cursor >= mailboxMessagesMax) return 'mailbox_full';
  return `${log.push({ from, key, text })}`;
}

function told(outcome: Appended | ErrorCode): string {
  if (typeof outcome === 'string') return outcome;
  return outcome.repeated ? `${outcome.seq} again` : `${outcome.seq}`;
}
