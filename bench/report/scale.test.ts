import fc from 'fast-check';
import { linearScale, logScale } from './scale';

const values = fc.array(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 20 });

describe.each([
  ['linear', linearScale],
  ['logarithmic', logScale],
])('a %s scale', (_, scaleOf) => {
  test('has every value and every tick on the axis, and ticks that ascend', () => {
    fc.assert(
      fc.property(values, (some) => {
        const scale = scaleOf(some);
        for (const value of [...some, ...scale.ticks]) {
          expect(scale.place(value)).toBeGreaterThanOrEqual(-1e-9);
          expect(scale.place(value)).toBeLessThanOrEqual(1 + 1e-9);
        }
        expect([...scale.ticks].sort((a, b) => a - b)).toEqual(scale.ticks);
        expect(scale.place(scale.ticks[0]!)).toBeCloseTo(0);
        expect(scale.place(scale.ticks.at(-1)!)).toBeCloseTo(1);
      }),
    );
  });
});

test('a linear scale goes from 0 in round steps', () => {
  expect(linearScale([3, 87]).ticks).toEqual([0, 20, 40, 60, 80, 100]);
  expect(linearScale([]).ticks[0]).toBe(0);
});

test('a logarithmic scale marks powers of ten, and 2 and 5 where there are few of them', () => {
  expect(logScale([3, 80]).ticks).toEqual([1, 2, 5, 10, 20, 50, 100]);
  expect(logScale([1, 10_000]).ticks).toEqual([1, 10, 100, 1_000, 10_000]);
  expect(logScale([100]).ticks).toEqual([100, 200, 500, 1_000]);
  expect(logScale([1, 100]).place(10)).toBeCloseTo(0.5);
});

test('a logarithmic scale has no place for 0', () => {
  expect(() => logScale([0, 1])).toThrow(RangeError);
});
