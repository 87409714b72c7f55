import { once } from 'node:events';
import { createServer } from 'node:net';
import { comesTrue } from '../integration/comes-true';
import { RawClient } from './raw-client';
import { ServerProcess } from './server-process';

let server: ServerProcess;

beforeEach(async () => {
  server = await ServerProcess.start(['--memory']);
});
afterEach(() => server.stop());

test('a server that is started again waits until whoever has its port has gone', async () => {
  await server.kill();
  const other = createServer().listen(server.port, '127.0.0.1');
  await once(other, 'listening');
  const restarted = server.restart();
  await comesTrue(() => server.stderr.includes('is in use'));
  other.close();
  await restarted;
  const client = await RawClient.connect(server.port);
  expect(await client.ask('ping')).toBe('200');
  client.close();
});

test('a server that stands answers when it goes on, to all that came meanwhile', async () => {
  const client = await RawClient.connect(server.port);
  expect(await client.ask('ping')).toBe('200');
  await server.stand();
  await client.sendNow('ping a\nping b\n');
  server.goOn();
  expect(await client.lines(2)).toEqual(['200 a', '200 b']);
  client.close();
});
