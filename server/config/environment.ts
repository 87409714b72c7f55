/** Settings from the environment. */

import { checkText, type Reading } from './given';
import { environmentName, environmentPrefix, optionEntries, steering } from './options';
import { suggestion } from './suggestion';

/** The environment, read. */
export interface EnvironmentReading extends Reading {
  /** The value of `CHATEAU_CONFIG`. */
  readonly configPath: string | undefined;
  /** Variables that look like ours and are none. Other programs may well have put them there (a cluster that has
   *  a service named chateau does), so they do not keep the server from starting. */
  readonly warnings: string[];
}

/** Reads the `CHATEAU_*` variables. An empty one counts as not set. */
export function readEnvironment(environment: Readonly<Record<string, string | undefined>>): EnvironmentReading {
  const reading: EnvironmentReading = {
    given: [],
    mistakes: [],
    warnings: [],
    configPath: environment[configVariable] || undefined,
  };
  for (const [key, spec] of optionEntries) {
    const source = environmentName(spec.name);
    const raw = environment[source];
    if (raw === undefined || raw === '') continue;
    const checked = checkText(spec, raw);
    if (checked.ok) reading.given.push({ key, value: checked.value, source });
    else reading.mistakes.push(`${source}: ${checked.why}`);
  }
  for (const name of Object.keys(environment).sort()) {
    const bare = name.slice(environmentPrefix.length);
    if (!name.startsWith(environmentPrefix) || known.includes(bare)) continue;
    reading.warnings.push(`${name}: no such setting, ignored${suggestion(bare, known, environmentPrefix)}`);
  }
  return reading;
}

const configVariable = environmentName(steering.config.name);
/** Without the prefix. */
const known = [configVariable, ...optionEntries.map(([, spec]) => environmentName(spec.name))].map((name) =>
  name.slice(environmentPrefix.length),
);
