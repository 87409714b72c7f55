import type { ServerInterceptingCall } from '@grpc/grpc-js';
import { watchCalls } from './call-watch';
import { Connections } from './connections';

type Listener = Parameters<ServerInterceptingCall['start']>[0];

test('a stream of requests is passed on only as far ahead of its answers as may be', () => {
  let below: Listener | undefined;
  const sent: unknown[] = [];
  const call = {
    getConnectionInfo: () => ({}),
    sendMetadata: () => undefined,
    start: (listener: Listener) => {
      below = listener;
    },
    sendMessage: (message: unknown) => sent.push(message),
    startRead: () => undefined,
  } as unknown as ServerInterceptingCall;
  const method = { requestStream: true, responseStream: true } as never;
  const watched = watchCalls(new Connections())(method, call);
  const passed: number[] = [];
  watched.start({
    onReceiveMetadata: () => undefined,
    onReceiveMessage: (message: number) => passed.push(message),
    onReceiveHalfClose: () => undefined,
    onCancel: () => undefined,
  } as never);
  for (let request = 1; request <= 17; request += 1) below?.onReceiveMessage(request);
  expect(passed).toHaveLength(16);
  watched.sendMessage('answer', () => undefined);
  expect(passed).toHaveLength(17);
  below?.onReceiveMessage(18);
  expect([passed.length, sent.length]).toEqual([17, 1]);
});
