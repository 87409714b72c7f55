import { type CostRow, ratioOf, verdictOf } from './judgement';

function row(judged: CostRow['judged'], smallUs: number, largeUs: number): CostRow {
  const cost = (cpuUs: number): CostRow['small'] => ({ cpuUs, wallUs: 2 * cpuUs });
  return { request: 'ack', grows: 'messages waiting', judged, size: 100, small: cost(smallUs), large: cost(largeUs) };
}

test('the ratio of a single request is the ratio of its two costs', () => {
  expect(ratioOf(row('request', 50, 500), 'cpuUs')).toBe(10);
  expect(ratioOf(row('request', 50, 55), 'wallUs')).toBeCloseTo(1.1);
});

test('the ratio of requests that are repeated counts that there are ten times as many at the large size', () => {
  expect(ratioOf(row('each', 50, 50), 'cpuUs')).toBe(10);
  expect(ratioOf(row('each', 50, 500), 'cpuUs')).toBe(100);
});

test.each([
  ['request', 50, 50, 'constant'],
  ['request', 50, 149, 'constant'],
  ['request', 50, 150, 'linear'],
  ['request', 50, 750, 'linear'],
  ['request', 50, 751, 'grows faster than linear'],
  ['each', 50, 14, 'constant'],
  ['each', 50, 50, 'linear'],
  ['each', 50, 75, 'linear'],
  ['each', 50, 76, 'grows faster than linear'],
  ['each', 50, 500, 'grows faster than linear'],
] as const)('a cost judged by %s that goes from %d to %d µs a request is: %s', (judged, small, large, verdict) => {
  expect(verdictOf(row(judged, small, large))).toBe(verdict);
});

test('a ratio that could not be calculated is not taken for a good one', () => {
  expect(verdictOf(row('request', 0, 0))).toBe('grows faster than linear');
});
