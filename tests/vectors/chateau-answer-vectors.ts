/** What the WebSocket wire writes, byte by byte. @see docs/protocols/chateau.md */

import type { AddressedMessage } from '../../server/core/ports';
import type { Asked } from '../../server/protocols/chateau/answers';
import type { Dialect, RequestId } from '../../server/protocols/chateau/codec';
import type { Way } from '../../server/protocols/chateau/ways';
import { ChatError } from '../../shared/errors';

interface TextVector<Value> {
  readonly name: string;
  readonly text: string;
  readonly value: Value;
}

interface Success {
  readonly asked: Asked;
  readonly facts?: object;
  readonly more?: object;
}

function asked(type: Asked['type'], dialect: Dialect, id?: RequestId): Asked {
  return { type, dialect, id };
}

export const successVectors: readonly TextVector<Success>[] = [
  { name: 'numeric register', text: '{"status":200}', value: { asked: asked('RegisterRequest', 'numeric') } },
  {
    name: 'numeric message, of which the named dialect tells more',
    text: '{"status":200}',
    value: { asked: asked('ClientsMessage', 'numeric'), more: { seq: 1 } },
  },
  {
    name: 'numeric clients list',
    text: '{"status":200,"clients":["alice","bob"]}',
    value: { asked: asked('ClientListRequest', 'numeric'), facts: { clients: ['alice', 'bob'] } },
  },
  {
    name: 'numeric random',
    text: '{"status":200,"clients":"bob"}',
    value: { asked: asked('RandomMessageRequest', 'numeric'), facts: { clients: 'bob' }, more: { seq: 1 } },
  },
  {
    name: 'numeric, with an id',
    text: '{"status":200,"id":"a"}',
    value: { asked: asked('RegisterRequest', 'numeric', 'a') },
  },
  {
    name: 'register',
    text: '{"type":"RegisterResponse","status":200,"username":"alice","undelivered":2}',
    value: { asked: asked('RegisterRequest', 'named'), more: { username: 'alice', undelivered: 2 } },
  },
  {
    name: 'begin a chat',
    text: '{"type":"GroupMessageInitResponse","status":200}',
    value: { asked: asked('GroupMessageInitRequest', 'named') },
  },
  {
    name: 'to a chat',
    text: '{"type":"GroupMessageResponse","status":200}',
    value: { asked: asked('GroupMessageRequest', 'named') },
  },
  {
    name: 'clients list',
    text: '{"type":"ClientListResponse","status":200,"clients":["alice"]}',
    value: { asked: asked('ClientListRequest', 'named'), facts: { clients: ['alice'] } },
  },
  {
    name: 'random',
    text: '{"type":"RandomMessageResponse","status":200,"clients":"bob"}',
    value: { asked: asked('RandomMessageRequest', 'named'), facts: { clients: 'bob' } },
  },
  {
    name: 'to one, with an id',
    text: '{"type":"SingleMessageResponse","status":200,"log":"bob","seq":1,"live":true,"id":5}',
    value: { asked: asked('SingleMessageRequest', 'named', 5), more: { log: 'bob', seq: 1, live: true } },
  },
];

interface Failure {
  readonly error: ChatError;
  readonly dialect: Dialect;
  readonly id?: RequestId;
}

export const failureVectors: readonly TextVector<Failure>[] = [
  {
    name: 'numeric, generic',
    text: '{"status":400}',
    value: { error: new ChatError('frame_invalid'), dialect: 'numeric' },
  },
  {
    name: 'numeric, not registered',
    text: '{"status":400}',
    value: { error: new ChatError('not_logged_in'), dialect: 'numeric' },
  },
  {
    name: 'numeric, nobody of that name',
    text: '{"status":400,"id":1}',
    value: { error: new ChatError('recipient_unknown'), dialect: 'numeric', id: 1 },
  },
  {
    name: 'numeric, the name is taken',
    text: '{"status":302}',
    value: { error: new ChatError('name_taken'), dialect: 'numeric' },
  },
  {
    name: 'numeric, registered already',
    text: '{"status":302}',
    value: { error: new ChatError('already_logged_in'), dialect: 'numeric' },
  },
  {
    name: 'numeric, no socket',
    text: '{"status":300}',
    value: { error: new ChatError('closing'), dialect: 'numeric' },
  },
  {
    name: 'not registered',
    text: '{"type":"ErrorResponse","status":301,"message":"log in first","code":"not_logged_in"}',
    value: { error: new ChatError('not_logged_in'), dialect: 'named' },
  },
  {
    name: 'the name is taken, with an id',
    text: '{"type":"ErrorResponse","status":302,"message":"the name bob is taken","code":"name_taken","id":"x"}',
    value: { error: new ChatError('name_taken', { name: 'bob' }), dialect: 'named', id: 'x' },
  },
  {
    name: 'no such chat, called by its own name',
    text: '{"type":"ErrorResponse","status":404,"message":"no account or room my friends","code":"recipient_unknown"}',
    value: { error: new ChatError('recipient_unknown', { name: '#0_my_20friends' }), dialect: 'named' },
  },
];

interface Event {
  readonly dialect: Dialect;
  readonly message: AddressedMessage;
  readonly way?: Way;
}

/** A message for bob. */
function message(to: string, seq: number, content: string): AddressedMessage {
  const at = 1_789_000_000_000;
  return { to, seq, at, from: 'alice', body: new TextEncoder().encode(content) } as unknown as AddressedMessage;
}

export const eventVectors: readonly TextVector<Event>[] = [
  {
    name: 'numeric message',
    text: '{"status":200,"type":3,"sender":"alice","clients":["bob"],"content":"hi"}',
    value: { dialect: 'numeric', message: message('bob', 1, 'hi') },
  },
  {
    name: 'numeric message to several',
    text: '{"status":200,"type":3,"sender":"alice","clients":["bob","carol"],"content":"hi"}',
    value: {
      dialect: 'numeric',
      message: message('bob', 1, 'hi'),
      way: { kind: 'several', clients: ['bob', 'carol'] },
    },
  },
  {
    name: 'numeric random message',
    text: '{"status":200,"type":5,"sender":"alice","content":"hi"}',
    value: { dialect: 'numeric', message: message('bob', 1, 'hi'), way: { kind: 'random' } },
  },
  {
    name: 'numeric message of a chat',
    text: '{"status":200,"type":3,"sender":"alice","clients":["bob"],"content":"hi","chatname":"my friends"}',
    value: { dialect: 'numeric', message: message('#0_my_20friends', 1, 'hi') },
  },
  {
    name: 'message',
    text: '{"type":"SingleMessageRecvResponse","status":200,"sender":"alice","content":"a\\"\\n\u00e9","log":"bob","seq":7,"time":1789000000000}',
    value: { dialect: 'named', message: message('bob', 7, 'a"\n\u00e9') },
  },
  {
    name: 'message to several',
    text: '{"type":"SingleMessageRecvResponse","status":200,"sender":"alice","content":"hi","log":"bob","seq":1,"time":1789000000000}',
    value: { dialect: 'named', message: message('bob', 1, 'hi'), way: { kind: 'several', clients: ['bob', 'carol'] } },
  },
  {
    name: 'random message',
    text: '{"type":"RandomMessageRecv","status":200,"sender":"alice","content":"hi","log":"bob","seq":1,"time":1789000000000}',
    value: { dialect: 'named', message: message('bob', 1, 'hi'), way: { kind: 'random' } },
  },
  {
    name: 'the first message of a chat',
    text: '{"type":"GroupMessageRecv","status":201,"sender":"alice","content":"hi","chatname":"garden","log":"#garden","seq":1,"time":1789000000000}',
    value: { dialect: 'named', message: message('#garden', 1, 'hi') },
  },
  {
    name: 'a later message of a chat whose name is no room\u2019s',
    text: '{"type":"GroupMessageRecv","status":200,"sender":"alice","content":"hi","chatname":"my friends","log":"#0_my_20friends","seq":2,"time":1789000000000}',
    value: { dialect: 'named', message: message('#0_my_20friends', 2, 'hi') },
  },
];
