/** A typed line to a command. */

import { type ArgumentSpec, type CommandSpec, commands } from '../../shared/cmap';
import { nearest } from '../../shared/nearest';
import { usageOf } from '../../shared/usage';
import { commandMeant, commandWords } from './aliases';

/** A command as it was typed: as many arguments as there were, in the order of the table. A password or a body that is
 *  missing can still be asked for. */
export interface TypedCommand {
  readonly spec: CommandSpec;
  readonly args: readonly string[];
}

/** What a line turned out to be. `text` is one sentence for whoever typed it. */
export type ParsedLine =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'command'; readonly command: TypedCommand }
  | { readonly kind: 'mistake'; readonly text: string };

/** Reads a typed line. What follows a recipient is the body as it stands, backslashes and spaces included.
 *  `@bob hi` and `#garden hi` are short for `send bob hi` and `send #garden hi`. */
export function parseLine(line: string): ParsedLine {
  const trimmed = line.trimStart();
  if (trimmed === '') return { kind: 'nothing' };
  const expanded = expandShort(trimmed);
  const { word, rest } = cutWord(expanded);
  const spec = commandMeant(word);
  if (spec === undefined) return { kind: 'mistake', text: unknown(word) };
  return parseArguments(spec, rest);
}

/** Arguments as people type them: the key of a send is the client's business. */
export function typedArguments(spec: CommandSpec): readonly ArgumentSpec[] {
  return spec.arguments.filter((argument) => argument.kind !== 'key');
}

/** Whether an argument is a secret, and asked for when it is missing. */
export function isPassword(argument: ArgumentSpec): boolean {
  return argument.name === 'password' || argument.name === 'old' || argument.name === 'new';
}

/** The words of commands for help and completion. */
export const commandNames: readonly string[] = commands.map((spec) => spec.name);

function expandShort(line: string): string {
  if (/^@[^\s]/.test(line)) return `send ${line.slice(1)}`;
  return /^#[^\s]/.test(line) ? `send ${line}` : line;
}

function cutWord(text: string): { word: string; rest: string } {
  const space = text.search(/\s/);
  return space === -1 ? { word: text, rest: '' } : { word: text.slice(0, space), rest: text.slice(space + 1) };
}

function unknown(word: string): string {
  const meant = nearest(word.replace(/^\//, ''), commandWords);
  return `there is no command ${word}${meant === undefined ? '; help lists them' : `; did you mean ${meant}?`}`;
}

function parseArguments(spec: CommandSpec, text: string): ParsedLine {
  const expected = typedArguments(spec);
  const args: string[] = [];
  let rest = text;
  for (const [index, argument] of expected.entries()) {
    const isLast = index === expected.length - 1;
    if (argument.kind === 'words') {
      args.push(...rest.split(/\s+/).filter((word) => word !== ''));
      rest = '';
      break;
    }
    if (rest.trim() === '') break;
    if (isLast && isVerbatim(argument)) {
      args.push(rest);
      rest = '';
      break;
    }
    const cut = cutWord(rest.trimStart());
    args.push(cut.word);
    rest = cut.rest;
  }
  const usage = usageOf(spec);
  if (rest.trim() !== '') return { kind: 'mistake', text: `too much after ${spec.name}; it is: ${usage}` };
  return checkArguments(spec, expected, args);
}

function isVerbatim(argument: ArgumentSpec): boolean {
  return argument.kind === 'body' || isPassword(argument);
}

function checkArguments(spec: CommandSpec, expected: readonly ArgumentSpec[], args: string[]): ParsedLine {
  const missing = expected[args.length];
  if (missing !== undefined && !canBeMissing(spec, missing)) {
    return { kind: 'mistake', text: `${spec.name} needs a ${missing.name}: ${usageOf(spec)}` };
  }
  for (const [index, argument] of expected.entries()) {
    const value = args[index];
    if (argument.kind === 'number' && value !== undefined && !/^[0-9]{1,15}$/.test(value)) {
      return { kind: 'mistake', text: `${argument.name} must be a whole number: ${usageOf(spec)}` };
    }
    if (argument.name === '#room' && value !== undefined && !value.startsWith('#')) args[index] = `#${value}`;
  }
  return { kind: 'command', command: { spec, args } };
}

function canBeMissing(spec: CommandSpec, argument: ArgumentSpec): boolean {
  if (argument.optional || argument.kind === 'words' || argument.kind === 'body' || isPassword(argument)) return true;
  // The client says hello and acknowledges by itself; whoever types these learns that, whatever stands behind.
  if (spec.name === 'hello' || spec.name === 'ack') return true;
  return spec.name === 'delete';
}
