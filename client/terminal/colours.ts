/** Colours, or none. */

export interface Colours {
  dim(text: string): string;
  bold(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  /** A name in a colour of its own, the same wherever it is shown. */
  name(name: string): string;
}

/** For a terminal that wants none, or no terminal at all. */
export const noColours: Colours = { dim: same, bold: same, good: same, bad: same, name: same };

/** The sixteen colours of every terminal, so that its own theme holds. */
export const ansiColours: Colours = {
  dim: paint(2, 22),
  bold: paint(1, 22),
  good: paint(32, 39),
  bad: paint(31, 39),
  name: (name) => paint(nameColours[hash(name) % nameColours.length] ?? 36, 39)(name),
};

/** Cyan, magenta, blue, yellow and the brighter ones: red and green say something else here. */
const nameColours = [36, 35, 34, 33, 96, 95, 94, 93];

/** @see https://no-color.org */
export function coloursFor(environment: Readonly<Record<string, string | undefined>>, isTerminal: boolean): Colours {
  const isPlain = !isTerminal || (environment.NO_COLOR ?? '') !== '' || environment.TERM === 'dumb';
  return isPlain ? noColours : ansiColours;
}

function same(text: string): string {
  return text;
}

function paint(on: number, off: number): (text: string) => string {
  return (text) => `\u001b[${on}m${text}\u001b[${off}m`;
}

function hash(name: string): number {
  let sum = 0;
  for (const character of name.toLowerCase()) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return sum;
}
