import { systemChance } from './chance';

test('a fraction is at least 0 and below 1, and they spread over the whole range', () => {
  const tenths = new Set<number>();
  for (let draw = 0; draw < 2_000; draw += 1) {
    const fraction = systemChance.fraction();
    expect(fraction).toBeGreaterThanOrEqual(0);
    expect(fraction).toBeLessThan(1);
    tenths.add(Math.floor(fraction * 10));
  }
  expect(tenths.size).toBe(10);
});
