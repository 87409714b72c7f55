/** Readers that do not keep up: nothing is lost, nobody else waits, and the server's memory stays bounded. */

import type { RawClient } from '../harness/raw-client';
import { ServerProcess } from '../harness/server-process';
import { bodyOf, People, password } from './people';

let server: ServerProcess;
const people = new People(() => server);

const messageCount = 10_000;
/** What a connection may add: its outbox, a page, and what the engine has not collected yet. Far less than what waits. */
const growthBytesMax = 16 * 1_048_576;

beforeAll(async () => {
  // What the engine keeps of short-lived objects is no cost of waiting, and comes and goes by megabytes.
  server = await ServerProcess.start([], { environment: { NODE_OPTIONS: '--max-semi-space-size=1' } });
});
afterEach(() => people.leave());
afterAll(() => server.stop());

/** An account that is not logged in, with messages `1` to `count`, each padded to some length. */
async function accountWithMail(count: number, bytesEach: number): Promise<string> {
  const to = await people.account();
  const { client } = await people.online('sender');
  const padding = 'x'.repeat(bytesEach);
  const batch = 500;
  for (let begin = 1; begin <= count; begin += batch) {
    const seqs = Array.from({ length: batch }, (_, index) => begin + index);
    client.send(seqs.map((seq) => `send ${to} ${seq}${padding}\n`).join(''));
    for (const seq of seqs) expect(await client.line()).toBe(`202 ${seq} queued`);
  }
  client.close();
  return to;
}

/** Numbers of the messages of a burst, which must be one that is complete and in order. */
function expectWholeBurst(burst: string, name: string, count: number): void {
  expect(burst.endsWith('\r\n\r\n')).toBe(true);
  const [status, ...messages] = burst.slice(0, -4).split('\r\n');
  expect(status).toBe(`200 ${name} ${count}`);
  expect(messages.map((line) => Number.parseInt(bodyOf(line), 10))).toEqual(
    Array.from({ length: count }, (_, index) => index + 1),
  );
}

/** The most memory that the server holds while `observer` gets so many answers from it, which it gets one by one. */
async function residentBytesDuring(observer: RawClient, pings: number): Promise<number> {
  let most = 0;
  for (let count = 0; count < pings; count += 1) {
    expect(await observer.ask(`ping ${count}`)).toBe(`200 ${count}`);
    if (count % 50 === 0) most = Math.max(most, server.residentBytes());
  }
  return most;
}

test('10,000 messages queued for one account arrive complete and in order, in one burst that ends in an empty line', async () => {
  const name = await accountWithMail(messageCount, 0);
  const client = await people.connect();
  client.send(`login ${name} ${password}\n`);
  expectWholeBurst(await client.until('\r\n\r\n'), name, messageCount);
  expect(await client.askBlock('deliver')).toEqual([`200 ${name} 0`]);
});

describe('while 25 MB wait for it, a reader that does not read', () => {
  const bytesEach = 2_500;

  test('costs the server no more memory than its outbox, keeps nobody waiting, and then gets it all', async () => {
    // What the server needs to take and give so much is needed once: the second account shows what waiting costs.
    const [warmUp, name] = [
      await accountWithMail(messageCount, bytesEach),
      await accountWithMail(messageCount, bytesEach),
    ];
    const quick = await people.connect();
    quick.send(`login ${warmUp} ${password}\n`);
    expectWholeBurst(await quick.until('\r\n\r\n'), warmUp, messageCount);
    const observer = await people.connect();
    const baseline = await residentBytesDuring(observer, 200);

    const slow = await people.connect();
    slow.pause();
    slow.send(`login ${name} ${password}\n`);
    const most = await residentBytesDuring(observer, 3_000);
    expect(most - baseline).toBeLessThan(growthBytesMax);

    const other = await people.online();
    expect(await other.client.ask(`send ${name} ${messageCount + 1}`)).toBe(`200 ${messageCount + 1} live`);
    expect(await other.client.ask(`send ${other.name} hi`)).toBe('200 1 live');
    expect(bodyOf(await other.client.line())).toBe('hi');
    slow.resume();
    expectWholeBurst(await slow.until('\r\n\r\n'), name, messageCount);
    expect(bodyOf(await slow.line())).toBe(`${messageCount + 1}`);
  });
});

test('live messages for a reader that does not read are kept for it, and the server stays small', async () => {
  const reader = await people.online();
  const sender = await people.online();
  const observer = await people.connect();
  const [batches, perBatch] = [25, 250];
  const sendAll = async (name: string): Promise<void> => {
    for (let batch = 0; batch < batches; batch += 1) {
      const bodies = Array.from(
        { length: perBatch },
        (_, index) => `${batch * perBatch + index + 1}${'x'.repeat(4_000)}`,
      );
      sender.client.send(bodies.map((body) => `send ${name} ${body}\n`).join(''));
      await sender.client.lines(perBatch);
    }
  };
  // What the server needs to take so much is needed once, the thread that does checkpoints included.
  const absent = await people.online();
  absent.client.close();
  await sendAll(absent.name);
  const baseline = await residentBytesDuring(observer, 200);
  reader.client.pause();
  await sendAll(reader.name);
  expect((await residentBytesDuring(observer, 1_000)) - baseline).toBeLessThan(growthBytesMax);
  reader.client.resume();
  const lines = await reader.client.lines(batches * perBatch);
  expect(lines.map((line) => Number.parseInt(bodyOf(line), 10))).toEqual(lines.map((_, index) => index + 1));
});

describe('a client that never reads and keeps sending', () => {
  const perChunk = 1_024;
  const token = 'x'.repeat(1_000);
  const chunk = Buffer.from(`ping ${token}\n`.repeat(perChunk));

  async function expectAnswers(client: RawClient, count: number): Promise<void> {
    for (const line of await client.lines(count)) if (line !== `200 ${token}`) throw new Error(line);
  }

  test('is no longer read from, while others go on, and is answered when it reads', async () => {
    const observer = await people.connect();
    const quick = await people.connect();
    for (let count = 0; count < 10; count += 1) {
      quick.send(chunk);
      await expectAnswers(quick, perChunk);
    }
    const baseline = await residentBytesDuring(observer, 200);

    const flood = await people.connect();
    flood.pause();
    let chunks = 0;
    let taken = true;
    while (taken) {
      const sent = flood.sendNow(chunk).then(() => true);
      chunks += 1;
      // It is not read from when the observer gets a thousand answers before one more megabyte has gone.
      taken = await Promise.race([sent, residentBytesDuring(observer, 1_000).then(() => false)]);
      expect(chunks).toBeLessThan(200);
    }
    expect((await residentBytesDuring(observer, 200)) - baseline).toBeLessThan(growthBytesMax);

    flood.resume();
    await expectAnswers(flood, chunks * perChunk);
    expect(await flood.ask('ping done')).toBe('200 done');
  });
});
