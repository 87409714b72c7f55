/** Latencies in buckets whose width grows with the value: no sample costs memory, and none is off by more than 1/64. */

const subBucketBits = 6;
const subBuckets = 1 << subBucketBits;
/** Up to 2^31 microseconds, 36 minutes; what is longer counts as that. */
const microsMax = 2 ** 31 - 1;
const bucketCount = (31 - subBucketBits + 1) * subBuckets;

/** As plain data, to cross between processes: pairs of a bucket and its count. */
export type HistogramData = readonly (readonly [bucket: number, count: number])[];

export class Histogram {
  private readonly counts = new Uint32Array(bucketCount);
  private total = 0;

  static from(data: HistogramData): Histogram {
    const histogram = new Histogram();
    for (const [bucket, count] of data) {
      histogram.counts[bucket] = count;
      histogram.total += count;
    }
    return histogram;
  }

  get count(): number {
    return this.total;
  }

  /** Negative values count as 0. */
  addMs(ms: number): void {
    const bucket = bucketOf(ms * 1_000);
    this.counts[bucket] = (this.counts[bucket] as number) + 1;
    this.total += 1;
  }

  /** The value below or at which `share` (0 to 1) of the samples lie, in milliseconds: the middle of its bucket. NaN when
   *  there are none. */
  quantileMs(share: number): number {
    if (this.total === 0) return Number.NaN;
    const rank = Math.max(1, Math.ceil(share * this.total));
    let seen = 0;
    for (let bucket = 0; bucket < bucketCount; bucket += 1) {
      seen += this.counts[bucket] as number;
      if (seen >= rank) return middleOf(bucket) / 1_000;
    }
    return Number.NaN;
  }

  toData(): HistogramData {
    const data: [number, number][] = [];
    this.counts.forEach((count, bucket) => {
      if (count > 0) data.push([bucket, count]);
    });
    return data;
  }
}

/** The first 64 buckets are a microsecond wide; each further 64 are twice as wide as those before, half of them unused. */
function bucketOf(micros: number): number {
  const whole = micros < 0 ? 0 : micros > microsMax ? microsMax : micros | 0;
  const shift = Math.max(0, 31 - Math.clz32(whole) - (subBucketBits - 1));
  return shift * subBuckets + (whole >>> shift);
}

function middleOf(bucket: number): number {
  const shift = bucket >> subBucketBits;
  const low = (bucket & (subBuckets - 1)) * 2 ** shift;
  return low + (2 ** shift - 1) / 2;
}
