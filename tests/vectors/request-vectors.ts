/** cmap version 2 requests, every row of the table. @see docs/protocol.md#requests */

import type { Request } from '../../shared/cmap';
import { type Vector, wire } from './wire';

export interface RequestVector extends Vector<Request> {
  /** The capability `keys` was negotiated. */
  readonly keys?: true;
}

/** As our clients write them: by opcode, ended by LF. */
export const requestVectors: readonly RequestVector[] = [
  {
    name: 'create',
    bytes: wire('0 alice secret\n'),
    value: { command: 'create', username: 'alice', password: 'secret' },
  },
  {
    name: 'create, a password with spaces',
    bytes: wire('0 alice correct horse  battery \n'),
    value: { command: 'create', username: 'alice', password: 'correct horse  battery ' },
  },
  {
    name: 'create, a password beyond ASCII',
    bytes: wire('0 alice p', [0xc3, 0xa4], [0xf0, 0x9f, 0x94, 0x91], '\n'),
    value: { command: 'create', username: 'alice', password: 'p\u00e4\u{1f511}' },
  },
  { name: 'list, everything', bytes: wire('1\n'), value: { command: 'list' } },
  { name: 'list, a pattern', bytes: wire('1 al*\n'), value: { command: 'list', pattern: 'al*' } },
  {
    name: 'list, the next page',
    bytes: wire('1 a alice\n'),
    value: { command: 'list', pattern: 'a', after: 'alice' },
  },
  { name: 'login', bytes: wire('2 bob pw\n'), value: { command: 'login', username: 'bob', password: 'pw' } },
  { name: 'send', bytes: wire('3 bob hello\n'), value: { command: 'send', to: 'bob', body: wire('hello') } },
  {
    name: 'send, to a room, a body with spaces at both ends',
    bytes: wire('3 #garden  two  words \n'),
    value: { command: 'send', to: '#garden', body: wire(' two  words ') },
  },
  {
    name: 'send, a body with every escape',
    bytes: wire('3 bob a\\nb\\rc\\\\d\\\\n\n'),
    value: { command: 'send', to: 'bob', body: wire('a', [0x0a], 'b', [0x0d], 'c', [0x5c], 'd', [0x5c], 'n') },
  },
  {
    name: 'send, a body of a byte order mark, two, three and four bytes a character',
    bytes: wire('3 bob ', [0xef, 0xbb, 0xbf], [0xc2, 0x80], [0xe2, 0x82, 0xac], [0xf4, 0x8f, 0xbf, 0xbf], '\n'),
    value: {
      command: 'send',
      to: 'bob',
      body: wire([0xef, 0xbb, 0xbf], [0xc2, 0x80], [0xe2, 0x82, 0xac], [0xf4, 0x8f, 0xbf, 0xbf]),
    },
  },
  {
    name: 'send with a key',
    keys: true,
    bytes: wire('3 bob k7f3 hello there\n'),
    value: { command: 'send', to: 'bob', key: 'k7f3', body: wire('hello there') },
  },
  {
    name: 'send where keys were not asked for: what looks like a key is the body',
    bytes: wire('3 bob k7f3 hello\n'),
    value: { command: 'send', to: 'bob', body: wire('k7f3 hello') },
  },
  { name: 'delete', bytes: wire('4 bob pw\n'), value: { command: 'delete', username: 'bob', password: 'pw' } },
  { name: 'deliver', bytes: wire('5\n'), value: { command: 'deliver' } },
  { name: 'deliver, a name alone', bytes: wire('5 bob\n'), value: { command: 'deliver', username: 'bob' } },
  {
    name: 'deliver, with name and password',
    bytes: wire('5 bob p w\n'),
    value: { command: 'deliver', username: 'bob', password: 'p w' },
  },
  { name: 'help', bytes: wire('6\n'), value: { command: 'help' } },
  { name: 'help about one command', bytes: wire('6 send\n'), value: { command: 'help', topic: 'send' } },
  { name: 'hello', bytes: wire('7 2\n'), value: { command: 'hello', version: '2', capability: [] } },
  {
    name: 'hello, with capabilities',
    bytes: wire('7 2 ack keys receipts device=phone client=chateau/1.0\n'),
    value: {
      command: 'hello',
      version: '2',
      capability: ['ack', 'keys', 'receipts', 'device=phone', 'client=chateau/1.0'],
    },
  },
  { name: 'logout', bytes: wire('8\n'), value: { command: 'logout' } },
  { name: 'ack', bytes: wire('9 bob 18\n'), value: { command: 'ack', log: 'bob', seq: 18 } },
  {
    name: 'ack, the largest number',
    bytes: wire('9 #garden 9007199254740991\n'),
    value: { command: 'ack', log: '#garden', seq: 9_007_199_254_740_991 },
  },
  { name: 'history', bytes: wire('10 bob\n'), value: { command: 'history', with: 'bob' } },
  { name: 'history, a page', bytes: wire('10 bob 90\n'), value: { command: 'history', with: 'bob', before: 90 } },
  {
    name: 'history, a page of some length',
    bytes: wire('10 #garden 0 7\n'),
    value: { command: 'history', with: '#garden', before: 0, limit: 7 },
  },
  { name: 'who', bytes: wire('11\n'), value: { command: 'who' } },
  { name: 'who, a pattern with a space', bytes: wire('11 a b\n'), value: { command: 'who', pattern: 'a b' } },
  { name: 'room, alone in it', bytes: wire('12 #garden\n'), value: { command: 'room', room: '#garden', member: [] } },
  {
    name: 'room, with members',
    bytes: wire('12 #garden bob carol\n'),
    value: { command: 'room', room: '#garden', member: ['bob', 'carol'] },
  },
  { name: 'join', bytes: wire('13 #garden\n'), value: { command: 'join', room: '#garden' } },
  { name: 'leave', bytes: wire('14 #garden\n'), value: { command: 'leave', room: '#garden' } },
  { name: 'members', bytes: wire('15 #garden\n'), value: { command: 'members', room: '#garden' } },
  { name: 'random', bytes: wire('16 hi there\n'), value: { command: 'random', body: wire('hi there') } },
  { name: 'passwd', bytes: wire('17 old new one\n'), value: { command: 'passwd', old: 'old', new: 'new one' } },
  { name: 'ping', bytes: wire('18\n'), value: { command: 'ping' } },
  { name: 'ping with a token', bytes: wire('18 7 of 9\n'), value: { command: 'ping', token: '7 of 9' } },
  { name: 'quit', bytes: wire('19\n'), value: { command: 'quit' } },
  { name: 'takeover', bytes: wire('20 bob pw\n'), value: { command: 'takeover', username: 'bob', password: 'pw' } },
  { name: 'block', bytes: wire('21 mallory\n'), value: { command: 'block', username: 'mallory' } },
  { name: 'unblock', bytes: wire('22 mallory\n'), value: { command: 'unblock', username: 'mallory' } },
];

/** As a person may write them too: read, never written. */
export const typedRequestVectors: readonly RequestVector[] = [
  { name: 'the end of a line is CRLF', bytes: wire('9 bob 18\r\n'), value: { command: 'ack', log: 'bob', seq: 18 } },
  {
    name: 'of two CR one belongs to the body',
    bytes: wire('3 bob hi\r\r\n'),
    value: { command: 'send', to: 'bob', body: wire('hi', [0x0d]) },
  },
  {
    name: 'a CR inside the line is part of its argument',
    bytes: wire('3 bob a\rb\n'),
    value: { command: 'send', to: 'bob', body: wire('a', [0x0d], 'b') },
  },
  {
    name: 'a number with leading zeros',
    bytes: wire('10 bob 007\n'),
    value: { command: 'history', with: 'bob', before: 7 },
  },
  {
    name: 'an empty argument between two spaces',
    bytes: wire('0  pw\n'),
    value: { command: 'create', username: '', password: 'pw' },
  },
  { name: 'an empty last argument', bytes: wire('18 \n'), value: { command: 'ping', token: '' } },
  {
    name: 'two spaces between words',
    bytes: wire('12 #garden bob  carol\n'),
    value: { command: 'room', room: '#garden', member: ['bob', '', 'carol'] },
  },
];
