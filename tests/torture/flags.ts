/** What `npm run torture` is told on its command line. */

import { parseArgs } from 'node:util';
import { clientsBounds } from './cast';
import { type ProgressStyle, progressStyles } from './progress';
import { passwordWires, type Wire, wires } from './wires';

export interface TortureFlags {
  /** Undefined: one is drawn. */
  readonly seed: number | undefined;
  readonly seconds: number;
  readonly clients: number;
  /** At least one of which an account with a password can be entered on. */
  readonly wires: readonly Wire[];
  /** Undefined: a new one in `data/`. */
  readonly folder: string | undefined;
  /** Keep everything also when all was well. */
  readonly keep: boolean;
  /** Undefined: what suits where the output goes. */
  readonly progress: ProgressStyle | undefined;
  readonly program: string;
}

/** What to do. `mistake` is one line. */
export type Start =
  | { readonly kind: 'run'; readonly flags: TortureFlags }
  | { readonly kind: 'help' }
  | { readonly kind: 'mistake'; readonly mistake: string };

export const usageText = `chateau torture: kills the server again and again, and proves that no message is lost

  npm run torture -- [flags]

  --minutes N        how long, 0.1 to 1440 (1)
  --clients N        devices that speak cmap, ${clientsBounds.min} to ${clientsBounds.max}, in processes of four (24)
  --wires LIST       what is spoken, by four devices for each other wire (all: ${wires.join(',')})
  --folder PATH      keep the database and everything else there, on the disk that is to be tried; it must be empty or
                     not there yet (a new folder in data/)
  --keep             leave everything there; what goes wrong is always left
  --seed N           make the random decisions of an earlier run again, as far as the operating system lets them meet
                     the same moments
  --progress STYLE   ${progressStyles.join(', ')} (bar on a terminal, else lines)
  --server FILE      another server program instead of server/main.ts
  --help

Exit status: 0 the promise was kept; 1 it was not, or too little happened to tell; 2 a wrong flag.
`;

const shape = {
  minutes: { type: 'string' },
  clients: { type: 'string' },
  wires: { type: 'string' },
  folder: { type: 'string' },
  keep: { type: 'boolean' },
  seed: { type: 'string' },
  progress: { type: 'string' },
  server: { type: 'string' },
  help: { type: 'boolean' },
} as const;

/** Reads the flags; `argv` is what follows the program's name. */
export function readFlags(argv: readonly string[]): Start {
  let values: ReturnType<typeof parse>;
  try {
    values = parse(argv);
  } catch (error) {
    const [sentence = ''] = (error instanceof Error ? error.message : String(error)).split('. ');
    return { kind: 'mistake', mistake: sentence.split('\n').join(' ') };
  }
  if (values.help) return { kind: 'help' };
  try {
    return { kind: 'run', flags: flagsOf(values) };
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    return { kind: 'mistake', mistake: error.message };
  }
}

class Mistake extends Error {}

function parse(argv: readonly string[]) {
  return parseArgs({ args: [...argv], options: shape, strict: true, allowPositionals: false }).values;
}

function flagsOf(values: ReturnType<typeof parse>): TortureFlags {
  const minutes = numberOf('minutes', values.minutes ?? '1', 0.1, 1_440, 'a number');
  return {
    seed: values.seed === undefined ? undefined : numberOf('seed', values.seed, 0, 2 ** 32 - 1, 'a whole number'),
    seconds: minutes * 60,
    clients: numberOf('clients', values.clients ?? '24', clientsBounds.min, clientsBounds.max, 'a whole number'),
    wires: wiresOf(values.wires),
    folder: values.folder,
    keep: values.keep === true,
    progress: styleOf(values.progress),
    program: values.server ?? 'server/main.ts',
  };
}

function numberOf(name: string, text: string, min: number, max: number, what: 'a number' | 'a whole number'): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  const isFit = value >= min && value <= max && (what === 'a number' || Number.isInteger(value));
  if (!isFit) throw new Mistake(`--${name}: must be ${what} from ${min} to ${max}, not ${JSON.stringify(text)}`);
  return value;
}

function wiresOf(text: string | undefined): readonly Wire[] {
  if (text === undefined) return wires;
  const names = text.split(',');
  const stranger = names.find((name) => !wires.some((wire) => wire === name));
  if (stranger !== undefined) {
    throw new Mistake(
      `--wires: must be some of ${wires.join(', ')}, separated by commas, not ${JSON.stringify(stranger)}`,
    );
  }
  const chosen = wires.filter((wire) => names.includes(wire));
  if (chosen.some((wire) => passwordWires.includes(wire))) return chosen;
  throw new Mistake(
    `--wires: at least one of ${passwordWires.join(', ')} has to be there, to make rooms and to read the lobby`,
  );
}

function styleOf(text: string | undefined): ProgressStyle | undefined {
  const style = progressStyles.find((known) => known === text);
  if (text === undefined || style !== undefined) return style;
  throw new Mistake(`--progress: must be one of ${progressStyles.join(', ')}, not ${JSON.stringify(text)}`);
}
