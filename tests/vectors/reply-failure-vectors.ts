/** What no cmap version 2 server writes. @see docs/protocol.md#replies-and-events */

import type { CommandName } from '../../shared/cmap';
import { type Vector, wire } from './wire';

/** The value is what the client says about it. */
export interface ReplyFailureVector extends Vector<string> {
  readonly asked: readonly CommandName[];
}

const foreign = 'the server does not speak cmap';
const encoding = 'the server sent a line that is not UTF-8';
const headless = 'the server sent a message line without a body';
const malformed = 'the server sent a malformed message line';
const noticeless = 'the server sent a malformed notice';
const tooLarge = 'the server sent a number that is too large';

function bad(name: string, line: Uint8Array, value: string, asked: CommandName = 'ping'): ReplyFailureVector {
  return { name, bytes: wire([...line], '\r\n'), value, asked: [asked] };
}

/** Each is the first line of a reply, or an event. */
const badLines = [
  bad('a blank line', wire(''), foreign),
  bad('a line of another protocol', wire('HTTP/1.1 400 Bad Request'), foreign),
  bad('a status of two digits', wire('20'), foreign),
  bad('a status of four digits', wire('2000'), foreign),
  bad('a status with a letter', wire('20x'), foreign),
  bad('a status of digits beyond ASCII', wire([0xd9, 0xa2, 0xd9, 0xa0, 0xd9, 0xa0]), foreign),
  bad('a status without a space after it', wire('200ok'), foreign),
  bad('a status with a tab after it', wire('200\tok'), foreign),
  bad('a space before the status', wire(' 200 ok'), foreign),
  bad('a status whose text is not UTF-8', wire('200 ', [0xff]), encoding),
  bad('a long status whose text is not UTF-8', wire('200 ', 'x'.repeat(100), [0xc0, 0xaf]), encoding),
  bad('a notice without a space', wire('!408 idle'), noticeless),
  bad('a notice with something else than a space', wire('!x408 idle'), noticeless),
  bad('an empty notice', wire('!'), noticeless),
  bad('a notice without a status', wire('! idle'), foreign),
  bad('a notice with two spaces', wire('!  408 idle'), foreign),
  bad('a notice that is not UTF-8', wire('! 408 ', [0xff]), encoding),
  bad('a star alone', wire('*'), headless),
  bad('a message without a sender', wire('* 1 5'), headless),
  bad('a message without a space before its body', wire('* 1 5 a b'), headless),
];

/** Each as an event and as an item of a block. */
const badMessages = [
  bad('a message with two stars', wire('** 1 5 a b x'), malformed),
  bad('a message without a seq', wire('*  5 a b x'), malformed),
  bad('a message whose seq is a word', wire('* one 5 a b x'), malformed),
  bad('a message whose seq is negative', wire('* -1 5 a b x'), malformed),
  bad('a message whose seq has 17 digits', wire('* 10000000000000000 5 a b x'), malformed),
  bad('a message whose seq is 2 to the 53rd', wire('* 9007199254740992 5 a b x'), tooLarge),
  bad('a message without a time', wire('* 1  a b x'), malformed),
  bad('a message whose time is a word', wire('* 1 now a b x'), malformed),
  bad('a message whose time is a fraction', wire('* 1 5.5 a b x'), malformed),
  bad('a message whose time has 17 digits', wire('* 1 10000000000000000 a b x'), malformed),
  bad('a message whose time is 2 to the 53rd', wire('* 1 9007199254740992 a b x'), tooLarge),
  bad('a message without a name in its place', wire('* 1 5  b x'), malformed),
  bad('a message without a recipient in its place', wire('* 1 5 a  x'), malformed),
  bad('a message with a tab in a name', wire('* 1 5 a\tc b x'), malformed),
  bad('a message with a CR in its recipient', wire('* 1 5 a b\r x'), malformed),
  bad('a message whose sender is not UTF-8', wire('* 1 5 ', [0xff], ' b x'), encoding),
  bad('a message with an unknown escape', wire('* 1 5 a b \\t'), 'the server sent a body with an unknown escape'),
  bad('a message with half an escape', wire('* 1 5 a b x\\'), 'the server sent a body with an unknown escape'),
];

function inBlock(vector: ReplyFailureVector): ReplyFailureVector {
  const bytes = wire('200 b 2\r\n* 1 5 a b x\r\n', [...vector.bytes]);
  return { ...vector, name: `${vector.name}, in a block`, bytes, asked: ['login'] };
}

export const replyFailureVectors: readonly ReplyFailureVector[] = [
  ...badLines,
  ...badMessages,
  ...badMessages.map(inBlock),
  inBlock(bad('a notice', wire('! 408 idle'), headless)),
  inBlock(bad('a name', wire('alice'), headless)),
  inBlock(bad('a line that is like a message but for its star', wire('+ 1 5 a b x'), malformed)),
  {
    name: 'a name that is not UTF-8',
    asked: ['list'],
    bytes: wire('200 1 0\r\n', [0xff], '\r\n'),
    value: encoding,
  },
  { name: 'a status while nothing is asked', asked: [], bytes: wire('200 t\r\n'), value: unasked() },
  { name: 'a second reply to one request', asked: ['ping'], bytes: wire('200 t\r\n200 t\r\n'), value: unasked() },
  { name: 'a reply to an ack', asked: ['ack'], bytes: wire('200\r\n'), value: unasked() },
  { name: 'a blank line after a block', asked: ['login'], bytes: wire('200 b 0\r\n\r\n\r\n'), value: unasked() },
];

function unasked(): string {
  return 'the server answered what was not asked';
}
