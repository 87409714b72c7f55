/** What was measured, as it is gathered: one sample for each run, workload, metric and contestant. */

import type { CpuShares } from './load/orders';
import { type Faults, isFaultless } from './load/pair-checker';
import type { WorkloadName } from './options';

/** What a figure is, and which way is better. */
export interface Metric {
  readonly name: string;
  readonly unit: string;
  readonly better: 'more' | 'less';
}

export interface Sample {
  readonly workload: WorkloadName;
  readonly contestant: string;
  readonly metric: Metric;
  readonly value: number;
  /** Of the time that was measured, if a generator measured it. */
  readonly cpu?: CpuShares;
  /** The generator looks at the clock in every turn: its share says nothing about a limit. */
  readonly generatorSpins?: boolean;
  readonly note?: string;
}

/** A row of the report: the samples of all runs. */
export interface Figure extends Omit<Sample, 'value' | 'cpu'> {
  /** Sorted. */
  readonly values: readonly number[];
  readonly median: number;
  readonly cpu: CpuShares | undefined;
}

export class Recorder {
  private readonly samples: Sample[] = [];
  /** Sentences about what was not delivered as it should have been, or could not be measured. */
  readonly failures: string[] = [];
  /** How often deliveries were compared with what was accepted. */
  checks = 0;

  /** A value that is no number is a failure: nothing came while it was measured. */
  add(sample: Sample): void {
    const { workload, contestant, metric, value } = sample;
    if (!Number.isFinite(value)) {
      this.fail(`${workload} ${contestant}: ${metric.name} could not be measured`);
      return;
    }
    this.samples.push(sample);
    process.stderr.write(
      `  ${workload} ${contestant}: ${metric.name} ${format(value)} ${metric.unit}${shares(sample)}\n`,
    );
  }

  /** Notes what was lost, repeated or out of order. */
  check(workload: WorkloadName, contestant: string, faults: Faults): void {
    this.checks += 1;
    if (!isFaultless(faults)) this.fail(`${workload} ${contestant}: ${JSON.stringify(faults)}`);
  }

  fail(sentence: string): void {
    this.failures.push(sentence);
    process.stderr.write(`  FAILED: ${sentence}\n`);
  }

  /** In the order in which they were first measured. */
  figures(): Figure[] {
    const groups = new Map<string, Sample[]>();
    for (const sample of this.samples) {
      const key = `${sample.workload} ${sample.metric.name} ${sample.contestant}`;
      groups.set(key, [...(groups.get(key) ?? []), sample]);
    }
    return [...groups.values()].map((group) => figureOf(group));
  }
}

function figureOf(group: readonly Sample[]): Figure {
  const [first] = group;
  if (first === undefined) throw new Error('a figure without samples');
  const values = group.map(({ value }) => value).sort((a, b) => a - b);
  const cpus = group.flatMap(({ cpu }) => cpu ?? []);
  const share = (of: keyof CpuShares): number => median(cpus.map((each) => each[of]));
  const shares = { server: share('server'), generator: share('generator'), others: share('others') };
  const cpu = cpus.length === 0 ? undefined : shares;
  const { value, cpu: _, ...rest } = first;
  return { ...rest, values, median: median(values), cpu };
}

/** NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** With three digits that count, and thin groups of thousands. */
export function format(value: number): string {
  if (!Number.isFinite(value)) return '?';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en').replaceAll(',', ' ');
  return String(Number(value.toPrecision(3)));
}

function shares({ cpu }: Sample): string {
  if (cpu === undefined) return '';
  return ` (server ${(cpu.server * 100).toFixed(0)} %, generator ${(cpu.generator * 100).toFixed(0)} %, others ${(cpu.others * 100).toFixed(0)} % of a core)`;
}
