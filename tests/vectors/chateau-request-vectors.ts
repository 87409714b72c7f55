/** Frames of the WebSocket wire that ask for something, and what they ask for. @see docs/protocols/chateau.md#requests */

import type { Dialect, RequestId } from '../../server/protocols/chateau/codec';
import type { Request } from '../../server/protocols/chateau/requests';
import type { ErrorCode } from '../../shared/errors';

export interface ChateauRequestVector {
  readonly name: string;
  readonly text: string;
  readonly value: { readonly request: Request; readonly dialect: Dialect; readonly id: RequestId | undefined };
}

function numeric(name: string, text: string, request: Request, id?: RequestId): ChateauRequestVector {
  return { name, text, value: { request, dialect: 'numeric', id } };
}

function named(name: string, text: string, request: Request, id?: RequestId): ChateauRequestVector {
  return { name, text, value: { request, dialect: 'named', id } };
}

const none = undefined;

export const numericRequestVectors: readonly ChateauRequestVector[] = [
  numeric('register', '{"type":1,"username":"alice"}', { type: 'RegisterRequest', username: 'alice' } as Request),
  numeric('register with a password, which this dialect has not', '{"type":1,"username":"alice","password":"pw"}', {
    type: 'RegisterRequest',
    username: 'alice',
  } as Request),
  numeric('message', '{"type":3,"clients":["bob","carol"],"content":"hi"}', {
    type: 'ClientsMessage',
    clients: ['bob', 'carol'],
    content: 'hi',
  }),
  numeric('message, recipients', '{"type":3,"recipients":["bob"],"content":"hi"}', {
    type: 'ClientsMessage',
    clients: ['bob'],
    content: 'hi',
  }),
  numeric(
    'message, recipients beside clients that are null',
    '{"type":3,"clients":null,"recipients":["bob"],"content":"hi"}',
    {
      type: 'ClientsMessage',
      clients: ['bob'],
      content: 'hi',
    },
  ),
  numeric('message, one name', '{"type":3,"clients":"bob","content":"hi"}', {
    type: 'ClientsMessage',
    clients: ['bob'],
    content: 'hi',
  }),
  numeric('clients list', '{"type":4}', { type: 'ClientListRequest' }),
  numeric('clients list with an id', '{"id":7,"type":4}', { type: 'ClientListRequest' }, 7),
  numeric('random', '{"type":5,"content":"hi"}', { type: 'RandomMessageRequest', content: 'hi' }),
];

export const namedRequestVectors: readonly ChateauRequestVector[] = [
  named('register as a guest', '{"type":"RegisterRequest","username":"alice"}', {
    type: 'RegisterRequest',
    username: 'alice',
    password: none,
  }),
  named('register with a password', '{"type":"RegisterRequest","username":"alice","password":"p w"}', {
    type: 'RegisterRequest',
    username: 'alice',
    password: 'p w',
  }),
  named('begin a chat', '{"type":"GroupMessageInitRequest","recipients":["bob"],"content":"hi","chatname":"a b"}', {
    type: 'GroupMessageInitRequest',
    recipients: ['bob'],
    content: 'hi',
    chatname: 'a b',
  }),
  named('to a chat', '{"type":"GroupMessageRequest","chatname":"garden","content":"hi"}', {
    type: 'GroupMessageRequest',
    chatname: 'garden',
    content: 'hi',
    key: none,
  }),
  named('clients list', '{"type":"ClientListRequest"}', { type: 'ClientListRequest' }),
  named('random', '{"type":"RandomMessageRequest","content":"hi"}', { type: 'RandomMessageRequest', content: 'hi' }),
  named('to one', '{"type":"SingleMessageRequest","recipient":"bob","content":"hi"}', {
    type: 'SingleMessageRequest',
    recipient: 'bob',
    content: 'hi',
    key: none,
  }),
  named(
    'to one, with a key, an id, and keys that nobody knows',
    ' { "id":"a1", "more":[[{}]], "type":"SingleMessageRequest","recipient":"bob","content":"\\u00e9\\ud83d\\udd11\\n","key":"k" } ',
    { type: 'SingleMessageRequest', recipient: 'bob', content: 'é🔑\n', key: 'k' },
    'a1',
  ),
  named('create', '{"type":"CreateRequest","username":"alice","password":"pw"}', {
    type: 'CreateRequest',
    username: 'alice',
    password: 'pw',
  }),
  named(
    'log in, with everything',
    '{"type":"LoginRequest","username":"alice","password":"pw","device":"d","takeover":true,"ack":true,"receipts":false}',
    {
      type: 'LoginRequest',
      username: 'alice',
      password: 'pw',
      device: 'd',
      takeover: true,
      ack: true,
      receipts: false,
    },
  ),
  named('log out', '{"type":"LogoutRequest"}', { type: 'LogoutRequest' }),
  named('change the password', '{"type":"PasswordRequest","password":"a","newPassword":"b"}', {
    type: 'PasswordRequest',
    password: 'a',
    newPassword: 'b',
  }),
  named('delete', '{"type":"DeleteRequest","password":"pw"}', { type: 'DeleteRequest', password: 'pw' }),
  named('block', '{"type":"BlockRequest","username":"bob"}', { type: 'BlockRequest', username: 'bob' }),
  named('unblock', '{"type":"UnblockRequest","username":"bob"}', { type: 'UnblockRequest', username: 'bob' }),
  named('list', '{"type":"ListRequest","pattern":"a*","after":"al"}', {
    type: 'ListRequest',
    pattern: 'a*',
    after: 'al',
  }),
  named('list, nulls', '{"type":"ListRequest","pattern":null,"after":null}', {
    type: 'ListRequest',
    pattern: none,
    after: none,
  }),
  named('who', '{"type":"WhoRequest"}', { type: 'WhoRequest', pattern: none }),
  named('make a chat', '{"type":"ChatCreateRequest","chatname":"garden"}', {
    type: 'ChatCreateRequest',
    chatname: 'garden',
    recipients: none,
  }),
  named('join a chat', '{"type":"ChatJoinRequest","chatname":"garden"}', {
    type: 'ChatJoinRequest',
    chatname: 'garden',
  }),
  named('leave a chat', '{"type":"ChatLeaveRequest","chatname":"garden"}', {
    type: 'ChatLeaveRequest',
    chatname: 'garden',
  }),
  named('members of a chat', '{"type":"ChatMembersRequest","chatname":"garden"}', {
    type: 'ChatMembersRequest',
    chatname: 'garden',
  }),
  named('history', '{"type":"HistoryRequest","with":"bob","before":9,"limit":2}', {
    type: 'HistoryRequest',
    with: 'bob',
    chatname: none,
    before: 9,
    limit: 2,
  }),
  named('acknowledge', '{"type":"Ack","log":"#garden","seq":3}', { type: 'Ack', log: '#garden', seq: 3 }),
];

export interface ChateauFailureVector {
  readonly name: string;
  readonly text: string;
  readonly value: { readonly code: ErrorCode; readonly dialect: Dialect | undefined; readonly id?: RequestId };
}

function bad(name: string, text: string, code: ErrorCode, dialect?: Dialect, id?: RequestId): ChateauFailureVector {
  return { name, text, value: { code, dialect, ...(id !== undefined && { id }) } };
}

export const chateauFailureVectors: readonly ChateauFailureVector[] = [
  bad('nothing', '', 'frame_invalid'),
  bad('words', 'hello', 'frame_invalid'),
  bad('half an object', '{"type":1', 'frame_invalid'),
  bad('a list', '[]', 'frame_invalid'),
  bad('a text', '"type"', 'frame_invalid'),
  bad('null', 'null', 'frame_invalid'),
  bad('no type', '{"username":"alice","id":3}', 'frame_invalid', none, 3),
  bad('a type that is neither word nor number', '{"type":true}', 'frame_invalid'),
  bad('100,000 lists in each other', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'frame_invalid'),
  bad('an unknown word', '{"type":"JumpRequest"}', 'command_unknown', 'named'),
  bad('a word that every object has', '{"type":"constructor"}', 'command_unknown', 'named'),
  bad('the type of a value that has no word', '{"type":"ClientsMessage"}', 'command_unknown', 'named'),
  bad('an unknown number', '{"type":2,"id":"x"}', 'command_unknown', 'numeric', 'x'),
  bad('a number that is not whole', '{"type":1.5}', 'command_unknown', 'numeric'),
  bad('an argument is missing', '{"type":1}', 'arguments_missing', 'numeric'),
  bad('an argument is null', '{"type":"RegisterRequest","username":null}', 'arguments_missing', 'named'),
  bad('a name is a number', '{"type":"RegisterRequest","username":1}', 'arguments_missing', 'named'),
  bad('an argument that only the prototype has', '{"type":"BlockRequest","toString":1}', 'arguments_missing', 'named'),
  bad('names with a number among them', '{"type":3,"clients":["a",1],"content":"hi"}', 'arguments_missing', 'numeric'),
  bad('half a character', '{"type":5,"content":"\\ud800"}', 'arguments_missing', 'numeric'),
  bad(
    'a flag is a word',
    '{"type":"LoginRequest","username":"a","password":"b","ack":"yes"}',
    'arguments_missing',
    'named',
  ),
  bad('a number is negative', '{"type":"Ack","log":"a","seq":-1}', 'number_invalid', 'named'),
  bad('a number is not whole', '{"type":"HistoryRequest","with":"a","limit":1.5}', 'number_invalid', 'named'),
  bad('an id that is an object is not kept', '{"type":2,"id":{}}', 'command_unknown', 'numeric'),
  bad('an id that is too long is not kept', `{"type":2,"id":"${'x'.repeat(65)}"}`, 'command_unknown', 'numeric'),
];
