/** What becomes of cmap connections that are silent. */

import { openCmapListener } from '../../server/protocols/cmap/listener';
import type { TcpListener } from '../../server/protocols/tcp-listener';
import { bounds } from '../../shared/limits';
import { RawClient } from '../harness/raw-client';
import { World } from '../harness/world';
import { expectSilence, settle } from './people';

let world: World;
let listener: TcpListener;
const clients: RawClient[] = [];

async function connect(): Promise<RawClient> {
  const client = await RawClient.connect(listener.port);
  clients.push(client);
  return client;
}

beforeEach(async () => {
  world = new World();
  world.account('alice');
  listener = await openCmapListener(world.chat, { host: '127.0.0.1', port: 0, connectionsMax: 10 });
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
  listener.destroy();
});

test.each([
  ['has said nothing at all', '', '! 408 idle\r\n'],
  ['could still become version 1', '1 ', '! 408 idle\r\n'],
  ['has said half a line', 'pin', '! 408 idle\r\n'],
  ['speaks version 2 and is not logged in', 'ping\n', '200\r\n! 408 idle\r\n'],
  ['has logged out', 'login alice pw\nlogout\n', '200 alice 0\r\n\r\n200\r\n! 408 idle\r\n'],
  ['speaks version 1, which has no word for it', '1 1', 'alice'],
])('one that %s is closed in the end', async (_, said, heard) => {
  const [member, stranger] = [await connect(), await connect()];
  expect(await member.askBlock('login alice pw')).toEqual(['200 alice 0']);
  member.send('logout\n');
  expect(await member.line()).toBe('200');
  await stranger.sendNow(said);
  await settle(member);
  world.clock.advance(bounds.idleTimeoutMs);
  expect(await stranger.closed()).toBe(heard);
});

test('one that is logged in stays, however long it says nothing', async () => {
  const member = await connect();
  expect(await member.askBlock('login alice pw')).toEqual(['200 alice 0']);
  world.clock.advance(2 * bounds.idleTimeoutMs);
  await expectSilence(member);
});
