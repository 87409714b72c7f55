/** What every call passes through, those of reflection and health too. */

import { type Responder, ServerInterceptingCall, type ServerInterceptor } from '@grpc/grpc-js';
import { type CallPeer, type Connections, connectionName } from './connections';

/** Requests of one stream that are answered before the client has taken an answer. */
const unansweredMax = 16;

type BareCall = Parameters<ServerInterceptor>[1];

/** A call whose peer is its connection. By itself it names the other end alone, which others may have too. */
class CallOfConnection extends ServerInterceptingCall implements CallPeer {
  private readonly connection: string;

  constructor(call: BareCall, responder?: Responder) {
    super(call, responder);
    this.connection = connectionName(call.getConnectionInfo());
  }

  override getPeer(): string {
    return this.connection;
  }
}

/** Lets each call tell its connection, and notes that this is used. */
export function watchCalls(connections: Connections): ServerInterceptor {
  return (method, call) => {
    const watched = method.requestStream ? withoutHoarding(call) : new CallOfConnection(call);
    connections.find(watched)?.used();
    return watched;
  };
}

/** Lets a stream of requests wait while its client takes no answer: the reflection service answers each request at once
 *  and would gather answers without a bound. */
function withoutHoarding(call: BareCall): CallOfConnection {
  let unanswered = 0;
  // No more is read before this one is passed on.
  let passHeld: (() => void) | undefined;
  return new CallOfConnection(call, {
    start: (next) =>
      next({
        onReceiveMessage: (message, pass) => {
          passHeld = () => {
            if (unanswered >= unansweredMax) return;
            unanswered += 1;
            passHeld = undefined;
            pass(message);
          };
          passHeld();
        },
      }),
    sendMessage: (message, next) => {
      unanswered -= 1;
      next(message);
      passHeld?.();
    },
  });
}
