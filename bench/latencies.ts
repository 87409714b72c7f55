/** Times that were measured, and the row of a table that they make. */

export class Latencies {
  private readonly samplesMs: number[] = [];

  add(ms: number): void {
    this.samplesMs.push(ms);
  }

  /** Runs `action` and adds how long it took. */
  async time(action: () => Promise<unknown>): Promise<void> {
    const start = performance.now();
    await action();
    this.add(performance.now() - start);
  }

  /** `share` 0.5 is the median, 1 the worst. */
  quantile(share: number): number {
    const sorted = [...this.samplesMs].sort((a, b) => a - b);
    return sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
  }

  row(name: string): string {
    const cells = [0.5, 0.99, 1].map((share) => this.quantile(share).toFixed(2));
    return `| ${[name, ...cells, this.samplesMs.length].join(' | ')} |`;
  }

  /** The head of a table of rows of what was measured. */
  static head(what: string): string {
    return `| ${what}, ms | p50 | p99 | worst | samples |\n| --- | --- | --- | --- | --- |`;
  }
}
