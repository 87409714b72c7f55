/** The report as a page of Markdown. */

import { costTable } from '../costs/cost-table';
import type { CostRow } from '../costs/judgement';
import type { Machine } from '../machine';
import { workloadNames, workloadTitles } from '../options';
import type { Peer } from '../peers/peer';
import { type Figure, format } from '../recorder';

export interface Report {
  readonly machine: Machine;
  readonly runs: number;
  readonly seconds: number;
  readonly at: string;
  readonly figures: readonly Figure[];
  readonly costs: readonly CostRow[];
  readonly failures: readonly string[];
  /** How often deliveries were compared with what was accepted. */
  readonly checks: number;
  readonly contestants: readonly Peer[];
}

/** The contestant whose figures the others' are compared with. */
const ours = 'chateau';
/** Above this share of a core it is the generator that is measured. */
const generatorShareMax = 0.9;
/** Above this share of a core, of what is neither the server nor the generator, a figure says little. */
const othersShareMax = 0.2;

export function markdown(report: Report): string {
  const { machine, runs, seconds, at } = report;
  const sections = groups(report.figures).map((figures) => section(figures, report.contestants));
  const failures = report.failures.map((failure) => `- ${failure}`);
  return [
    `# Benchmark of ${at}`,
    '',
    `${machine.processor}, ${machine.cores} cores, ${machine.memoryGb} GB; Linux ${machine.kernel}, Node ${machine.node}; ${machine.pinning}; data on ${machine.disk}.`,
    `Whole processes, bodies of 100 bytes, ${seconds} s each; medians of ${runs} run(s) with least and greatest.`,
    '"Ratio" is this server to that contestant, above 1 where this server is better.',
    'Processor shares are of one core.',
    '',
    ...sections.flat(),
    ...costSection(report.costs),
    '## What each promises',
    '',
    '| | version | could use cores | on disk before it is accepted | settings |',
    '| --- | --- | --- | --- | --- |',
    ...report.contestants.map(promise),
    '',
    '## Failures',
    '',
    ...(failures.length === 0 ? [noFailure(report.checks)] : failures),
    '',
  ].join('\n');
}

function noFailure(checks: number): string {
  if (checks === 0) return 'None. No deliveries were checked.';
  return `None: everything that was accepted was delivered once, in order, in each of ${checks} checks.`;
}

function costSection(costs: readonly CostRow[]): string[] {
  if (costs.length === 0) return [];
  return [`## growth-of-costs: ${workloadTitles['growth-of-costs']}`, '', ...costTable(costs), ''];
}

/** Figures of the same workload stand together, and in it those of the same metric. */
function groups(figures: readonly Figure[]): Figure[][] {
  const workloads = workloadNames.map((name) => figures.filter(({ workload }) => workload === name));
  return workloads.filter((group) => group.length > 0).map(byMetric);
}

function byMetric(figures: readonly Figure[]): Figure[] {
  const metrics = [...new Set(figures.map(({ metric }) => metric.name))];
  return metrics.flatMap((name) => figures.filter(({ metric }) => metric.name === name));
}

function section(figures: readonly Figure[], contestants: readonly Peer[]): string[] {
  const [first] = figures;
  if (first === undefined) return [];
  return [
    `## ${first.workload}: ${workloadTitles[first.workload]}`,
    '',
    '| what | who | figure | least to greatest | ratio | on disk | server | generator | |',
    '| --- | --- | ---: | --- | ---: | --- | ---: | ---: | --- |',
    ...figures.map((figure) => row(figure, ownOf(figure, figures), contestants)),
    '',
  ];
}

function ownOf({ metric }: Figure, figures: readonly Figure[]): Figure | undefined {
  return figures.find((each) => each.contestant === ours && each.metric.name === metric.name);
}

function row(figure: Figure, own: Figure | undefined, contestants: readonly Peer[]): string {
  const { contestant, median, values, cpu, metric } = figure;
  const spread = `${format(values[0] ?? Number.NaN)} to ${format(values.at(-1) ?? Number.NaN)}`;
  const onDisk = contestants.find(({ name }) => name === contestant)?.promises.onDisk ?? '';
  const cells = [metric.name, contestant, `${format(median)} ${metric.unit}`, spread, ratio(figure, own), onDisk];
  return `| ${[...cells, share(cpu?.server), share(cpu?.generator), notes(figure).join('; ')].join(' | ')} |`;
}

function ratio({ contestant, metric, median }: Figure, own: Figure | undefined): string {
  if (own === undefined || contestant === ours) return '';
  return format(metric.better === 'more' ? own.median / median : median / own.median);
}

function notes({ cpu, generatorSpins, note }: Figure): string[] {
  const found = note === undefined ? [] : [note];
  if (generatorSpins) found.push('the generator looks at the clock all the time');
  else if ((cpu?.generator ?? 0) > generatorShareMax) found.push('**the generator is the limit**');
  const others = cpu?.others ?? 0;
  if (others > othersShareMax) found.push(`**other programs took ${share(others)} of a core**`);
  return found;
}

function share(value: number | undefined): string {
  return value === undefined ? '' : `${(value * 100).toFixed(0)} %`;
}

function promise(peer: Peer): string {
  const { name, cores, promises } = peer;
  return `| ${[name, peer.version() ?? 'not installed', cores, promises.onDisk, promises.settings].join(' | ')} |`;
}
