/** Help, generated from the cmap table. */

import { type CommandName, type CommandSpec, commands } from '../../shared/cmap';
import { usageOf } from '../../shared/usage';
import { aliasesOf, commandMeant } from './aliases';

/** The lines of `help`, or of `help <word>`; undefined when no command is meant. */
export function helpText(word?: string): readonly string[] | undefined {
  if (word === undefined) return overview;
  const spec = commandMeant(word);
  return spec === undefined ? undefined : details(spec);
}

/** Where the client does something else than the wire. */
const ownWords: Partial<Record<CommandName, string>> = {
  logout: 'end the session, and at the prompt the client',
};

const usageWidth = Math.max(...commands.map((spec) => usageOf(spec).length));

const overview: readonly string[] = [
  ...commands.map((spec) => `${usageOf(spec).padEnd(usageWidth)}  ${purposeOf(spec)}`),
  '',
  'A password that is left out is asked for and not shown. @bob hi is short for send bob hi, #garden hi for send #garden hi.',
  'send bob alone takes a message of several lines. help <command> says more.',
];

function purposeOf(spec: CommandSpec): string {
  return ownWords[spec.name as CommandName] ?? spec.help;
}

function details(spec: CommandSpec): readonly string[] {
  const lines = [`${usageOf(spec)}: ${purposeOf(spec)}`];
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
  logout: [
    'To log in as somebody else start the client again. In a script the connection goes on, and login may follow.',
  ],
  delete: [
    'delete alone, or delete account, means the account that is logged in. At the prompt the client ends with it.',
  ],
  hello: ['The client says hello by itself; typed, it tells what the server is and grants.'],
  ack: ['The client acknowledges messages by itself as it shows them.'],
};
