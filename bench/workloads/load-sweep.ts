/** Throughput and latency against load: the pairs of W1 with ever more messages under way. */

import { Histogram } from '../load/histogram';
import type { Peer } from '../peers/peer';
import { median } from '../recorder';
import type { Chart, Series } from '../report/line-chart';
import type { NamedChart } from '../report/report';
import type { Stage } from '../stage';
import { pairs } from '../users';

const windows = [1, 2, 4, 16, 64, 256];
const warmUpMs = 1_000;

/** What one contestant does with so many messages under way. */
export interface LoadPoint {
  readonly contestant: string;
  readonly underWay: number;
  readonly messagesPerS: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** One run over all loads. */
export async function loadSweep(stage: Stage, peer: Peer): Promise<LoadPoint[]> {
  const points: LoadPoint[] = [];
  await stage.play('load', peer, async ({ generator, target }) => {
    await generator.order({ kind: 'enrol', target: target(), users: pairs.map(({ receiver }) => receiver) });
    for (const window of windows) {
      const measureMs = stage.options.seconds * 500;
      const order = { kind: 'live', target: target(), pairs, window, warmUpMs, measureMs } as const;
      const { messages, seconds, latency, faults } = await generator.order<'live'>(order);
      stage.recorder.check('load', peer.name, faults);
      const histogram = Histogram.from(latency);
      points.push({
        contestant: peer.name,
        underWay: window * pairs.length,
        messagesPerS: messages / seconds,
        p50Ms: histogram.quantileMs(0.5),
        p99Ms: histogram.quantileMs(0.99),
      });
    }
  });
  return points;
}

/** Throughput and latency of the medians of all runs; none without points. */
export function loadCharts(points: readonly LoadPoint[]): NamedChart[] {
  if (points.length === 0) return [];
  const contestants = [...new Set(points.map(({ contestant }) => contestant))];
  const seriesOf = (contestant: string, value: (point: LoadPoint) => number): Series['points'] =>
    windows.map((window) => {
      const underWay = window * pairs.length;
      const runs = points.filter((each) => each.contestant === contestant && each.underWay === underWay);
      return { x: underWay, y: median(runs.map(value)) };
    });
  const x = { label: 'messages under way, 50 pairs', scale: 'log' } as const;
  const throughput: Chart = {
    title: 'Live messages: throughput against load',
    x,
    y: { label: 'messages a second', scale: 'log' },
    series: contestants.map((name) => ({ name, points: seriesOf(name, (point) => point.messagesPerS) })),
  };
  const latency: Chart = {
    title: 'Live messages: latency against load',
    x,
    y: { label: 'from sending to delivery, ms', scale: 'log' },
    series: contestants.flatMap((name) => [
      { name: `${name} p50`, group: name, points: seriesOf(name, (point) => point.p50Ms) },
      { name: `${name} p99`, group: name, isDashed: true, points: seriesOf(name, (point) => point.p99Ms) },
    ]),
  };
  return [
    { file: 'throughput-against-load', chart: throughput },
    { file: 'latency-against-load', chart: latency },
  ];
}
