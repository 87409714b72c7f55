/** Commands as people are told of them: how each is typed, and the lines of `help`. */

import { type CommandSpec, commands, findCommand } from './cmap';

/** How a command is typed: `history <with> [before [limit]]`; a key is shown where `keys` was negotiated. */
export function usageOf(spec: CommandSpec, keys = false): string {
  let usage: string = spec.name;
  let open = 0;
  for (const argument of spec.arguments) {
    if (argument.kind === 'key' && !keys) continue;
    if (argument.kind === 'words') usage += ` [${argument.name} ...]`;
    else if (argument.optional) {
      usage += ` [${argument.name}`;
      open += 1;
    } else usage += ` <${argument.name}>`;
  }
  return usage + ']'.repeat(open);
}

/** The lines of `help`: all commands, or the one that `word` names; none when there is no such command. */
export function helpLines(word?: string): string[] {
  const named = word === undefined ? undefined : findCommand(word);
  const chosen: readonly CommandSpec[] = word === undefined ? commands : named === undefined ? [] : [named];
  return chosen.map((spec) => `${String(spec.opcode).padStart(2)} ${usageOf(spec).padEnd(34)} ${spec.help}`);
}
