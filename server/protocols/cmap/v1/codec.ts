/** Version 1 as text: what one read of the connection asks for, and the sentences that answer.
 *  @see docs/protocol.md#version-1-classic */

import { CR, LF } from '../../../../shared/bytes';

/** A classic request. `arguments` of a send are its recipient and the rest of the text. */
export interface ClassicRequest {
  readonly command: ClassicCommand;
  readonly arguments: readonly string[];
}

export type ClassicCommand = keyof typeof commands;

/** What a piece of text is, if it is no request. */
export type ClassicFailure = 'version' | 'command' | 'arguments';

export type ParsedClassic =
  | { readonly request: ClassicRequest }
  | { readonly failure: ClassicFailure; readonly command?: ClassicCommand };

/** Every command, in the order of the usage text. A client sends the opcode; `usage` is what a person types into one. */
const commands = {
  create: { opcode: '0', counts: [2], usage: 'create <username> <password>' },
  list: { opcode: '1', counts: [0, 1], usage: 'ls [part of a name]' },
  login: { opcode: '2', counts: [2], usage: 'login <username> <password>' },
  send: { opcode: '3', counts: [2], usage: 'send <username> <message>' },
  deliver: { opcode: '5', counts: [2], usage: 'deliver <username> <password>' },
  delete: { opcode: '4', counts: [2], usage: 'delete <username> <password>' },
  help: { opcode: '6', counts: [0], usage: 'help' },
} as const;

const byOpcode: ReadonlyMap<string, ClassicCommand> = new Map(
  Object.entries(commands).map(([name, { opcode }]) => [opcode, name as ClassicCommand]),
);

const classicVersion = '1';

/** The answer to `help`: one line for each command. */
export const usageText = Object.values(commands)
  .map(({ usage }) => usage)
  .join('\n');

/** The requests in the bytes of one read, as views of them: there are several where line ends separate them. */
export function splitRequests(read: Uint8Array): Uint8Array[] {
  const requests: Uint8Array[] = [];
  let start = 0;
  while (start < read.length) {
    const lineFeed = read.indexOf(LF, start);
    const end = lineFeed === -1 ? read.length : lineFeed;
    const isCrLf = lineFeed > start && read[lineFeed - 1] === CR;
    const request = read.subarray(start, isCrLf ? end - 1 : end);
    if (request.length > 0) requests.push(request);
    start = end + 1;
  }
  return requests;
}

/** The command that a request names, even where the rest of it is no text. */
export function classicCommandOf(request: Uint8Array): ClassicCommand | undefined {
  const [version, opcode] = String.fromCharCode(...request.subarray(0, '1 0 '.length)).split(' ');
  return version === classicVersion ? byOpcode.get(opcode ?? '') : undefined;
}

/** Reads one request, without a line end. */
export function parseClassic(text: string): ParsedClassic {
  const [version, opcode, ...rest] = text.split(' ');
  if (version !== classicVersion) return { failure: 'version' };
  const command = byOpcode.get(opcode ?? '');
  if (command === undefined) return { failure: 'command' };
  const given = argumentsOf(command, rest);
  const counts: readonly number[] = commands[command].counts;
  if (!counts.includes(given.length) || given.includes('')) return { failure: 'arguments', command };
  return { request: { command, arguments: given } };
}

function argumentsOf(command: ClassicCommand, words: string[]): string[] {
  if (command === 'send' && words.length > 2) return [words[0] as string, words.slice(1).join(' ')];
  // A client that writes version, opcode and arguments with a space between each has written `1 1 ` for everybody.
  if (command === 'list' && words.length === 1 && words[0] === '') return [];
  return words;
}

/** Whether every reply to the command, a failure too, ends in `\r\n\r\n`. */
export function endsInBurst(command: ClassicCommand): boolean {
  return command === 'login' || command === 'delete' || command === 'deliver';
}

/** A message as it is pushed; in a burst a line feed follows. */
export function messageText(from: string, body: string): string {
  // A line break cannot be told from the next message on this wire.
  return `\nFrom ${from}: Message: ${body.replace(/[\r\n\u0085\u2028\u2029]+/g, ' ')}`;
}

export const sentences = {
  created: 'Account successfully created',
  nameTaken: 'Account with username already exists. Try again',
  alreadyLoggedIn: 'You are already logged into an account!',
  nobodyListed: 'No matching accounts',
  loggedIn: 'Login successful\n',
  undelivered: 'Account has undelivered messages: ',
  loginFailed: 'Login unsuccessful',
  delivered: 'Message delivered!',
  queued: 'Recipient not online. Will deliver on demand :)',
  recipientUnknown: 'Invalid: user not found',
  loginToSend: 'Please login to send a message',
  deliverFailed: 'Nonexistent account or wrong password',
  loginToReceive: 'Please login to receive messages',
  deleted: 'Successfully deleted account\n',
  hadUndelivered: 'Account had undelivered messages: \n',
  deleteFailed: 'Account not found or incorrect password',
  loggedInElsewhere: 'Another client is logged into this account!',
  deleteOwn: 'You are logged into the account to be deleted. Logout first',
  deleteOther: 'You are logged into a different account. Unable to delete',
  versionUnknown: 'Incorrect client software version. Please use an updated version!',
  commandUnknown: `Invalid command\n${usageText}`,
} as const;
