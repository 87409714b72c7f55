/** The cmap: the one table of commands from which dispatch, both parsers, completion, `help` and the
 *  table in docs/protocol.md are made. */

import { limits } from './limits';

/** How an argument is read. The last argument of a request takes the rest of the line, spaces included.
 *  `text` UTF-8; `body` UTF-8 with `\n`, `\r` and `\\` escaped; `number` a whole number from 0;
 *  `words` any number of words; `key` as `text`, and only there when `keys` was negotiated. */
export type ArgumentKind = 'text' | 'body' | 'number' | 'words' | 'key';

/** One argument of a command. Those that are optional come after those that are not. */
export interface ArgumentSpec {
  /** As `help` shows it. */
  readonly name: string;
  /** The field of the request that holds it, where that is not its name. Never `command`: that is the request's own. */
  readonly field?: string;
  readonly kind: ArgumentKind;
  readonly optional?: true;
}

/** One command. `opcode`, 0 to 99, is also its place in {@link commands}; `name` is lower case, 16 bytes at most. */
export interface CommandSpec {
  readonly opcode: number;
  readonly name: string;
  readonly arguments: readonly ArgumentSpec[];
  /** A line; a block of lines that an empty line ends, on failure too; or nothing. */
  readonly reply: 'line' | 'block' | 'none';
  /** What the items of a block are. */
  readonly items?: 'messages' | 'usernames' | 'text';
  readonly needsLogin: boolean;
  /** One line for `help`. */
  readonly help: string;
}

const username = { name: 'username', kind: 'text' } as const;
const password = { name: 'password', kind: 'text' } as const;
const room = { name: '#room', field: 'room', kind: 'text' } as const;
const body = { name: 'body', kind: 'body' } as const;

/** Every command, by opcode. */
export const commands = [
  {
    opcode: 0,
    name: 'create',
    arguments: [username, password],
    reply: 'line',
    needsLogin: false,
    help: 'make a new account',
  },
  {
    opcode: 1,
    name: 'list',
    arguments: [
      { name: 'pattern', kind: 'text', optional: true },
      { name: 'after', kind: 'text', optional: true },
    ],
    reply: 'block',
    items: 'usernames',
    needsLogin: false,
    help: `accounts, by a part of the name or with * and ?; ${limits.listNamesMax} at a time, "after" pages on`,
  },
  {
    opcode: 2,
    name: 'login',
    arguments: [username, password],
    reply: 'block',
    items: 'messages',
    needsLogin: false,
    help: 'log in, and get what is undelivered',
  },
  {
    opcode: 3,
    name: 'send',
    arguments: [{ name: 'to', kind: 'text' }, { name: 'key', kind: 'key' }, body],
    reply: 'line',
    needsLogin: true,
    help: 'send a message to a username or a #room',
  },
  {
    opcode: 4,
    name: 'delete',
    arguments: [username, password],
    reply: 'block',
    items: 'messages',
    needsLogin: false,
    help: 'get what is undelivered, then delete the account',
  },
  {
    opcode: 5,
    name: 'deliver',
    arguments: [
      { ...username, optional: true },
      { ...password, optional: true },
    ],
    reply: 'block',
    items: 'messages',
    needsLogin: true,
    help: 'get what is undelivered, again',
  },
  {
    opcode: 6,
    name: 'help',
    arguments: [{ name: 'command', field: 'topic', kind: 'text', optional: true }],
    reply: 'block',
    items: 'text',
    needsLogin: false,
    help: 'the commands, or one of them',
  },
  {
    opcode: 7,
    name: 'hello',
    arguments: [
      { name: 'version', kind: 'text' },
      { name: 'capability', kind: 'words' },
    ],
    reply: 'line',
    needsLogin: false,
    help: 'negotiate: ack keys receipts device=<name> client=<name/version>',
  },
  {
    opcode: 8,
    name: 'logout',
    arguments: [],
    reply: 'line',
    needsLogin: true,
    help: 'end the session, keep the connection',
  },
  {
    opcode: 9,
    name: 'ack',
    arguments: [
      { name: 'log', kind: 'text' },
      { name: 'seq', kind: 'number' },
    ],
    reply: 'none',
    needsLogin: true,
    help: 'acknowledge the messages of a log up to seq',
  },
  {
    opcode: 10,
    name: 'history',
    arguments: [
      { name: 'with', kind: 'text' },
      { name: 'before', kind: 'number', optional: true },
      { name: 'limit', kind: 'number', optional: true },
    ],
    reply: 'block',
    items: 'messages',
    needsLogin: true,
    help: 'messages with an account or of a #room, the newest page, oldest first',
  },
  {
    opcode: 11,
    name: 'who',
    arguments: [{ name: 'pattern', kind: 'text', optional: true }],
    reply: 'block',
    items: 'usernames',
    needsLogin: true,
    help: 'who is online',
  },
  {
    opcode: 12,
    name: 'room',
    arguments: [room, { name: 'member', kind: 'words' }],
    reply: 'line',
    needsLogin: true,
    help: 'make a room with yourself and these accounts in it',
  },
  { opcode: 13, name: 'join', arguments: [room], reply: 'line', needsLogin: true, help: 'become a member of a room' },
  { opcode: 14, name: 'leave', arguments: [room], reply: 'line', needsLogin: true, help: 'leave a room' },
  {
    opcode: 15,
    name: 'members',
    arguments: [room],
    reply: 'block',
    items: 'usernames',
    needsLogin: true,
    help: 'the members of a room',
  },
  {
    opcode: 16,
    name: 'random',
    arguments: [body],
    reply: 'line',
    needsLogin: true,
    help: 'send to somebody who is online, at random',
  },
  {
    opcode: 17,
    name: 'passwd',
    arguments: [
      { name: 'old', kind: 'text' },
      { name: 'new', kind: 'text' },
    ],
    reply: 'line',
    needsLogin: true,
    help: 'change the password',
  },
  {
    opcode: 18,
    name: 'ping',
    arguments: [{ name: 'token', kind: 'text', optional: true }],
    reply: 'line',
    needsLogin: false,
    help: 'is the server there',
  },
  { opcode: 19, name: 'quit', arguments: [], reply: 'line', needsLogin: false, help: 'close the connection' },
  {
    opcode: 20,
    name: 'takeover',
    arguments: [username, password],
    reply: 'block',
    items: 'messages',
    needsLogin: false,
    help: 'log in, and end the session that is in the way',
  },
  {
    opcode: 21,
    name: 'block',
    arguments: [username],
    reply: 'line',
    needsLogin: true,
    help: 'refuse messages from an account',
  },
  {
    opcode: 22,
    name: 'unblock',
    arguments: [username],
    reply: 'line',
    needsLogin: true,
    help: 'take messages from an account again',
  },
] as const satisfies readonly CommandSpec[];

type Commands = (typeof commands)[number];

/** The name of a command, such as `send`. */
export type CommandName = Commands['name'];

type ValueOf<K extends ArgumentKind> = K extends 'body'
  ? Uint8Array
  : K extends 'words'
    ? readonly string[]
    : K extends 'number'
      ? number
      : string;

type FieldName<A extends ArgumentSpec> = A extends { field: infer Field extends string } ? Field : A['name'];
type IsOptional<A extends ArgumentSpec> = A extends { optional: true } | { kind: 'key' } ? true : false;

type FieldsOf<A extends ArgumentSpec> = {
  readonly [S in A as IsOptional<S> extends true ? never : FieldName<S>]: ValueOf<S['kind']>;
} & {
  readonly [S in A as IsOptional<S> extends true ? FieldName<S> : never]?: ValueOf<S['kind']> | undefined;
};

/** A request as a value: its command and its arguments, typed from the table. */
export type RequestOf<Name extends CommandName> = {
  [C in Commands as C['name']]: { readonly command: C['name'] } & FieldsOf<C['arguments'][number]>;
}[Name];
export type Request = { [Name in CommandName]: RequestOf<Name> }[CommandName];

const byName: ReadonlyMap<string, CommandSpec> = new Map(commands.map((spec) => [spec.name, spec]));

/** The command that a peer named by opcode (`3`) or by word (`send`, in any case), if there is one. */
export function findCommand(word: string): CommandSpec | undefined {
  if (/^(0|[1-9][0-9]?)$/.test(word)) return commands[Number(word)];
  return byName.get(word.toLowerCase());
}

/** The command with this opcode, if there is one. */
export function commandWith(opcode: number): CommandSpec | undefined {
  return commands[opcode];
}

/** What a client may ask for with `hello`. */
export const capabilities = ['ack', 'keys', 'receipts'] as const;
export type Capability = (typeof capabilities)[number];

/** The cmap version that this table is. */
export const cmapVersion = '2';
