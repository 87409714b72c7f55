/** How a run is getting on: a bar that is drawn over on a terminal, a line every few seconds elsewhere. */

import type { Progress, Run } from './run';

export const progressStyles = ['bar', 'lines', 'none'] as const;
export type ProgressStyle = (typeof progressStyles)[number];

const everyMs = { bar: 250, lines: 5_000 } as const;
const barWidth = 20;

/** Shows how the run is getting on until the function that it gives is called. */
export function showProgress(run: Run, style: ProgressStyle, seconds: number): () => void {
  if (style === 'none') return () => {};
  const draw = (): void => {
    const line = progressLine(run.progress, seconds);
    process.stderr.write(style === 'bar' ? `\r\u001b[K${bar(run.progress, seconds)} ${line}` : `${line}\n`);
  };
  const timer = setInterval(draw, everyMs[style]);
  return () => {
    clearInterval(timer);
    if (style === 'bar') process.stderr.write('\r\u001b[K');
  };
}

/** One line without its end. */
export function progressLine({ phase, secondsLeft, counts, torments, clientKills }: Progress, seconds: number): string {
  const elapsed = Math.max(1, seconds - secondsLeft);
  const time = phase === 'torturing' ? `${Math.ceil(secondsLeft)} s left` : phase;
  return [
    time,
    `${torments.kills} kills (${Math.round((torments.kills / elapsed) * 60)} a minute)`,
    `${clientKills} of clients`,
    `${counts.sent} sent`,
    `${counts.acknowledged} acknowledged`,
    `${counts.refused} refused`,
    `${counts.shown} shown`,
  ].join(', ');
}

function bar({ phase, secondsLeft }: Progress, seconds: number): string {
  if (phase === 'setting up') return `[${' '.repeat(barWidth)}]`;
  const done = Math.round((1 - secondsLeft / seconds) * barWidth);
  return `[${'#'.repeat(done)}${' '.repeat(barWidth - done)}]`;
}
