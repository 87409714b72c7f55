/** The example session of docs/protocol.md over a bare socket, byte for byte but for the times. */

import { RawClient } from '../harness/raw-client';
import { ServerProcess } from '../harness/server-process';

let server: ServerProcess;

beforeAll(async () => {
  server = await ServerProcess.start();
});
afterAll(() => server.stop());

/** What comes before the example: two accounts, 17 messages in alice's mailbox, two in bob's. */
async function prepare(alice: RawClient): Promise<void> {
  const bob = await RawClient.connect(server.port);
  await alice.ask('create alice secret');
  await alice.ask('create bob secret');
  await bob.askBlock('login bob secret');
  for (let seq = 1; seq <= 17; seq += 1) expect(await bob.ask(`send alice ${seq}`)).toBe(`202 ${seq} queued`);
  expect(await bob.ask('quit')).toBe('200');
  await alice.askBlock('login alice secret');
  expect(await alice.ask('send bob hello')).toBe('202 1 queued');
  expect(await alice.ask('send bob two\\nlines')).toBe('202 2 queued');
}

function withoutTimes(text: string): string {
  return text.replace(/^(\* \d+) \d{13} /gm, '$1 TIME ');
}

test('the example session runs as documented, byte for byte', async () => {
  const alice = await RawClient.connect(server.port);
  await prepare(alice);
  const bob = await RawClient.connect(server.port);

  bob.send('7 2 ack keys client=chateau/1.0\n');
  expect(await bob.until('\n')).toBe('200 chateau/1.0 ack keys body=65536\r\n');
  bob.send('2 bob secret\n');
  expect(withoutTimes(await bob.until('\r\n\r\n'))).toBe(
    '200 bob 2\r\n* 1 TIME alice bob hello\r\n* 2 TIME alice bob two\\nlines\r\n\r\n',
  );
  bob.send('9 bob 2\n3 alice k1 hi\n');
  expect(await bob.until('\n')).toBe('200 18 live\r\n');
  alice.send('send bob are you there?\n');
  expect(withoutTimes(await bob.until('\n'))).toBe('* 3 TIME alice bob are you there?\r\n');

  alice.close();
  bob.close();
});
