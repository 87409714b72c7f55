/** cmap version 1: what one read of a connection asks for, and the sentences that answer.
 *  @see docs/protocol.md#version-1-classic */

import type { ClassicRequest, ParsedClassic, sentences } from '../../server/protocols/cmap/v1/codec';
import { type Vector, wire } from './wire';

function asks(command: ClassicRequest['command'], ...given: string[]): ParsedClassic {
  return { request: { command, arguments: given } };
}

function wrongArguments(command: ClassicRequest['command']): ParsedClassic {
  return { failure: 'arguments', command };
}

const wrongVersion: ParsedClassic = { failure: 'version' };
const wrongCommand: ParsedClassic = { failure: 'command' };

export const classicReadVectors: readonly Vector<readonly ParsedClassic[]>[] = [
  { name: 'create', bytes: wire('1 0 alice secret'), value: [asks('create', 'alice', 'secret')] },
  { name: 'list', bytes: wire('1 1'), value: [asks('list')] },
  { name: 'list, an empty part of a name', bytes: wire('1 1 '), value: [asks('list')] },
  { name: 'list, a part of a name', bytes: wire('1 1 ali'), value: [asks('list', 'ali')] },
  { name: 'login', bytes: wire('1 2 alice secret'), value: [asks('login', 'alice', 'secret')] },
  { name: 'send', bytes: wire('1 3 bob hello'), value: [asks('send', 'bob', 'hello')] },
  {
    name: 'send, several words',
    bytes: wire('1 3 bob  hello  there '),
    value: [asks('send', 'bob', ' hello  there ')],
  },
  { name: 'send, a space', bytes: wire('1 3 bob  '), value: [asks('send', 'bob', ' ')] },
  {
    name: 'send, beyond ASCII',
    bytes: wire('1 3 bob ', [0xc3, 0xa9], [0xf0, 0x9f, 0x94, 0x91]),
    value: [asks('send', 'bob', '\u00e9\u{1f511}')],
  },
  { name: 'delete', bytes: wire('1 4 alice secret'), value: [asks('delete', 'alice', 'secret')] },
  { name: 'deliver', bytes: wire('1 5 alice secret'), value: [asks('deliver', 'alice', 'secret')] },
  { name: 'help', bytes: wire('1 6'), value: [asks('help')] },
  { name: 'a line feed after a request', bytes: wire('1 6\n'), value: [asks('help')] },
  { name: 'CRLF after a request', bytes: wire('1 2 alice pw\r\n'), value: [asks('login', 'alice', 'pw')] },
  { name: 'a CR that ends no line', bytes: wire('1 2 alice p\rw'), value: [asks('login', 'alice', 'p\rw')] },
  {
    name: 'several requests in one read',
    bytes: wire('1 0 a b\n1 2 a b\r\n\n\r\n1 3 bob x y\n1 6'),
    value: [asks('create', 'a', 'b'), asks('login', 'a', 'b'), asks('send', 'bob', 'x y'), asks('help')],
  },
  { name: 'line ends alone', bytes: wire('\n\r\n\n'), value: [] },
  { name: 'nothing', bytes: wire(), value: [] },
  { name: 'version 2', bytes: wire('2 0 alice secret'), value: [wrongVersion] },
  { name: 'version 0', bytes: wire('0 6'), value: [wrongVersion] },
  { name: 'version 11', bytes: wire('11 6'), value: [wrongVersion] },
  { name: 'version 1.0', bytes: wire('1.0 6'), value: [wrongVersion] },
  { name: 'a word', bytes: wire('help'), value: [wrongVersion] },
  { name: 'a space before the version', bytes: wire(' 1 6'), value: [wrongVersion] },
  { name: 'the version alone', bytes: wire('1'), value: [wrongCommand] },
  { name: 'the version and a space', bytes: wire('1 '), value: [wrongCommand] },
  { name: 'opcode 7', bytes: wire('1 7'), value: [wrongCommand] },
  { name: 'opcode 06', bytes: wire('1 06'), value: [wrongCommand] },
  { name: 'a word for an opcode', bytes: wire('1 help'), value: [wrongCommand] },
  { name: 'two spaces before the opcode', bytes: wire('1  6'), value: [wrongCommand] },
  ...(
    [
      ['create', '0'],
      ['login', '2'],
      ['delete', '4'],
      ['deliver', '5'],
    ] as const
  ).flatMap(([command, opcode]) => [
    { name: `${command} without arguments`, bytes: wire('1 ', opcode), value: [wrongArguments(command)] },
    { name: `${command} of one argument`, bytes: wire('1 ', opcode, ' a'), value: [wrongArguments(command)] },
    { name: `${command} of three arguments`, bytes: wire('1 ', opcode, ' a b c'), value: [wrongArguments(command)] },
    { name: `${command}, the first empty`, bytes: wire('1 ', opcode, '  b'), value: [wrongArguments(command)] },
    { name: `${command}, the second empty`, bytes: wire('1 ', opcode, ' a '), value: [wrongArguments(command)] },
  ]),
  { name: 'list of two arguments', bytes: wire('1 1 a b'), value: [wrongArguments('list')] },
  { name: 'list of two empty arguments', bytes: wire('1 1  '), value: [wrongArguments('list')] },
  { name: 'send without arguments', bytes: wire('1 3'), value: [wrongArguments('send')] },
  { name: 'send without a body', bytes: wire('1 3 bob'), value: [wrongArguments('send')] },
  { name: 'send of an empty body', bytes: wire('1 3 bob '), value: [wrongArguments('send')] },
  { name: 'send to nobody', bytes: wire('1 3  a b'), value: [wrongArguments('send')] },
  { name: 'help of one argument', bytes: wire('1 6 send'), value: [wrongArguments('help')] },
  {
    name: 'requests around one that is none',
    bytes: wire('1 6\n1 9\n2 0 a b\n1 1'),
    value: [asks('help'), wrongCommand, wrongVersion, asks('list')],
  },
];

type Sentence = keyof typeof sentences;

export const classicSentenceVectors: readonly (Vector<Sentence> & { readonly name: Sentence })[] = (
  [
    ['created', 'Account successfully created'],
    ['nameTaken', 'Account with username already exists. Try again'],
    ['alreadyLoggedIn', 'You are already logged into an account!'],
    ['nobodyListed', 'No matching accounts'],
    ['loggedIn', 'Login successful\n'],
    ['undelivered', 'Account has undelivered messages: '],
    ['loginFailed', 'Login unsuccessful'],
    ['delivered', 'Message delivered!'],
    ['queued', 'Recipient not online. Will deliver on demand :)'],
    ['recipientUnknown', 'Invalid: user not found'],
    ['loginToSend', 'Please login to send a message'],
    ['deliverFailed', 'Nonexistent account or wrong password'],
    ['loginToReceive', 'Please login to receive messages'],
    ['deleted', 'Successfully deleted account\n'],
    ['hadUndelivered', 'Account had undelivered messages: \n'],
    ['deleteFailed', 'Account not found or incorrect password'],
    ['loggedInElsewhere', 'Another client is logged into this account!'],
    ['deleteOwn', 'You are logged into the account to be deleted. Logout first'],
    ['deleteOther', 'You are logged into a different account. Unable to delete'],
    ['versionUnknown', 'Incorrect client software version. Please use an updated version!'],
    [
      'commandUnknown',
      'Invalid command\n' +
        'create <username> <password>\n' +
        'ls [part of a name]\n' +
        'login <username> <password>\n' +
        'send <username> <message>\n' +
        'deliver <username> <password>\n' +
        'delete <username> <password>\n' +
        'help',
    ],
  ] as const
).map(([name, text]) => ({ name, bytes: wire(text), value: name }));

/** Messages as they are pushed. */
export const classicMessageVectors: readonly Vector<{ readonly from: string; readonly body: string }>[] = [
  { name: 'a message', bytes: wire('\nFrom alice: Message: hi there'), value: { from: 'alice', body: 'hi there' } },
  {
    name: 'a message beyond ASCII',
    bytes: wire('\nFrom a: Message: ', [0xc3, 0xa9]),
    value: { from: 'a', body: '\u00e9' },
  },
  ...['\n', '\r', '\r\n', '\n\r\n\n', '\u0085', '\u2028', '\u2029', '\r\u2028\u2029\u0085\n'].map((lineBreak) => ({
    name: `a message broken by ${JSON.stringify(lineBreak)}`,
    bytes: wire('\nFrom alice: Message: one two three'),
    value: { from: 'alice', body: `one${lineBreak}two${lineBreak}three` },
  })),
  {
    name: 'a message that ends in line feeds',
    bytes: wire('\nFrom alice: Message: one '),
    value: { from: 'alice', body: 'one\n\n' },
  },
];
