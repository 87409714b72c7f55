/** Messages of the gRPC wire and their bytes, as the encoding of protocol buffers says: a key is the field's number times
 *  eight plus its wire type, 0 for a varint and 2 for a length and so many bytes. */

import { type Vector, wire } from './wire';

/** What a client sends, with the defaults of what it leaves out. */
export interface RequestVector extends Vector<object> {
  readonly call: string;
}

/** What a server sends. */
export type ReplyVector = RequestVector;

const noExtras = { device: '', ack: false, takeover: false, token_only: false };
const noPlace = { seq: '0', time: '0', log: '', key: '' };

export const grpcRequestVectors: readonly RequestVector[] = [
  {
    name: 'a login of the existing client',
    call: 'LoginAccount',
    bytes: wire([0x0a, 3], 'bob', [0x12, 2], 'pw'),
    value: { username: 'bob', password: 'pw', ...noExtras },
  },
  {
    name: 'a login with everything',
    call: 'LoginAccount',
    bytes: wire([0x0a, 3], 'bob', [0x12, 2], 'pw', [0x1a, 5], 'phone', [0x20, 1, 0x28, 1, 0x30, 1]),
    value: { username: 'bob', password: 'pw', device: 'phone', ack: true, takeover: true, token_only: true },
  },
  {
    name: 'fields in another order',
    call: 'CreateAccount',
    bytes: wire([0x12, 2], 'pw', [0x0a, 3], 'bob'),
    value: { username: 'bob', password: 'pw', ...noExtras },
  },
  {
    name: 'a field that nobody knows',
    call: 'LogoutAccount',
    bytes: wire([0x0a, 3], 'bob', [0xfa, 0x07, 4], 'what'),
    value: { username: 'bob' },
  },
  { name: 'a name that was left out', call: 'DeleteAccount', bytes: wire(), value: { username: '' } },
  { name: 'nothing', call: 'ChatStream', bytes: wire(), value: {} },
  { name: 'a listing of all', call: 'ListAccounts', bytes: wire(), value: {} },
  {
    name: 'a listing with a term',
    call: 'ListAccounts',
    bytes: wire([0x0a, 2], 'bo'),
    value: { search_term: 'bo' },
  },
  { name: 'a listing with an empty term', call: 'ListAccounts', bytes: wire([0x0a, 0]), value: { search_term: '' } },
  {
    name: 'a message of the existing client',
    call: 'SendMessage',
    bytes: wire([0x0a, 5], 'alice', [0x12, 3], 'bob', [0x1a, 2], 'hi'),
    value: { fromUsername: 'alice', toUsername: 'bob', message: 'hi', ...noPlace },
  },
  {
    name: 'a message with a key, and letters that take several bytes',
    call: 'SendMessage',
    bytes: wire([0x0a, 1], 'a', [0x12, 2], '#b', [0x1a, 6, 0xc3, 0xa9, 0xf0, 0x9f, 0x98, 0x80, 0x3a, 2], 'k1'),
    value: { fromUsername: 'a', toUsername: '#b', message: 'é😀', ...noPlace, key: 'k1' },
  },
  {
    name: 'an acknowledgement of a number beyond 53 bits',
    call: 'Ack',
    bytes: wire([0x0a, 3], 'bob', [0x10, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]),
    value: { log: 'bob', seq: '18446744073709551615' },
  },
];

export const grpcReplyVectors: readonly ReplyVector[] = [
  { name: 'success', call: 'LogoutAccount', bytes: wire([0x08, 1]), value: { success: true } },
  {
    name: 'a message stored under a number',
    call: 'SendMessage',
    bytes: wire([0x08, 1, 0x20, 0xac, 0x02]),
    value: { success: true, seq: 300 },
  },
  {
    name: 'a login and its undelivered messages',
    call: 'LoginAccount',
    bytes: wire([0x08, 1, 0x28, 7]),
    value: { success: true, undelivered: 7 },
  },
  {
    name: 'a refusal',
    call: 'SendMessage',
    bytes: wire([0x08, 0, 0x12, 12], 'log in first', [0x1a, 13], 'not_logged_in'),
    value: { success: false, message: 'log in first', code: 'not_logged_in' },
  },
  {
    name: 'a message on its stream',
    call: 'ChatStream',
    bytes: wire(
      [0x0a, 5],
      'alice',
      [0x12, 3],
      'bob',
      [0x1a, 2],
      'hi',
      [0x20, 1, 0x28, 0x80, 0xc0, 0xd4, 0x98, 0xf2, 0x33, 0x32, 3],
      'bob',
    ),
    value: { fromUsername: 'alice', toUsername: 'bob', message: 'hi', seq: 1, time: 1_783_000_014_848, log: 'bob' },
  },
  {
    name: 'a listed account, without its password',
    call: 'ListAccounts',
    bytes: wire([0x0a, 3], 'bob'),
    value: { username: 'bob' },
  },
];
