/** What cmap says when somebody takes an account over in the middle of its deletion. */

import { openCmapListener } from '../../server/protocols/cmap/listener';
import type { TcpListener } from '../../server/protocols/tcp-listener';
import { RawClient } from '../harness/raw-client';
import { World } from '../harness/world';
import { comesTrue } from './comes-true';

let world: World;
let listener: TcpListener;
let client: RawClient;

beforeEach(async () => {
  world = new World();
  for (const name of ['alice', 'bob']) world.account(name);
  await world.send(await world.login('alice'), 'bob', 'hi');
  listener = await openCmapListener(world.chat, { host: '127.0.0.1', port: 0, connectionsMax: 10 });
  client = await RawClient.connect(listener.port);
});
afterEach(() => {
  client.close();
  listener.destroy();
});

test.each([
  ['2, behind the status line that it has sent', 'delete bob pw\n', '200 bob 1\r\n\r\n! 409 taken over\r\n'],
  [
    '1, in place of an answer that it has not sent',
    '1 4 bob pw',
    'Another client is logged into this account!\r\n\r\n',
  ],
])('version %s, reports the takeover, and the account stays', async (_, request, answer) => {
  const reads = world.store.gate('read');
  world.store.readOneByOne();
  reads.close();
  await client.sendNow(request);
  await comesTrue(() => reads.waitingCount === 1);
  await world.enter('bob', { takeover: true });
  expect(await client.until(answer)).toBe(answer);
  reads.open();
  expect(await world.chat.accounts.exists('bob')).toBe(true);
});

test('a deletion whose account is taken over while it waits for its check is answered, and the account stays', async () => {
  expect(await client.askBlock('login bob pw')).toHaveLength(2);
  const other = await RawClient.connect(listener.port);
  const { gate } = world.hasher;
  gate.close();
  other.send('takeover bob pw\n');
  await comesTrue(() => gate.waitingCount === 1);
  client.send('delete bob pw\nping after\n');
  await comesTrue(() => gate.waitingCount === 2);
  gate.open();
  expect(await other.block()).toEqual(['200 bob 0']);
  expect(await client.until('200 after\r\n')).toBe('! 409 taken over\r\n409 taken over\r\n\r\n200 after\r\n');
  expect(await other.ask('send bob hi')).toBe('200 2 live');
  other.close();
});
