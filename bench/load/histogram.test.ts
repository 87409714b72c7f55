import fc from 'fast-check';
import { Histogram } from './histogram';

const latencies = fc.array(fc.double({ min: 0, max: 100_000, noNaN: true }), { minLength: 1, maxLength: 300 });

describe('a histogram of latencies', () => {
  test('gives every quantile to within a microsecond and one part in 64', () => {
    fc.assert(
      fc.property(latencies, fc.double({ min: 0, max: 1, noNaN: true }), (samplesMs, share) => {
        const histogram = new Histogram();
        for (const ms of samplesMs) histogram.addMs(ms);
        const sorted = [...samplesMs].sort((a, b) => a - b);
        const exact = sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1]!;
        expect(Math.abs(histogram.quantileMs(share) - exact)).toBeLessThanOrEqual(0.001 + exact / 64);
      }),
    );
  });

  test('comes back from its data as it was', () => {
    fc.assert(
      fc.property(latencies, (samplesMs) => {
        const histogram = new Histogram();
        for (const ms of samplesMs) histogram.addMs(ms);
        const copy = Histogram.from(histogram.toData());
        expect(copy.toData()).toEqual(histogram.toData());
        expect(copy.count).toBe(samplesMs.length);
      }),
    );
  });

  test('counts what is out of its range as the end of its range', () => {
    const histogram = new Histogram();
    histogram.addMs(-1);
    histogram.addMs(1e12);
    expect(histogram.quantileMs(0)).toBe(0);
    expect(histogram.quantileMs(1)).toBeGreaterThan(2_100_000);
  });

  test('has no quantile without a sample', () => {
    expect(new Histogram().quantileMs(0.5)).toBeNaN();
  });
});
