/** The gRPC service put together: its calls, reflection and health, behind whatever connections it is given.
 *
 *  This module and what it imports cost some 17 MB, so it is loaded when the first client comes. */

import type { Http2Server, ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import {
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { HealthImplementation, protoPath as healthProtoPath } from 'grpc-health-check';
import { bounds, limits } from '../../../shared/limits';
import type { Chat } from '../../core/chat';
import { AccountCalls } from './account-calls';
import { watchCalls } from './call-watch';
import type { Connections, GrpcConnection } from './connections';
import { chatServiceName, chatServiceOf, loadChatPackage, loading } from './definition';
import type { Identities } from './identities';
import { MessageCalls } from './message-calls';
import { pingTimeoutMs, SessionWatch } from './session-watch';
import { asChatError, grpcStatusOf, refusalOf } from './statuses';
import type {
  AccountRequest,
  AckRequest,
  ChatMessage,
  CommonResponse,
  ListedAccount,
  ListRequest,
  SendRequest,
  UserRequest,
} from './wire';

/** Calls of one connection at a time: each may hold a message that it has not got all of. */
const concurrentCallsMax = 32;
/** What a request may take: a body, with room for one that is too long to be told so. */
const requestBytesMax = 2 * limits.bodyBytesMax;

export interface GrpcServiceNeeds {
  readonly chat: Chat;
  readonly connections: Connections;
  readonly identities: Identities;
  readonly relief: () => Promise<void>;
}

export interface GrpcService {
  /** Serves calls on this connection, whose socket this is; a TLS one has shaken hands. */
  serve(connection: GrpcConnection, socket: Socket): void;
  /** Lets calls under way go on, takes no new ones, and closes each connection that has none. */
  drain(): void;
}

export function createGrpcService(needs: GrpcServiceNeeds): GrpcService {
  const server = new Server({
    'grpc.enable_channelz': 0,
    'grpc.max_concurrent_streams': concurrentCallsMax,
    'grpc.max_receive_message_length': requestBytesMax,
    // A client that vanished without a word would stay logged in for ever.
    'grpc.keepalive_time_ms': bounds.keepAliveMs,
    'grpc.keepalive_timeout_ms': pingTimeoutMs,
    interceptors: [watchCalls(needs.connections)],
  });
  const definition = { ...loadChatPackage(), ...loadSync(healthProtoPath, loading) };
  server.addService(chatServiceOf(definition), handlers(needs));
  const health = new HealthImplementation({ '': 'SERVING', [chatServiceName]: 'SERVING' });
  health.addToServer(server);
  new ReflectionService(definition).addToServer(server);
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  return {
    serve: (connection, socket) => {
      const watch = (session: ServerHttp2Session): void => {
        connection.watch = new SessionWatch(session, socket);
      };
      for (const http2 of http2ServersOf(server)) http2.once('session', watch);
      injector.injectConnection(socket);
      for (const http2 of http2ServersOf(server)) http2.off('session', watch);
    },
    drain: () => {
      for (const service of ['', chatServiceName]) health.setStatus(service, 'NOT_SERVING');
      injector.drain(bounds.closingMs);
    },
  };
}

/** The HTTP/2 servers inside, which grpc-js keeps to itself: only they tell the session of a connection. */
function http2ServersOf(server: Server): Iterable<Http2Server> {
  const { http2Servers } = server as unknown as { readonly http2Servers?: ReadonlyMap<Http2Server, unknown> };
  return http2Servers?.keys() ?? [];
}

function handlers(needs: GrpcServiceNeeds) {
  const { chat, identities } = needs;
  const accounts = new AccountCalls(chat, identities);
  const messages = new MessageCalls(needs);

  function unary<Request>(answer: (call: ServerUnaryCall<Request, CommonResponse>) => MaybePromise<CommonResponse>) {
    return async (
      call: ServerUnaryCall<Request, CommonResponse>,
      callback: sendUnaryData<CommonResponse>,
    ): Promise<void> => {
      try {
        callback(null, await answer(call));
      } catch (error) {
        callback(null, refusalOf(asChatError(error, chat.logger)));
      }
    };
  }

  function streaming<Request, Reply>(run: (call: ServerWritableStream<Request, Reply>) => MaybePromise<void>) {
    return async (call: ServerWritableStream<Request, Reply>): Promise<void> => {
      try {
        await run(call);
      } catch (error) {
        const { code, message } = asChatError(error, chat.logger);
        call.emit('error', { code: grpcStatusOf(code), details: message });
      }
    };
  }

  return {
    CreateAccount: unary<AccountRequest>((call) => accounts.create(call)),
    DeleteAccount: unary<UserRequest>((call) => accounts.remove(call)),
    LoginAccount: unary<AccountRequest>((call) => accounts.login(call)),
    LogoutAccount: unary<UserRequest>((call) => accounts.logout(call)),
    ListAccounts: streaming<ListRequest, ListedAccount>((call) => messages.list(call)),
    SendMessage: unary<SendRequest>((call) => messages.send(call)),
    ChatStream: streaming<object, ChatMessage>((call) => messages.stream(call)),
    DeliverMessages: unary<UserRequest>((call) => messages.deliver(call)),
    Ack: unary<AckRequest>((call) => messages.ack(call)),
  };
}

type MaybePromise<Value> = Value | Promise<Value>;
