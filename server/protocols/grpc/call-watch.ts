/** What every call passes through, those of reflection and health too. */

import { ServerInterceptingCall, type ServerInterceptor } from '@grpc/grpc-js';
import type { Connections } from './connections';

/** Requests of one stream that are answered before the client has taken an answer. */
const unansweredMax = 16;

/** Notes that a connection is used, and lets a stream of requests wait while its client takes no answer: the reflection
 *  service answers each request at once and would gather answers without a bound. */
export function watchCalls(connections: Connections): ServerInterceptor {
  return (method, call) => {
    connections.find(call)?.used();
    if (!method.requestStream) return new ServerInterceptingCall(call);
    let unanswered = 0;
    // No more is read before this one is passed on.
    let passHeld: (() => void) | undefined;
    return new ServerInterceptingCall(call, {
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
  };
}
