/** What the program is told at its start: flags over environment over file over defaults. */

import { version } from '../package.json';
import { findContradictions } from './config/contradictions';
import { readEnvironment } from './config/environment';
import { type NamedFile, type ReadFile, readConfigFile } from './config/file';
import { readFlags } from './config/flags';
import type { Given } from './config/given';
import { helpText } from './config/help';
import { oneLine } from './config/one-line';
import type { OptionValue } from './config/option-spec';
import { type Config, type ConfigKey, environmentName, optionEntries, steering } from './config/options';
import { printConfig } from './config/print';

export type { ReadFile } from './config/file';
export type { Config } from './config/options';

/** What the program is to do. */
export type Startup =
  | {
      readonly kind: 'run';
      readonly config: Config;
      /** Lines about `CHATEAU_*` variables that are no settings, for stderr or the log. */
      readonly warnings: readonly string[];
    }
  /** Print to stdout, exit with 0. `text` ends in a line feed. */
  | { readonly kind: 'print'; readonly text: string }
  /** Print to stderr, exit with 2. Every mistake of every source, one per line, each starting with where it was made:
   *  `--port: …`, `CHATEAU_PORT: …`, `chateau.toml:3: port: …`. */
  | { readonly kind: 'mistakes'; readonly lines: readonly string[] };

/** Reads and checks the configuration. Touches nothing but `readFile`, and that at most once.
 *
 *  `--help` and `--version` are answered whatever else is wrong. An unknown flag or key of the file is a mistake; an
 *  unknown `CHATEAU_*` variable is a warning, because the environment is shared with programs we do not know.
 *  @param argv the arguments after the program's name
 *  @param readFile throws as `fs.readFileSync` does */
export function readConfig(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  readFile: ReadFile,
): Startup {
  const flags = readFlags(argv);
  if (flags.help) return { kind: 'print', text: helpText(version) };
  if (flags.version) return { kind: 'print', text: `chateau ${version}\n` };

  const variables = readEnvironment(environment);
  const file = readConfigFile(namedFile(flags.configPath, variables.configPath), readFile);
  const mistakes = [...flags.mistakes, ...variables.mistakes, ...file.mistakes];
  const { warnings } = variables;
  // A variable that was misspelt may be why the rest does not fit together.
  if (mistakes.length > 0) return { kind: 'mistakes', lines: [...mistakes, ...warnings].map(oneLine) };

  const { config, sources } = layered([...file.given, ...variables.given, ...flags.given]);
  const contradictions = findContradictions(config, sources);
  if (contradictions.length > 0) return { kind: 'mistakes', lines: [...contradictions, ...warnings].map(oneLine) };
  return flags.printConfig
    ? { kind: 'print', text: printConfig(config, sources, warnings) }
    : { kind: 'run', config, warnings: warnings.map(oneLine) };
}

function namedFile(fromFlag: string | undefined, fromVariable: string | undefined): NamedFile | undefined {
  const { name } = steering.config;
  if (fromFlag !== undefined) return { path: fromFlag, source: `--${name}` };
  return fromVariable === undefined ? undefined : { path: fromVariable, source: environmentName(name) };
}

/** The defaults and over them what was given, the later over the earlier. */
function layered(given: readonly Given[]): { config: Config; sources: Record<ConfigKey, string> } {
  const values = new Map<ConfigKey, OptionValue>(optionEntries.map(([key, spec]) => [key, spec.default]));
  const sources = new Map<ConfigKey, string>(optionEntries.map(([key]) => [key, 'default']));
  for (const { key, value, source } of given) {
    values.set(key, value);
    sources.set(key, source);
  }
  return {
    config: Object.fromEntries(values) as unknown as Config,
    sources: Object.fromEntries(sources) as Record<ConfigKey, string>,
  };
}
