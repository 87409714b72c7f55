import fc from 'fast-check';
import { isFaultless, PairChecker } from './pair-checker';

const none = { missing: 0, repeated: 0, disordered: 0, foreign: 0 };

function checked(numbers: readonly number[], accepted: number): ReturnType<PairChecker['faults']> {
  const checker = new PairChecker(1);
  for (const number of numbers) checker.deliver(0, number);
  return checker.faults(() => accepted);
}

describe('the check of what was delivered', () => {
  test('finds nothing where every pair got its messages in order, whatever the order of pairs', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(4), { maxLength: 200 }), (order) => {
        const checker = new PairChecker(5);
        const sent = new Uint32Array(5);
        for (const pair of order) {
          expect(checker.deliver(pair, sent[pair]!)).toBe(true);
          sent[pair]! += 1;
        }
        expect(checker.delivered).toBe(order.length);
        expect(checker.faults((pair) => sent[pair]!)).toEqual(none);
      }),
    );
  });

  test('counts each message that was accepted and never came as missing, at the end and in between', () => {
    expect(checked([0, 1], 4)).toEqual({ ...none, missing: 2 });
    expect(checked([0, 3], 4)).toEqual({ ...none, missing: 2 });
  });

  test('does not miss a message that was never accepted, nor mind that it came', () => {
    expect(checked([0, 3], 1)).toEqual(none);
    expect(checked([0, 1, 2], 1)).toEqual(none);
  });

  test('tells a message that came late from one that came again', () => {
    expect(checked([0, 2, 1], 3)).toEqual({ ...none, disordered: 1 });
    expect(checked([0, 1, 1, 2], 3)).toEqual({ ...none, repeated: 1 });
    expect(checked([0, 2, 1, 1], 3)).toEqual({ ...none, disordered: 1, repeated: 1 });
  });

  test('for any deliveries: what is missing and repeated is what counting says', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { maxLength: 60 }), fc.nat(21), (numbers, accepted) => {
        const distinct = new Set(numbers);
        const { missing, repeated } = checked(numbers, accepted);
        expect(missing).toBe(Array.from({ length: accepted }, (_, i) => i).filter((i) => !distinct.has(i)).length);
        expect(repeated).toBe(numbers.length - distinct.size);
      }),
    );
  });

  test('counts what nobody sent as foreign', () => {
    const checker = new PairChecker(2);
    expect(checker.deliver(2, 0)).toBe(false);
    expect(checker.deliver(0, Number.NaN)).toBe(false);
    checker.strange();
    expect(checker.faults(() => 0)).toEqual({ ...none, foreign: 3 });
  });

  test('is faultless only without any fault', () => {
    expect(isFaultless(none)).toBe(true);
    for (const fault of Object.keys(none)) expect(isFaultless({ ...none, [fault]: 1 })).toBe(false);
  });
});
