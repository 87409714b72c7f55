import type { AccountId, Message } from './ports';
import { RecentKeys } from './recent-keys';

const alice = 1 as AccountId;
const bob = 2 as AccountId;

function message(bytes: number): Message {
  return { body: new Uint8Array(bytes) } as Message;
}

test('a key belongs to its sender', () => {
  const keys = new RecentKeys({ messagesMax: 2, bytesMax: 100 });
  const first = message(1);
  keys.add(alice, 'k', first);
  expect([keys.find(alice, 'k'), keys.find(bob, 'k'), keys.find(alice, 'l')]).toEqual([first, undefined, undefined]);
});

test.each([
  ['messages', { messagesMax: 2, bytesMax: 100 }],
  ['bytes', { messagesMax: 100, bytesMax: 20 }],
])('the oldest are forgotten when there are too many %s', (_, options) => {
  const keys = new RecentKeys(options);
  for (const key of ['a', 'b', 'c', 'd']) keys.add(alice, key, message(10));
  expect(['a', 'b', 'c', 'd'].filter((key) => keys.find(alice, key) !== undefined)).toEqual(['c', 'd']);
});
