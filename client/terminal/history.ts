/** Which typed lines the arrow keys may bring back. */

import { commands } from '../../shared/cmap';
import { nearest } from '../../shared/nearest';
import { aliasesOf, commandMeant } from './aliases';
import { isPassword, typedArguments } from './command-line';

/** Words of the commands that take a password. */
const secretWords: readonly string[] = commands
  .filter((spec) => typedArguments(spec).some(isPassword))
  .flatMap((spec) => [spec.name, ...aliasesOf(spec.name)]);

/** Whether a line may be kept: never one that holds a password, be its command misspelt. */
export function mayBeKept(line: string): boolean {
  const [word = '', ...rest] = line.trim().split(/\s+/);
  const spec = commandMeant(word);
  if (spec === undefined) return rest.length === 0 || nearest(word.replace(/^\//, ''), secretWords) === undefined;
  const first = typedArguments(spec).findIndex(isPassword);
  return first === -1 || rest.length <= first;
}
