/** What `--print-config` prints: a file that gives the same settings. */

import { stringify } from 'smol-toml';
import { oneLine } from './one-line';
import { type Config, type ConfigKey, optionEntries } from './options';

/** The settings as TOML, each with a comment that says where it came from.
 *  @param sources one for each key, such as `--port` or `default`
 *  @param warnings lines to add as comments */
export function printConfig(
  config: Config,
  sources: Readonly<Record<ConfigKey, string>>,
  warnings: readonly string[],
): string {
  // A path may hold characters that TOML does not allow in a comment.
  const lines = optionEntries.map(([key, { name }]) => {
    const setting = stringify({ [name]: config[key] }).trimEnd();
    return `${setting}  # ${oneLine(sources[key])}`;
  });
  return [...lines, ...warnings.map((warning) => `# ${oneLine(warning)}`)].map((line) => `${line}\n`).join('');
}
