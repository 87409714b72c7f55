/** The end of a run in words, and whether it proves anything. */

import { killsMinIn } from './kills-min';
import type { Outcome, RunOptions } from './run';
import { isKept, noWireCounts, type Verdict, type ViolationKind, type WireCounts } from './verdict';
import type { Wire } from './wires';

const titles: Readonly<Record<ViolationKind, string>> = {
  lost: 'lost',
  duplicated: 'duplicated',
  disordered: 'out of order',
  neverSent: 'never sent',
  reassigned: 'reassigned',
  unstored: 'not stored',
};

/** Why a run is no proof, or `undefined` when it is one. */
export function whyNoProof(
  { verdict, torments }: Outcome,
  { seconds, wires }: Pick<RunOptions, 'seconds' | 'wires'>,
): string | undefined {
  if (!isKept(verdict)) return 'the server did not keep its promise';
  const killsMin = killsMinIn(seconds);
  if (torments.kills < killsMin) {
    return `${torments.kills} kills prove nothing: at least ${killsMin} have to happen in ${Math.round(seconds)} s`;
  }
  for (const wire of wires) {
    const { acknowledged, shown } = verdict.wires.get(wire) ?? noWireCounts;
    if (shown === 0) return `nothing was shown on the wire ${wire}: that proves nothing`;
    if (acknowledged === 0 && !isSilent(wire))
      return `no send was acknowledged on the wire ${wire}: that proves nothing`;
  }
  return undefined;
}

/** It has no acknowledgement. */
function isSilent(wire: Wire): boolean {
  return wire === 'nickroom';
}

/** The summary, a line for each number. */
export function summaryOf(outcome: Outcome, { seed, seconds }: Pick<RunOptions, 'seed' | 'seconds'>): string {
  const { verdict, torments, clientKills, startMs } = outcome;
  const perSecond = Math.round(verdict.acknowledged / seconds);
  const rows: readonly (readonly [string, string])[] = [
    ['seed', String(seed)],
    ['minutes', (seconds / 60).toFixed(1)],
    ['kills', `${torments.kills} of the server, ${torments.killsWhileStarting} of them while it was starting`],
    ['start', `${Math.round(median(startMs))} ms, the median of ${startMs.length}`],
    ['stops', String(torments.stops)],
    [
      'cuts',
      `${torments.cuts} cut, ${torments.delays} held up, ${torments.halfOpen} half open, ${torments.trickles} byte by byte`,
    ],
    ['client kills', String(clientKills)],
    ['sent', count(verdict.sent)],
    ['acknowledged', `${count(verdict.acknowledged)}, ${perSecond} a second`],
    ['refused', refusals(verdict)],
    ['unknown fate', count(verdict.unknown)],
    ['due', count(verdict.due)],
    ['shown', count(verdict.shown)],
    ...[...verdict.wires].map(([wire, counts]) => [`  ${wire}`, wireLine(wire, counts)] as const),
    ...Object.entries(titles).map(
      ([kind, title]) => [title, count(verdict.violations[kind as ViolationKind])] as const,
    ),
  ];
  return [...rows.map(([title, value]) => `${title.padEnd(13)} ${value}`), ...verdict.examples].join('\n');
}

function wireLine(wire: Wire, { sent, acknowledged, shown, repeated, missed }: WireCounts): string {
  const told = isSilent(wire) ? 'no acknowledgements' : `${count(acknowledged)} acknowledged`;
  const known = [`${count(sent)} sent`, told, `${count(shown)} shown`];
  // The client library acknowledges all that it shows.
  if (wire !== 'cmap') known.push(`${count(repeated)} repeated`);
  if (wire !== 'cmap' && !isSilent(wire)) known.push(`${count(missed)} missed`);
  return known.join(', ');
}

function refusals({ refused }: Verdict): string {
  if (refused.size === 0) return '0';
  return [...refused].map(([status, times]) => `${count(times)} with ${status}`).join(', ');
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

function count(value: number): string {
  return value.toLocaleString('en');
}
