/** Whether what was accepted was delivered: each message of each pair once, in order. */

/** What was wrong, as counts of messages. */
export interface Faults {
  /** Accepted, and never delivered. */
  readonly missing: number;
  /** Delivered again. */
  readonly repeated: number;
  /** Delivered after a later one of the same pair. */
  readonly disordered: number;
  /** Delivered to somebody else, or not what was sent. */
  readonly foreign: number;
}

/** A pair that is lost altogether must not fill the memory with what it lacks. */
const lateMax = 1_000_000;

export class PairChecker {
  /** The number that each pair's next message must have. */
  private readonly next: Uint32Array;
  /** Numbers that were passed over, as pair and number in one; a number that is none of them was delivered before. */
  private readonly late = new Set<number>();
  private repeated = 0;
  private disordered = 0;
  private foreign = 0;
  private count = 0;

  constructor(private readonly pairs: number) {
    this.next = new Uint32Array(pairs);
  }

  /** Messages that were delivered, each counted once. */
  get delivered(): number {
    return this.count;
  }

  /** Whether it is one that was still to come. */
  deliver(pair: number, number: number): boolean {
    const next = this.next[pair];
    if (next === number) {
      this.next[pair] = next + 1;
      this.count += 1;
      return true;
    }
    return this.deliverUnexpected(pair, number, next);
  }

  strange(): void {
    this.foreign += 1;
  }

  /** `accepted(pair)` is how many of its messages, from 0 on, the server has accepted. More may have been delivered. */
  faults(accepted: (pair: number) => number): Faults {
    let missing = 0;
    for (let pair = 0; pair < this.pairs; pair += 1) {
      missing += Math.max(0, accepted(pair) - (this.next[pair] as number));
    }
    for (const late of this.late) {
      const pair = late % this.pairs;
      if ((late - pair) / this.pairs < accepted(pair)) missing += 1;
    }
    return { missing, repeated: this.repeated, disordered: this.disordered, foreign: this.foreign };
  }

  private deliverUnexpected(pair: number, number: number, next: number | undefined): boolean {
    if (next === undefined || Number.isNaN(number)) {
      this.foreign += 1;
      return false;
    }
    if (number < next) {
      if (!this.late.delete(number * this.pairs + pair)) {
        this.repeated += 1;
        return false;
      }
      this.disordered += 1;
      this.count += 1;
      return true;
    }
    for (let passed = next; passed < number; passed += 1) {
      if (this.late.size === lateMax) throw new Error(`more than ${lateMax} messages were passed over`);
      this.late.add(passed * this.pairs + pair);
    }
    this.next[pair] = number + 1;
    this.count += 1;
    return true;
  }
}

export function isFaultless({ missing, repeated, disordered, foreign }: Faults): boolean {
  return missing + repeated + disordered + foreign === 0;
}
