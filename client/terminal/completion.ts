/** What Tab makes of a half-typed line. */

import { commandMeant, commandWords } from './aliases';
import { commandNames, typedArguments } from './command-line';
import { ownAccountWord } from './missing-arguments';
import type { SeenNames } from './seen-names';

/** As node:readline wants it: what could stand in place of the last word, and that word. */
export type Completion = [hits: string[], word: string];

/** Arguments that are names of accounts or rooms. */
const nameArguments: ReadonlySet<string> = new Set(['to', 'with', 'username', 'member', 'pattern', '#room']);

/** Completes the last word of `line`: a command, a name that has passed by, or for `help` a command. */
export function complete(line: string, seen: SeenNames): Completion {
  const words = line.trimStart().split(/\s+/);
  const word = words.at(-1) ?? '';
  return [candidates(words, word, seen).map((hit) => `${hit} `), word];
}

function candidates(words: readonly string[], word: string, seen: SeenNames): string[] {
  if (words.length === 1) return firstWord(word, seen);
  const spec = commandMeant(words[0] ?? '');
  if (spec === undefined) return [];
  if (spec.name === 'help') return startingWith(commandNames, word, '');
  const expected = typedArguments(spec);
  const index = words.length - 2;
  const argument = expected[index] ?? (expected.at(-1)?.kind === 'words' ? expected.at(-1) : undefined);
  if (argument === undefined || !nameArguments.has(argument.name)) return [];
  const names = seen.startingWith(word);
  if (spec.name === 'delete') names.push(...startingWith([ownAccountWord], word, ''));
  if (argument.name === '#room') return names.filter((name) => name.startsWith('#'));
  return argument.name === 'to' || argument.name === 'with' ? names : names.filter((name) => !name.startsWith('#'));
}

function firstWord(word: string, seen: SeenNames): string[] {
  if (word.startsWith('#')) return seen.startingWith(word);
  if (word.startsWith('@')) return seen.startingWith(word.slice(1)).map((name) => `@${name}`);
  const slash = word.startsWith('/') ? '/' : '';
  const bare = word.slice(slash.length).toLowerCase();
  const names = startingWith(commandNames, bare, slash);
  return names.length > 0 ? names : startingWith(commandWords, bare, slash);
}

function startingWith(words: readonly string[], start: string, before: string): string[] {
  return words.filter((word) => word.startsWith(start)).map((word) => before + word);
}
