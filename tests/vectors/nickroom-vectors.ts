/** The nick room: packets as its specification writes them.
 *  @see docs/protocols/nickroom.md#packets */

import type { RoomMessage } from '../../server/protocols/nickroom/codec';
import { type Vector, wire } from './wire';

/** What the decoder is given as the longest content. */
export const vectorContentBytesMax = 1_024;

/** Packets as text; `'too_long'` and `'no_packet'` stand for themselves. */
export const nickroomPacketVectors: readonly Vector<readonly string[]>[] = [
  { name: 'nothing', bytes: wire(), value: [] },
  { name: 'a packet', bytes: wire([0, 5], 'alice'), value: ['alice'] },
  { name: 'an empty packet', bytes: wire([0, 0]), value: [''] },
  { name: 'packets in a row', bytes: wire([0, 1], 'a', [0, 0], [0, 2], 'bc'), value: ['a', '', 'bc'] },
  { name: 'beyond ASCII', bytes: wire([0, 3], 'a', [0xc3, 0xa9]), value: ['a\u00e9'] },
  { name: 'the longest', bytes: wire([4, 0], 'x'.repeat(1_024)), value: ['x'.repeat(1_024)] },
  {
    name: 'one that is too long, between others',
    bytes: wire([0, 1], 'a', [4, 1], 'x'.repeat(1_025), [0, 1], 'b'),
    value: ['a', 'too_long', 'b'],
  },
  ...['GET', 'POST', 'HEAD', 'OPTIONS'].map((method) => ({
    name: `a request that begins with ${method}`,
    bytes: wire([0, 1], 'a', `${method} / HTTP/1.1\r\n`, [0, 1], 'b'),
    value: ['a', 'no_packet'],
  })),
];

/** Contents of packets, and the nickname in each. */
export const nickroomNicknameVectors: readonly Vector<string>[] = [
  { name: 'a bare nickname', bytes: wire('alice'), value: 'alice' },
  { name: 'a nickname with its length once more', bytes: wire([0, 5], 'alice'), value: 'alice' },
  { name: 'a nickname with a length that is not its', bytes: wire([0, 4], 'alice'), value: '\u0000\u0004alice' },
  { name: 'nothing', bytes: wire(), value: '' },
  { name: 'a length of nothing', bytes: wire([0, 0]), value: '' },
  { name: 'one byte', bytes: wire('a'), value: 'a' },
  { name: 'a nickname beyond ASCII', bytes: wire([0xc3, 0xa9]), value: '\u00e9' },
  { name: 'bytes that are not UTF-8', bytes: wire([0xc3]), value: '' },
];

const inner = '{"timestamp":"2026-01-02 03:04:05","nickname":"alice","message":"hi"}';
/** `{"` read as a length. */
const braceAndQuote = 0x7b22;
const longText = 'x'.repeat(braceAndQuote - '"message":"'.length + 1 - '"}'.length);

/** Contents of packets, and the message in each; `undefined` where there is none. */
export const nickroomMessageVectors: readonly Vector<string | undefined>[] = [
  { name: 'a message', bytes: wire(inner), value: 'hi' },
  { name: 'a message with its length once more', bytes: wire([0, inner.length], inner), value: 'hi' },
  { name: 'a message alone', bytes: wire('{"message":"hi"}'), value: 'hi' },
  { name: 'a message with spaces around it', bytes: wire(' { "message" : "hi" }\n'), value: 'hi' },
  { name: 'an empty message', bytes: wire('{"message":""}'), value: '' },
  { name: 'a message beyond ASCII', bytes: wire('{"message":"', [0xc3, 0xa9], '"}'), value: '\u00e9' },
  { name: 'a message with escapes', bytes: wire('{"message":"\\u00e9\\n\\""}'), value: '\u00e9\n"' },
  {
    name: 'a bare message of 31,524 bytes, whose first two are its length less two',
    bytes: wire(`{"message":"${longText}"}`),
    value: longText,
  },
  { name: 'a length that is not its', bytes: wire([0, 15], '{"message":"hi"}'), value: undefined },
  { name: 'no JSON', bytes: wire('hi'), value: undefined },
  { name: 'nothing', bytes: wire(), value: undefined },
  { name: 'a string', bytes: wire('"message"'), value: undefined },
  { name: 'null', bytes: wire('null'), value: undefined },
  { name: 'a list', bytes: wire('["message"]'), value: undefined },
  { name: 'no message', bytes: wire('{"nickname":"alice"}'), value: undefined },
  { name: 'a message that is a number', bytes: wire('{"message":1}'), value: undefined },
  { name: 'JSON that is not UTF-8', bytes: wire('{"message":"', [0xff], '"}'), value: undefined },
];

export const nickroomEventVectors: readonly Vector<RoomMessage>[] = [
  {
    name: 'a message',
    bytes: wire([0, inner.length], inner),
    value: { timestamp: '2026-01-02 03:04:05', nickname: 'alice', message: 'hi' },
  },
  {
    name: 'a message of quotes, line breaks and letters beyond ASCII',
    bytes: wire(
      [0, 72],
      '{"timestamp":"2026-01-02 03:04:05","nickname":"a","message":"\\"\\n\\\\',
      [0xc3, 0xa9],
      '/"}',
    ),
    value: { timestamp: '2026-01-02 03:04:05', nickname: 'a', message: '"\n\\\u00e9/' },
  },
  {
    name: 'the longest message',
    bytes: wire([255, 255], `{"timestamp":"t","nickname":"n","message":"${'x'.repeat(65_535 - 45)}"}`),
    value: { timestamp: 't', nickname: 'n', message: 'x'.repeat(65_535 - 45) },
  },
  {
    name: 'a message that is one byte too long',
    bytes: wire(
      [255, 255],
      `{"timestamp":"t","nickname":"n","message":"${'x'.repeat(65_535 - 48)}`,
      [0xe2, 0x80, 0xa6],
      '"}',
    ),
    value: { timestamp: 't', nickname: 'n', message: 'x'.repeat(65_535 - 44) },
  },
];
