/** The report's files: a page of Markdown, which is printed too, the figures as JSON, and the charts. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CostRow } from '../costs/judgement';
import type { Machine } from '../machine';
import type { Options } from '../options';
import type { Peer } from '../peers/peer';
import type { Recorder } from '../recorder';
import { type Chart, lineChart } from './line-chart';
import { markdown } from './markdown';

/** A chart and the name of its file, without an ending. */
export interface NamedChart {
  readonly file: string;
  readonly chart: Chart;
}

export interface Findings {
  readonly machine: Machine;
  readonly startedAt: Date;
  readonly recorder: Recorder;
  /** Everybody who may stand in a table; those who were not measured are left out. */
  readonly contestants: readonly Peer[];
  readonly charts: readonly NamedChart[];
  /** Of the workload growth-of-costs; none where it was not measured. */
  readonly costs: readonly CostRow[];
}

export function writeReport({ out, runs, seconds }: Options, findings: Findings): void {
  const { machine, startedAt, recorder, charts, costs } = findings;
  const figures = recorder.figures();
  const measured = new Set(figures.map(({ contestant }) => contestant));
  const contestants = findings.contestants.filter(({ name }) => measured.has(name));
  const { failures, checks } = recorder;
  const facts = { machine, runs, seconds, at: startedAt.toISOString(), figures, costs, failures, checks };
  const page = markdown({ ...facts, contestants });
  const promises = Object.fromEntries(
    contestants.map((peer) => [peer.name, { version: peer.version(), cores: peer.cores, ...peer.promises }]),
  );
  writeFileSync(join(out, 'report.md'), page);
  writeFileSync(join(out, 'report.json'), `${JSON.stringify({ ...facts, promises, charts }, undefined, 2)}\n`);
  for (const { file, chart } of charts) writeFileSync(join(out, `${file}.svg`), lineChart(chart));
  process.stdout.write(page);
}
