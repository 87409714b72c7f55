/** The scale of an axis: where a value stands, and which ticks are drawn. */

export interface Scale {
  /** 0 at the beginning of the axis, 1 at its end. */
  place(value: number): number;
  /** Values to mark, ascending, all within the axis. */
  readonly ticks: readonly number[];
}

/** From 0, or from below it, to a round number at or above the greatest value, in steps of 1, 2 or 5 times a power of ten. */
export function linearScale(values: readonly number[], ticksWanted = 6): Scale {
  const greatest = Math.max(0, ...values);
  const least = Math.min(0, ...values);
  const step = roundStep((greatest - least || 1) / ticksWanted);
  const first = Math.floor(least / step);
  const last = Math.max(first + 1, Math.ceil(greatest / step));
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
  return { ticks, place: (value) => (value / step - first) / (last - first) };
}

/** From a power of ten at or below the least value to one at or above the greatest. Over few decades 2 and 5 are marked
 *  too.
 *  @throws RangeError when a value is not above 0 */
export function logScale(values: readonly number[]): Scale {
  if (values.some((value) => !(value > 0))) throw new RangeError('a logarithmic axis has values above 0 only');
  const first = Math.floor(log10(Math.min(...values)));
  const last = Math.max(first + 1, Math.ceil(log10(Math.max(...values))));
  const within = last - first <= 2 ? [1, 2, 5] : [1];
  const ticks: number[] = [];
  for (let exponent = first; exponent < last; exponent += 1) for (const m of within) ticks.push(m * 10 ** exponent);
  ticks.push(10 ** last);
  return { ticks, place: (value) => (Math.log10(value) - first) / (last - first) };
}

/** Of an exact power of ten a whole number, whatever the rounding of the logarithm. */
function log10(value: number): number {
  const exponent = Math.log10(value);
  return Math.abs(exponent - Math.round(exponent)) < 1e-9 ? Math.round(exponent) : exponent;
}

function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  const lead = step / power;
  const round = lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10;
  return round * power;
}
