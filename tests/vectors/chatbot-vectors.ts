/** The chatbot wire: frames as its specification writes them.
 *  @see docs/protocols/chatbot.md#frames */

import type { ChatbotRequest, OutgoingMessage } from '../../server/protocols/chatbot/codec';
import type { ErrorCode } from '../../shared/errors';
import type { RoomName } from '../../shared/names';
import { type Vector, wire } from './wire';

/** What the server writes. */
export type ChatbotAnswer =
  | ({ readonly command: 'send' } & OutgoingMessage)
  | { readonly command: 'response'; readonly text: string }
  | { readonly command: 'listResponse'; readonly usernames: readonly string[] };

const zeros = (count: number): readonly number[] => new Array<number>(count).fill(0);

/** The first `count` bytes of a length whose last bytes follow. */
const length = (...last: number[]): readonly number[] => [...zeros(40 - last.length), ...last];

/** What the decoder is given as the most that data may have. */
export const vectorDataBytesMax = 1_024;

const longMessage = 'x'.repeat(500);

export const chatbotRequestVectors: readonly Vector<readonly (ChatbotRequest | ErrorCode)[]>[] = [
  { name: 'nothing', bytes: wire(), value: [] },
  {
    name: 'CREATE',
    bytes: wire([0, 0], length(5), 'alice'),
    value: [{ command: 'create', username: 'alice' }],
  },
  { name: 'CREATE of no name', bytes: wire([0, 0], length(0)), value: [{ command: 'create', username: '' }] },
  { name: 'LIST', bytes: wire([0, 1], length(0)), value: [{ command: 'list', pattern: '' }] },
  { name: 'LIST of a pattern', bytes: wire([0, 1], length(4), 'a*b?'), value: [{ command: 'list', pattern: 'a*b?' }] },
  {
    name: 'SEND',
    bytes: wire([0, 2], length(19), 'alice|||bob|||hello'),
    value: [{ command: 'send', sender: 'alice', recipient: 'bob', message: wire('hello') }],
  },
  {
    name: 'SEND of a message that holds the separator',
    bytes: wire([0, 2], length(17), 'a|||b|||one|||two'),
    value: [{ command: 'send', sender: 'a', recipient: 'b', message: wire('one|||two') }],
  },
  {
    name: 'SEND of a message that begins with a bar',
    bytes: wire([0, 2], length(10), 'a|||b||||x'),
    value: [{ command: 'send', sender: 'a', recipient: 'b', message: wire('|x') }],
  },
  {
    name: 'SEND to a name with bars in it',
    bytes: wire([0, 2], length(12), 'a|||b||c|||x'),
    value: [{ command: 'send', sender: 'a', recipient: 'b||c', message: wire('x') }],
  },
  {
    name: 'SEND of an empty message',
    bytes: wire([0, 2], length(8), 'a|||b|||'),
    value: [{ command: 'send', sender: 'a', recipient: 'b', message: wire() }],
  },
  {
    name: 'SEND of control characters, NUL among them',
    bytes: wire([0, 2], length(13), 'a|||b|||', [0, 10, 13, 27, 127]),
    value: [{ command: 'send', sender: 'a', recipient: 'b', message: wire([0, 10, 13, 27, 127]) }],
  },
  {
    name: 'SEND whose length takes two bytes',
    bytes: wire([0, 2], length(1, 252), 'a|||b|||', longMessage),
    value: [{ command: 'send', sender: 'a', recipient: 'b', message: wire(longMessage) }],
  },
  { name: 'SEND of one string', bytes: wire([0, 2], length(1), 'a'), value: ['arguments_missing'] },
  { name: 'SEND of two strings', bytes: wire([0, 2], length(5), 'a|||b'), value: ['arguments_missing'] },
  { name: 'SEND of nothing', bytes: wire([0, 2], length(0)), value: ['arguments_missing'] },
  { name: 'DELIVER', bytes: wire([0, 3], length(0)), value: [{ command: 'deliver' }] },
  { name: 'DELIVER of something', bytes: wire([0, 3], length(1), 'a'), value: ['arguments_surplus'] },
  { name: 'DELETE', bytes: wire([0, 4], length(0)), value: [{ command: 'delete' }] },
  { name: 'DELETE of something', bytes: wire([0, 4], length(1), 'a'), value: ['arguments_surplus'] },
  { name: 'LOGIN', bytes: wire([0, 5], length(3), 'bob'), value: [{ command: 'login', username: 'bob' }] },
  {
    name: 'frames in a row, one of them not ASCII',
    bytes: wire([0, 5], length(3), 'bob', [0, 0], length(2), [0xc3, 0xa9], [0, 3], length(0)),
    value: [{ command: 'login', username: 'bob' }, 'encoding_invalid', { command: 'deliver' }],
  },
  {
    name: 'the most data',
    bytes: wire([0, 1], length(4, 0), 'x'.repeat(1_024)),
    value: [{ command: 'list', pattern: 'x'.repeat(1_024) }],
  },
  { name: 'one byte too much', bytes: wire([0, 1], length(4, 1)), value: ['line_too_long'] },
  {
    name: 'a length whose first byte is not zero',
    bytes: wire([0, 1], [1], zeros(39)),
    value: ['line_too_long'],
  },
  {
    name: 'a length that is zero in its last four bytes',
    bytes: wire([0, 1], length(1, 0, 0, 0, 0)),
    value: ['line_too_long'],
  },
  { name: 'the largest length', bytes: wire([0, 1], new Array<number>(40).fill(255)), value: ['line_too_long'] },
  { name: 'version 1', bytes: wire([1]), value: ['version_unknown'] },
  { name: 'HTTP', bytes: wire('G'), value: ['version_unknown'] },
  { name: 'a RESPONSE', bytes: wire([0, 6]), value: ['command_unknown'] },
  { name: 'a LISTRESPONSE', bytes: wire([0, 7]), value: ['command_unknown'] },
  { name: 'command 8', bytes: wire([0, 8]), value: ['command_unknown'] },
  { name: 'command 255', bytes: wire([0, 255]), value: ['command_unknown'] },
  {
    name: 'another version after a frame',
    bytes: wire([0, 3], length(0), [2]),
    value: [{ command: 'deliver' }, 'version_unknown'],
  },
];

export const chatbotAnswerVectors: readonly Vector<ChatbotAnswer>[] = [
  { name: 'success', bytes: wire([0, 6], length(0)), value: { command: 'response', text: '' } },
  {
    name: 'an error',
    bytes: wire([0, 6], length(12), 'log in first'),
    value: { command: 'response', text: 'log in first' },
  },
  { name: 'no names', bytes: wire([0, 7], length(0)), value: { command: 'listResponse', usernames: [] } },
  {
    name: 'one name',
    bytes: wire([0, 7], length(5), 'alice'),
    value: { command: 'listResponse', usernames: ['alice'] },
  },
  {
    name: 'names',
    bytes: wire([0, 7], length(15), 'a.b|||c-d|||E_1'),
    value: { command: 'listResponse', usernames: ['a.b', 'c-d', 'E_1'] },
  },
  {
    name: 'a message',
    bytes: wire([0, 2], length(19), 'alice|||bob|||hello'),
    value: { command: 'send', sender: 'alice', recipient: 'bob', message: wire('hello') },
  },
  {
    name: 'a message in a room, whose length takes two bytes',
    bytes: wire([0, 2], length(2, 1), 'a|||b|||[#c] ', longMessage),
    value: { command: 'send', sender: 'a', recipient: 'b', room: '#c' as RoomName, message: wire(longMessage) },
  },
  {
    name: 'a message that holds the separator, as three fields',
    bytes: wire([0, 2], length(17), 'a|||b|||one???two'),
    value: { command: 'send', sender: 'a', recipient: 'b', message: wire('one|||two') },
  },
  {
    name: 'a message that begins and ends with a bar',
    bytes: wire([0, 2], length(11), 'a|||b|||?x|'),
    value: { command: 'send', sender: 'a', recipient: 'b', message: wire('|x|') },
  },
  {
    name: 'a message in a room that begins with a bar, as one to an account does',
    bytes: wire([0, 2], length(15), 'a|||b|||[#c] ?x'),
    value: { command: 'send', sender: 'a', recipient: 'b', room: '#c' as RoomName, message: wire('|x') },
  },
];

/** UTF-8 that comes from other wires, and the field that arrives here. */
export const chatbotAsciiVectors: readonly Vector<Uint8Array>[] = [
  { name: 'ASCII', bytes: wire('hello, you!'), value: wire('hello, you!') },
  { name: 'line breaks and other controls', bytes: wire('a\r\nb\tc', [27, 127]), value: wire('a\r\nb\tc', [27, 127]) },
  { name: 'a letter of two bytes', bytes: wire('caf', [0xc3, 0xa9], '!'), value: wire('caf?!') },
  { name: 'a sign of three bytes', bytes: wire([0xe2, 0x82, 0xac], '5'), value: wire('?5') },
  { name: 'a code point of four bytes', bytes: wire([0xf0, 0x9f, 0x94, 0x91]), value: wire('?') },
  { name: 'a letter and its accent, two code points', bytes: wire('e', [0xcc, 0x81]), value: wire('e?') },
  { name: 'one bar and two bars between words', bytes: wire('a | b || c'), value: wire('a | b || c') },
  { name: 'three bars', bytes: wire('a|||b'), value: wire('a???b') },
  { name: 'four bars at the end', bytes: wire('a||||'), value: wire('a????') },
  { name: 'one bar at the beginning', bytes: wire('|a'), value: wire('?a') },
  { name: 'two bars at the end', bytes: wire('a||'), value: wire('a||') },
  { name: 'nothing but bars', bytes: wire('|||||'), value: wire('?????') },
  {
    name: 'two bars, a letter that is not ASCII, and two bars',
    bytes: wire('a||', [0xc3, 0xa9], '||b'),
    value: wire('a||?||b'),
  },
];
