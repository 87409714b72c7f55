/** cmap version 2 lines that are no requests, and what is wrong with them. @see docs/protocol.md#status-codes */

import type { CommandName } from '../../shared/cmap';
import type { ErrorCode } from '../../shared/errors';
import { type Vector, wire } from './wire';

export interface RequestFailure {
  readonly code: ErrorCode;
  readonly status: number;
  /** The command that the line named all the same, in whose shape it is answered. */
  readonly command: CommandName | undefined;
}

export interface RequestFailureVector extends Vector<RequestFailure> {
  readonly keys?: true;
}

function malformed(
  name: string,
  bytes: Uint8Array,
  code: ErrorCode,
  command?: CommandName,
  keys?: 'keys',
): RequestFailureVector {
  return { name, bytes, value: { code, status: 400, command }, ...(keys && { keys: true }) };
}

const unknownCommands = [
  malformed('a blank line', wire('\n'), 'opcode_unknown'),
  malformed('a blank line that ends in CRLF', wire('\r\n'), 'opcode_unknown'),
  malformed('a space alone', wire(' \n'), 'opcode_unknown'),
  malformed('a space before the opcode', wire(' 8\n'), 'opcode_unknown'),
  malformed('the first opcode that is not in the table', wire('23\n'), 'opcode_unknown'),
  malformed('the last opcode of two digits', wire('99 x\n'), 'opcode_unknown'),
  malformed('an opcode of three digits', wire('100\n'), 'opcode_unknown'),
  malformed('an opcode with a leading zero', wire('03 bob hi\n'), 'opcode_unknown'),
  malformed('an opcode with a sign', wire('-1\n'), 'opcode_unknown'),
  malformed('an opcode with a fraction', wire('1.0\n'), 'opcode_unknown'),
  malformed('a word that is no command', wire('sends bob hi\n'), 'opcode_unknown'),
  malformed('the first part of a command', wire('sen bob hi\n'), 'opcode_unknown'),
  malformed('a word of 1,000 letters', wire('x'.repeat(1_000), '\n'), 'opcode_unknown'),
  malformed('a name that every object has', wire('constructor\n'), 'opcode_unknown'),
  malformed('a tab after the command', wire('send\tbob hi\n'), 'opcode_unknown'),
  malformed('a CR inside the command', wire('8\r\r\n'), 'opcode_unknown'),
];

const missing: readonly (readonly [string, CommandName])[] = [
  ['0', 'create'],
  ['0 alice', 'create'],
  ['2', 'login'],
  ['2 alice', 'login'],
  ['3', 'send'],
  ['3 bob', 'send'],
  ['4', 'delete'],
  ['4 alice', 'delete'],
  ['7', 'hello'],
  ['9', 'ack'],
  ['9 bob', 'ack'],
  ['10', 'history'],
  ['12', 'room'],
  ['13', 'join'],
  ['14', 'leave'],
  ['15', 'members'],
  ['16', 'random'],
  ['17', 'passwd'],
  ['17 old', 'passwd'],
  ['20', 'takeover'],
  ['20 alice', 'takeover'],
  ['21', 'block'],
  ['22', 'unblock'],
];

const wrongArguments = [
  ...missing.map(([line, command]) =>
    malformed(`an argument is missing after "${line}"`, wire(line, '\n'), 'arguments_missing', command),
  ),
  malformed('a send without a body after its key', wire('3 bob k1\n'), 'arguments_missing', 'send', 'keys'),
  malformed('a send without a key', wire('3 bob\n'), 'arguments_missing', 'send', 'keys'),
  malformed('logout with an argument', wire('8 now\n'), 'arguments_surplus', 'logout'),
  malformed('logout with a space after it', wire('8 \n'), 'arguments_surplus', 'logout'),
  malformed('quit with an argument', wire('19 now please\n'), 'arguments_surplus', 'quit'),
  malformed('an ack of an empty number', wire('9 bob \n'), 'number_invalid', 'ack'),
  malformed('an ack of a word', wire('9 bob two\n'), 'number_invalid', 'ack'),
  malformed('an ack of a negative number', wire('9 bob -2\n'), 'number_invalid', 'ack'),
  malformed('an ack of a number with a plus', wire('9 bob +2\n'), 'number_invalid', 'ack'),
  malformed('an ack of a fraction', wire('9 bob 2.5\n'), 'number_invalid', 'ack'),
  malformed('an ack of a power', wire('9 bob 2e3\n'), 'number_invalid', 'ack'),
  malformed('an ack of a hexadecimal number', wire('9 bob 0x2\n'), 'number_invalid', 'ack'),
  malformed('an ack of two numbers', wire('9 bob 2 3\n'), 'number_invalid', 'ack'),
  malformed('an ack of a number and a letter', wire('9 bob 2x\n'), 'number_invalid', 'ack'),
  malformed('an ack of digits beyond ASCII', wire('9 bob ', [0xd9, 0xa2], '\n'), 'number_invalid', 'ack'),
  malformed('an ack of 2 to the 53rd', wire('9 bob 9007199254740992\n'), 'number_invalid', 'ack'),
  malformed('an ack of 17 digits', wire('9 bob 00000000000000001\n'), 'number_invalid', 'ack'),
  malformed('a history before a word', wire('10 bob x 5\n'), 'number_invalid', 'history'),
  malformed('a history of limit x', wire('10 bob 5 x\n'), 'number_invalid', 'history'),
  malformed('an empty key', wire('3 bob  hi\n'), 'key_invalid', 'send', 'keys'),
  malformed('a key of 65 characters', wire('3 bob ', 'k'.repeat(65), ' hi\n'), 'key_invalid', 'send', 'keys'),
  malformed('a key with a control character', wire('3 bob a', [0x1f], ' hi\n'), 'key_invalid', 'send', 'keys'),
  malformed('a key with a delete character', wire('3 bob a', [0x7f], ' hi\n'), 'key_invalid', 'send', 'keys'),
  malformed('a key beyond ASCII', wire('3 bob ', [0xc3, 0xa9], ' hi\n'), 'key_invalid', 'send', 'keys'),
  malformed('an empty body', wire('3 bob \n'), 'body_empty', 'send'),
  malformed('an empty body after a key', wire('3 bob k1 \n'), 'body_empty', 'send', 'keys'),
  malformed('an empty body of random', wire('16 \n'), 'body_empty', 'random'),
];

const wrongEscapes = [
  malformed('an escape that does not exist', wire('3 bob a\\tb\n'), 'escape_unknown', 'send'),
  malformed('an escape in capitals', wire('3 bob a\\Nb\n'), 'escape_unknown', 'send'),
  malformed('a backslash at the end', wire('3 bob a\\\n'), 'escape_unknown', 'send'),
  malformed('a backslash at the end of a CRLF line', wire('3 bob a\\\r\n'), 'escape_unknown', 'send'),
  malformed('three backslashes', wire('3 bob \\\\\\\n'), 'escape_unknown', 'send'),
  malformed('an escaped NUL', wire('3 bob \\0\n'), 'escape_unknown', 'send'),
  malformed('an escape of random', wire('random \\x41\n'), 'escape_unknown', 'random'),
];

/** What is no UTF-8, or is a NUL; each stands in every position of a line below. */
export const badBytes: Readonly<Record<string, readonly number[]>> = {
  'a NUL': [0x00],
  'a continuation byte alone': [0x80],
  'the last continuation byte alone': [0xbf],
  'two bytes, the second missing': [0xc3],
  'three bytes, the third missing': [0xe2, 0x82],
  'four bytes, the fourth missing': [0xf0, 0x9f, 0x94],
  'a slash in two bytes': [0xc0, 0xaf],
  'a NUL in two bytes': [0xc0, 0x80],
  'a line feed in two bytes': [0xc0, 0x8a],
  'a delete character in two bytes': [0xc1, 0xbf],
  'a slash in three bytes': [0xe0, 0x80, 0xaf],
  'U+07FF in three bytes': [0xe0, 0x9f, 0xbf],
  'U+FFFF in four bytes': [0xf0, 0x8f, 0xbf, 0xbf],
  'the first high surrogate': [0xed, 0xa0, 0x80],
  'the last low surrogate': [0xed, 0xbf, 0xbf],
  'a pair of surrogates': [0xed, 0xa0, 0xbd, 0xed, 0xb4, 0x91],
  'the first code point too large': [0xf4, 0x90, 0x80, 0x80],
  'a head of five bytes': [0xf8, 0x88, 0x80, 0x80, 0x80],
  'a byte that UTF-8 never has': [0xff],
};

const wrongEncodings = Object.entries(badBytes).flatMap(([name, bad]) => [
  malformed(`${name} before the command`, wire(bad, '3 bob hi\n'), 'encoding_invalid'),
  malformed(`${name} in the command`, wire('se', bad, 'nd bob hi\n'), 'encoding_invalid'),
  malformed(`${name} right after the command`, wire('3', bad, ' bob hi\n'), 'encoding_invalid'),
  malformed(`${name} before an argument`, wire('3 ', bad, 'bob hi\n'), 'encoding_invalid', 'send'),
  malformed(`${name} in an argument`, wire('3 b', bad, 'ob hi\n'), 'encoding_invalid', 'send'),
  malformed(`${name} after an argument`, wire('3 bob', bad, ' hi\n'), 'encoding_invalid', 'send'),
  malformed(`${name} in a key`, wire('3 bob k', bad, ' hi\n'), 'encoding_invalid', 'send', 'keys'),
  malformed(`${name} before a body`, wire('3 bob ', bad, 'hi\n'), 'encoding_invalid', 'send'),
  malformed(`${name} in a body`, wire('3 bob h', bad, 'i\n'), 'encoding_invalid', 'send'),
  malformed(`${name} at the end of a body`, wire('3 bob hi', bad, '\n'), 'encoding_invalid', 'send'),
  malformed(`${name} at the end of a CRLF line`, wire('3 bob hi', bad, '\r\n'), 'encoding_invalid', 'send'),
  malformed(`${name} alone in a body`, wire('16 ', bad, '\n'), 'encoding_invalid', 'random'),
  malformed(`${name} in a password`, wire('login bob p', bad, 'w\n'), 'encoding_invalid', 'login'),
  malformed(`${name} in a number`, wire('9 bob 1', bad, '\n'), 'encoding_invalid', 'ack'),
  malformed(`${name} alone`, wire(bad, '\n'), 'encoding_invalid'),
]);

export const requestFailureVectors: readonly RequestFailureVector[] = [
  ...unknownCommands,
  ...wrongArguments,
  ...wrongEscapes,
  ...wrongEncodings,
];
