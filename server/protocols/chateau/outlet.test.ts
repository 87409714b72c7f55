import type { Account, Message, Seq } from '../../core/ports';
import { wireBounds } from './limits';
import { FrameOutlet } from './outlet';
import { Ways } from './ways';
import type { WebSocketConnection } from './web-socket';

const bob = { id: 1, name: 'bob' } as unknown as Account;

/** An outlet, and the frames that it has written. */
function openOutlet(): { readonly outlet: FrameOutlet; readonly frames: Record<string, unknown>[] } {
  const frames: Record<string, unknown>[] = [];
  const write = (text: string): void => void frames.push(JSON.parse(text));
  const outlet = new FrameOutlet({ write } as unknown as WebSocketConnection, () => undefined);
  outlet.dialect = 'named';
  outlet.burst(bob, 0);
  return { outlet, frames };
}

function message(seq: number): Message {
  return { seq, at: 1, from: 'alice', body: new TextEncoder().encode('hi') } as unknown as Message;
}

test('how a message was sent is known once, and of that message of the mailbox alone', () => {
  const { outlet, frames } = openOutlet();
  const ways = new Ways();
  ways.enter(bob.name, outlet);
  ways.tell('BOB' as never, 2 as Seq, { kind: 'random' });
  outlet.message(message(1), bob.name);
  outlet.message(message(2), '#garden' as never);
  outlet.message(message(2), bob.name);
  outlet.message(message(2), bob.name);
  expect(frames.map(({ type }) => type)).toEqual([
    'SingleMessageRecvResponse',
    'GroupMessageRecv',
    'RandomMessageRecv',
    'SingleMessageRecvResponse',
  ]);
});

test('who has left is told no more', () => {
  const { outlet, frames } = openOutlet();
  const ways = new Ways();
  ways.enter(bob.name, outlet);
  ways.leave(bob.name, outlet);
  ways.leave(bob.name, outlet);
  ways.tell(bob.name, 1 as Seq, { kind: 'random' });
  outlet.message(message(1), bob.name);
  expect(frames).toMatchObject([{ type: 'SingleMessageRecvResponse' }]);
});

test('of more messages than may be on their way the oldest are messages like any other', () => {
  const { outlet, frames } = openOutlet();
  outlet.dialect = 'numeric';
  for (let seq = 1; seq <= wireBounds.waysMax + 1; seq += 1) {
    outlet.expect(seq as Seq, { kind: 'several', clients: ['bob', 'carol'] });
  }
  for (const seq of [1, 2, wireBounds.waysMax + 1]) outlet.message(message(seq), bob.name);
  expect(frames.map(({ clients }) => clients)).toEqual([['bob'], ['bob', 'carol'], ['bob', 'carol']]);
});

test('the next session on the connection knows nothing of the one before', () => {
  const { outlet, frames } = openOutlet();
  outlet.expect(1 as Seq, { kind: 'random' });
  outlet.forget();
  outlet.burst(bob, 0);
  outlet.message(message(1), bob.name);
  expect(frames).toMatchObject([{ type: 'SingleMessageRecvResponse' }]);
});

test('a session that somebody else ends is told of in the named dialect alone', () => {
  const { outlet, frames } = openOutlet();
  outlet.ended('taken_over');
  expect(frames).toMatchObject([{ type: 'NoticeEvent', code: 'taken_over' }]);
  for (const dialect of ['numeric', undefined] as const) {
    outlet.dialect = dialect;
    outlet.ended('taken_over');
  }
  expect(frames).toHaveLength(1);
});
