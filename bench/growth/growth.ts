/** How figures of this server grow with what it holds: a chart for each, a point for each size. */

import { type Figure, type Metric, median } from '../recorder';
import type { Series } from '../report/line-chart';
import type { NamedChart } from '../report/report';
import type { Stage } from '../stage';
import { growthOfConnections } from './connections';
import { growthOfDirectory } from './directory';
import { type GrowthChart, type GrowthPoint, growthCharts } from './growth-point';
import { growthOfMailboxes } from './mailboxes';

/** Measures everything as often as there are runs; the charts show medians. */
export async function growth(stage: Stage): Promise<NamedChart[]> {
  const points: GrowthPoint[] = [];
  const add = (point: GrowthPoint): void => {
    points.push(point);
    const metric: Metric = {
      name: `${growthCharts[point.chart][0]}, ${point.line}, ${point.x}`,
      ...unitOf(point.chart),
    };
    stage.recorder.add({ workload: 'growth', contestant: 'chateau', metric, value: point.y });
  };
  for (let run = 1; run <= stage.options.runs; run += 1) {
    process.stderr.write(`run ${run} of ${stage.options.runs}\n`);
    await growthOfConnections(stage, add);
    await growthOfMailboxes(stage, add);
    await growthOfDirectory(stage, add);
  }
  return Object.keys(growthCharts).map((name) => chartOf(name as GrowthChart, points));
}

function unitOf(chart: GrowthChart): Pick<Figure['metric'], 'unit' | 'better'> {
  if (chart === 'throughput-against-connections') return { unit: 'msg/s', better: 'more' };
  return { unit: chart === 'bytes-against-messages' ? 'bytes' : 'ms', better: 'less' };
}

function chartOf(file: GrowthChart, points: readonly GrowthPoint[]): NamedChart {
  const [title, x, y] = growthCharts[file];
  const ours = points.filter(({ chart }) => chart === file);
  const lines = [...new Set(ours.map(({ line }) => line))];
  const seriesOf = (name: string): Series => {
    const own = ours.filter(({ line }) => line === name);
    const sizes = [...new Set(own.map((point) => point.x))].sort((a, b) => a - b);
    return {
      name,
      points: sizes.map((size) => ({ x: size, y: median(own.filter((p) => p.x === size).map((p) => p.y)) })),
    };
  };
  return {
    file,
    chart: { title, x: { label: x, scale: 'log' }, y: { label: y, scale: 'linear' }, series: lines.map(seriesOf) },
  };
}
