/** The rows of `growth-of-costs` as a table in Markdown, with a closing line that names what grows too fast. */

import { format } from '../recorder';
import { type CostRow, growthFactor, ratioMax, ratioOf, verdictOf } from './judgement';

const tooFast = 'grows faster than linear';

/** No lines without rows. */
export function costTable(rows: readonly CostRow[]): string[] {
  if (rows.length === 0) return [];
  return [
    '| request | what grows | from | to | judged | CPU a request at 1x, µs | at 10x, µs | ratio | ratio of wall time | verdict |',
    '| --- | --- | ---: | ---: | --- | ---: | ---: | ---: | ---: | --- |',
    ...rows.map(line),
    '',
    ...closing(rows),
  ];
}

/** One row in a sentence, for the progress of a run. */
export function sentenceOf(row: CostRow): string {
  const { request, grows, size, small, large } = row;
  const [from, to, ratio] = [small.cpuUs, large.cpuUs, ratioOf(row, 'cpuUs')].map(format);
  const sizes = `${format(size)} to ${format(size * growthFactor)} ${grows}`;
  return `${request}, ${sizes}: ${from} to ${to} µs, ratio ${ratio}, ${verdictOf(row)}`;
}

function line(row: CostRow): string {
  const { request, grows, judged, size, small, large } = row;
  const verdict = verdictOf(row);
  const cells = [
    request,
    grows,
    format(size),
    format(size * growthFactor),
    judged === 'each' ? 'that many requests' : 'one request',
    format(small.cpuUs),
    format(large.cpuUs),
    format(ratioOf(row, 'cpuUs')),
    format(ratioOf(row, 'wallUs')),
    verdict === tooFast ? `**${verdict}**` : verdict,
  ];
  return `| ${cells.join(' | ')} |`;
}

function closing(rows: readonly CostRow[]): string[] {
  const fast = rows.filter((row) => verdictOf(row) === tooFast);
  const slow = rows.filter((row) => verdictOf(row) !== tooFast && ratioOf(row, 'wallUs') > ratioMax);
  const lines = [
    fast.length === 0
      ? `No row of ${rows.length} has a ratio above ${ratioMax}.`
      : `**${fast.length} of ${rows.length} rows have a ratio above ${ratioMax}:** ${named(fast, 'cpuUs')}.`,
  ];
  if (slow.length > 0) {
    lines.push(
      '',
      `In wall time alone, which includes waiting for the disk and for other programs, ${slow.length} more: ${named(slow, 'wallUs')}.`,
    );
  }
  return lines;
}

function named(rows: readonly CostRow[], of: 'cpuUs' | 'wallUs'): string {
  return rows.map((row) => `${row.request} (${row.grows}) ${format(ratioOf(row, of))}`).join('; ');
}
