/** Help, generated from the cmap table. */

import { type CommandName, type CommandSpec, commands, usageOf } from '../../shared/cmap';
import { aliasesOf, commandMeant } from './aliases';

/** The lines of `help`, or of `help <word>`; undefined when no command is meant. */
export function helpText(word?: string): readonly string[] | undefined {
  if (word === undefined) return overview;
  const spec = commandMeant(word);
  return spec === undefined ? undefined : details(spec);
}

const usageWidth = Math.max(...commands.map((spec) => usageOf(spec).length));

const overview: readonly string[] = [
  ...commands.map((spec) => `${usageOf(spec).padEnd(usageWidth)}  ${spec.help}`),
  '',
  'A password that is left out is asked for and not shown. @bob hi is short for send bob hi, #garden hi for send #garden hi.',
  'send bob alone takes a message of several lines. help <command> says more.',
];

function details(spec: CommandSpec): readonly string[] {
  const lines = [`${usageOf(spec)}: ${spec.help}`];
  const aliases = aliasesOf(spec.name as CommandName);
  if (aliases.length > 0) lines.push(`also: ${aliases.join(', ')}`);
  return [...lines, ...(notes[spec.name as CommandName] ?? [])];
}

const lineBreaks =
  'What is typed is what is sent, backslashes too. Without a body, lines are taken until one that is a single dot.';

const notes: Partial<Record<CommandName, readonly string[]>> = {
  create: ['Without a password it is asked for, and not shown.'],
  login: ['Without a password it is asked for, and not shown.', 'Logged in elsewhere? takeover ends that session.'],
  send: [
    '@bob hi is short for send bob hi, #garden hi for send #garden hi.',
    lineBreaks,
    'While the server is away messages are kept, and sent when it is back or at the next login.',
    '… bob: under way. ✓ bob: stored, it cannot be lost. ✓✓ bob: bob has it.',
  ],
  random: [lineBreaks],
  list: ['list al: names with "al" in them. list al*: names that begin so.'],
  history: ['"before" is a message number; history bob 120 10: the ten messages before number 120.'],
  delete: ['delete alone means the account that is logged in.'],
  hello: ['The client says hello by itself; typed, it tells what the server is and grants.'],
  ack: ['The client acknowledges messages by itself as it shows them.'],
};
