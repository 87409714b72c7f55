/** What a cmap version 2 server writes, after these requests. @see docs/protocol.md#replies-and-events */

import type { CommandName } from '../../shared/cmap';
import type { Incoming } from '../../shared/reply';
import { type Vector, wire } from './wire';

export interface ReplyVector extends Vector<readonly Incoming[]> {
  /** The requests that were sent, all of them before the first reply came. */
  readonly asked: readonly CommandName[];
}

const end = { kind: 'end' } as const;

function status(code: number, text = ''): Incoming {
  return { kind: 'status', status: code, text };
}

function item(text: string): Incoming {
  return { kind: 'item', text };
}

function notice(code: number, text: string): Incoming {
  return { kind: 'notice', status: code, text };
}

function message(seq: number, at: number, from: string, to: string, body: Uint8Array, event = false): Incoming {
  return { kind: 'message', message: { seq, at, from, body }, to, event };
}

const event = true;

export const replyVectors: readonly ReplyVector[] = [
  { name: 'a line', asked: ['create'], bytes: wire('201 alice\r\n'), value: [status(201, 'alice')] },
  { name: 'a line without text', asked: ['logout'], bytes: wire('200\r\n'), value: [status(200)] },
  {
    name: 'a line whose text is spaces, and ends in a CR',
    asked: ['ping'],
    bytes: wire('200   a \r\r\n'),
    value: [status(200, '  a \r')],
  },
  {
    name: 'a line whose text holds line separators of Unicode',
    asked: ['ping'],
    bytes: wire('200 a', [0xe2, 0x80, 0xa8], 'b', [0xc2, 0x85], '\r\n'),
    value: [status(200, 'a\u2028b\u0085')],
  },
  {
    name: 'a failure of a line',
    asked: ['send'],
    bytes: wire('404 no account or room bob\r\n'),
    value: [status(404, 'no account or room bob')],
  },
  {
    name: 'a block of messages',
    asked: ['login'],
    bytes: wire('200 bob 2\r\n* 1 1789000000000 alice bob hello\r\n* 2 1789000000500 alice bob two\\nlines\r\n\r\n'),
    value: [
      status(200, 'bob 2'),
      message(1, 1_789_000_000_000, 'alice', 'bob', wire('hello')),
      message(2, 1_789_000_000_500, 'alice', 'bob', wire('two\nlines')),
      end,
    ],
  },
  {
    name: 'a block of messages of a room',
    asked: ['history'],
    bytes: wire('200 #garden 1\r\n* 7 0 carol #garden  sp aces \r\n\r\n'),
    value: [status(200, '#garden 1'), message(7, 0, 'carol', '#garden', wire(' sp aces ')), end],
  },
  {
    name: 'messages with every escape, and one that looks like an end of block',
    asked: ['deliver'],
    bytes: wire('200 bob 2\r\n* 1 2 a b \\\\\\r\\n\r\n* 2 2 a b \\r\\n\\r\\n\r\n\r\n'),
    value: [
      status(200, 'bob 2'),
      message(1, 2, 'a', 'b', wire('\\\r\n')),
      message(2, 2, 'a', 'b', wire('\r\n\r\n')),
      end,
    ],
  },
  {
    name: 'a message beyond ASCII, of the largest numbers',
    asked: ['takeover'],
    bytes: wire('200 b 1\r\n* 9007199254740991 9007199254740991 a b ', [0xf0, 0x9f, 0x94, 0x91], '\r\n\r\n'),
    value: [
      status(200, 'b 1'),
      message(9_007_199_254_740_991, 9_007_199_254_740_991, 'a', 'b', wire([0xf0, 0x9f, 0x94, 0x91])),
      end,
    ],
  },
  {
    name: 'a block of usernames',
    asked: ['list'],
    bytes: wire('200 2 1\r\nalice\r\nBob_2.x-y\r\n\r\n'),
    value: [status(200, '2 1'), item('alice'), item('Bob_2.x-y'), end],
  },
  {
    name: 'a block of text, which may look like a message, a notice or a status',
    asked: ['help'],
    bytes: wire('200 4\r\n 6 help [command]\r\n* no message\r\n! no notice\r\n404 no status\r\n\r\n'),
    value: [
      status(200, '4'),
      item(' 6 help [command]'),
      item('* no message'),
      item('! no notice'),
      item('404 no status'),
      end,
    ],
  },
  {
    name: 'an empty block of messages',
    asked: ['login'],
    bytes: wire('200 bob 0\r\n\r\n'),
    value: [status(200, 'bob 0'), end],
  },
  { name: 'an empty block of names', asked: ['who'], bytes: wire('200 0 0\r\n\r\n'), value: [status(200, '0 0'), end] },
  ...(['login', 'deliver', 'delete', 'takeover', 'history', 'list', 'who', 'members', 'help'] as const).map(
    (command): ReplyVector => ({
      name: `a failure of ${command}, which is a block`,
      asked: [command],
      bytes: wire('401 wrong name or password\r\n\r\n'),
      value: [status(401, 'wrong name or password'), end],
    }),
  ),
  {
    name: 'an event while nothing is asked',
    asked: [],
    bytes: wire('* 3 1789000009000 alice bob are you there?\r\n'),
    value: [message(3, 1_789_000_009_000, 'alice', 'bob', wire('are you there?'), event)],
  },
  {
    name: 'events before, between and after replies',
    asked: ['send', 'ping'],
    bytes: wire('* 1 5 a b x\r\n200 18 live\r\n* 2 5 a #r y\r\n! 250 a 18\r\n200 t\r\n* 3 5 a b z\r\n'),
    value: [
      message(1, 5, 'a', 'b', wire('x'), event),
      status(200, '18 live'),
      message(2, 5, 'a', '#r', wire('y'), event),
      notice(250, 'a 18'),
      status(200, 't'),
      message(3, 5, 'a', 'b', wire('z'), event),
    ],
  },
  {
    name: 'a message of a block and an event right after it',
    asked: ['login'],
    bytes: wire('200 b 1\r\n* 1 5 a b x\r\n\r\n* 2 5 a b y\r\n'),
    value: [status(200, 'b 1'), message(1, 5, 'a', 'b', wire('x')), end, message(2, 5, 'a', 'b', wire('y'), event)],
  },
  {
    name: 'every notice',
    asked: [],
    bytes: wire('! 503 closing in 5 s\r\n! 409 taken over\r\n! 408 idle\r\n! 250 #garden 18\r\n'),
    value: [notice(503, 'closing in 5 s'), notice(409, 'taken over'), notice(408, 'idle'), notice(250, '#garden 18')],
  },
  {
    name: 'replies to requests in a row, lines and blocks, an ack without one among them',
    asked: ['hello', 'login', 'ack', 'send', 'list', 'ack', 'quit'],
    bytes: wire(
      '200 chateau/1.0 ack body=65536\r\n',
      '200 bob 1\r\n* 1 5 a bob hi\r\n\r\n',
      '202 4 queued\r\n',
      '200 1 0\r\nalice\r\n\r\n',
      '200\r\n',
    ),
    value: [
      status(200, 'chateau/1.0 ack body=65536'),
      status(200, 'bob 1'),
      message(1, 5, 'a', 'bob', wire('hi')),
      end,
      status(202, '4 queued'),
      status(200, '1 0'),
      item('alice'),
      end,
      status(200),
    ],
  },
];

/** Lines that our server does not write, but that mean something all the same. */
export const tolerantReplyVectors: readonly ReplyVector[] = [
  {
    name: 'lines that end in LF',
    asked: ['login', 'ping'],
    bytes: wire('200 b 1\n* 1 5 a b x\n\n! 408 idle\n200 t\n'),
    value: [status(200, 'b 1'), message(1, 5, 'a', 'b', wire('x')), end, notice(408, 'idle'), status(200, 't')],
  },
  { name: 'a status with a space after it', asked: ['ping'], bytes: wire('200 \r\n'), value: [status(200)] },
  { name: 'a notice without text', asked: [], bytes: wire('! 408\r\n'), value: [notice(408, '')] },
  {
    name: 'a message without a body',
    asked: [],
    bytes: wire('* 1 5 a b \r\n'),
    value: [message(1, 5, 'a', 'b', wire(), event)],
  },
  {
    name: 'a message whose body is not UTF-8, which must not keep the next one from coming',
    asked: [],
    bytes: wire('* 1 5 a b ', [0xff], '\r\n* 2 5 a b y\r\n'),
    value: [message(1, 5, 'a', 'b', wire([0xff]), event), message(2, 5, 'a', 'b', wire('y'), event)],
  },
];
