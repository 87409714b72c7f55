/** Settings from the command line. */

import { parseArgs } from 'node:util';
import { checkText, type Given, type Reading } from './given';
import type { OptionSpec } from './option-spec';
import { type ConfigKey, optionEntries, steering } from './options';
import { suggestion } from './suggestion';

/** The command line, read. */
export interface Flags extends Reading {
  /** The value of `--config`. */
  readonly configPath: string | undefined;
  readonly printConfig: boolean;
  readonly help: boolean;
  readonly version: boolean;
}

interface Token {
  readonly rawName: string;
  readonly name: string;
  readonly value: string | undefined;
  readonly inline: boolean;
}

const specs = new Map<string, readonly [ConfigKey, OptionSpec]>(
  optionEntries.map(([key, spec]) => [spec.name, [key, spec]]),
);
const switches = optionEntries.filter(([, spec]) => spec.kind === 'switch').map(([, spec]) => spec.name);
const known: readonly string[] = [...specs.keys(), ...Object.values(steering).map(({ name }) => name)];

/** Reads the arguments after the program's name. `--port 1`, `--port=1`, `--memory`, `--no-memory`; of a flag given
 *  twice the last one holds. `--help` is also `-h`. */
export function readFlags(argv: readonly string[]): Flags {
  const given: Given[] = [];
  const mistakes: string[] = [];
  const steered = new Map<string, string>();
  for (const token of tokenize(argv, mistakes)) {
    const why = take(token, given, steered);
    if (why !== undefined) mistakes.push(`${token.rawName}: ${why}`);
  }
  return {
    given,
    mistakes,
    configPath: steered.get(steering.config.name),
    printConfig: steered.has(steering.printConfig.name),
    help: steered.has(steering.help.name),
    version: steered.has(steering.version.name),
  };
}

function tokenize(argv: readonly string[], mistakes: string[]): Token[] {
  const withValue = [...specs.values()].filter(([, spec]) => spec.kind !== 'switch').map(([, spec]) => spec.name);
  const { tokens } = parseArgs({
    args: [...argv],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: {
      help: { type: 'boolean', short: 'h' },
      ...Object.fromEntries([...withValue, steering.config.name].map((name) => [name, { type: 'string' as const }])),
    },
  });
  const flags: Token[] = [];
  let afterUnknown = false;
  for (const token of tokens) {
    if (token.kind === 'option') {
      const { rawName, name, value } = token;
      flags.push({ rawName, name, value, inline: token.inlineValue === true });
      afterUnknown = !known.includes(name.replace(/^no-/, ''));
    } else if (token.kind === 'positional') {
      // The value of a misspelt flag is no mistake of its own.
      if (!afterUnknown) mistakes.push(`${token.value}: settings are given as flags, such as --port 8888`);
      afterUnknown = false;
    }
  }
  return flags;
}

/** Takes one flag in, or says why not. */
function take(
  { rawName, name, value, inline }: Token,
  given: Given[],
  steered: Map<string, string>,
): string | undefined {
  const steer = Object.values(steering).find((each) => each.name === name);
  const negated = name.startsWith('no-') && switches.includes(name.slice('no-'.length));
  const found = specs.get(negated ? name.slice('no-'.length) : name);
  if (steer === undefined && found === undefined) return `no such flag${suggestion(name, known, '--')}`;

  const isSwitch = steer === undefined ? found?.[1].kind === 'switch' : !steer.takesValue;
  if ((steer !== undefined || negated) && isSwitch && value !== undefined) return 'takes no value';
  // parseArgs would take the next flag for the value of one that has none.
  const absent = value === undefined || value === '' || (!inline && value.startsWith('--'));
  if (!isSwitch && absent) return 'needs a value';

  if (steer !== undefined) {
    steered.set(name, value ?? '');
    return undefined;
  }
  const [key, spec] = found as readonly [ConfigKey, OptionSpec];
  const checked = checkText(spec, isSwitch ? (value ?? String(!negated)) : (value ?? ''));
  if (!checked.ok) return checked.why;
  given.push({ key, value: checked.value, source: rawName });
  return undefined;
}
