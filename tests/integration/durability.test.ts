/** What is there again after a restart, and after SIGKILL: what docs/delivery.md promises. */

import { readdirSync } from 'node:fs';
import type { RawClient } from '../harness/raw-client';
import { ServerProcess } from '../harness/server-process';
import { bodyOf, People, password } from './people';

let server: ServerProcess;
const people = new People(() => server);

beforeAll(async () => {
  server = await ServerProcess.start();
});
afterEach(() => people.leave());
afterAll(() => server.stop());

async function restartInGoodOrder(): Promise<void> {
  people.leave();
  server.signal('SIGTERM');
  expect((await server.ended()).code).toBe(0);
  await server.restart();
}

async function restartAfterKill(): Promise<void> {
  await server.kill();
  await server.restart();
}

describe.each([
  ['a restart', restartInGoodOrder],
  ['SIGKILL', restartAfterKill],
])('after %s', (_, restart) => {
  /** Everything below is prepared first: one restart serves all. */
  const names = { sender: '', reader: '', blocked: '', acking: '', deleted: '', room: '' };

  beforeAll(async () => {
    const [sender, acking, deleted] = [await people.online('a'), await people.account(), await people.online()];
    names.reader = await people.account('B');
    names.blocked = await people.account();
    names.room = `#${people.name('room')}`;
    Object.assign(names, { sender: sender.name, acking, deleted: deleted.name });

    expect(await sender.client.ask(`room ${names.room} ${names.reader}`)).toBe(`201 ${names.room}`);
    for (const to of [names.reader, names.room, names.reader]) await sender.client.ask(`send ${to} to ${to}\\n2`);
    expect(await sender.client.ask(`block ${names.blocked}`)).toBe(`200 ${names.blocked}`);
    for (const body of ['1', '2', '3']) await sender.client.ask(`send ${acking} ${body}`);
    expect(await deleted.client.askBlock(`delete ${deleted.name} ${password}`)).toHaveLength(1);

    const keyed = await people.login(names.blocked, 'keys');
    expect(await keyed.ask(`send ${names.reader} k1 once`)).toBe('202 3 queued');
    const client = await people.connect();
    await client.ask('hello 2 ack');
    expect(await client.askBlock(`login ${acking} ${password}`)).toHaveLength(4);
    client.send(`ack ${acking} 2\nlogout\n`);
    expect(await client.line()).toBe('200');
    // A login waits until the cursors of its account are stored.
    expect(await client.askBlock(`login ${acking} ${password}`)).toHaveLength(2);
    await restart();
    people.leave();
  });

  test('a send with the same key is still the same message', async () => {
    const client = await people.login(names.blocked, 'keys');
    expect(await client.ask(`send ${names.reader} k1 once`)).toBe('202 3 queued');
    expect(await client.ask(`send ${names.reader} k1 twice`)).toBe('409 this key was used for another message');
  });

  test('accounts, their queued messages and rooms are there', async () => {
    const client = await people.connect();
    const [status, ...messages] = await client.askBlock(`login ${names.reader.toLowerCase()} ${password}`);
    expect(status).toBe(`200 ${names.reader} 4`);
    expect(messages.map((line) => line.replace(/ \d{13} /, ' '))).toEqual([
      `* 1 ${names.sender} ${names.reader} to ${names.reader}\\n2`,
      `* 2 ${names.sender} ${names.reader} to ${names.reader}\\n2`,
      `* 3 ${names.blocked} ${names.reader} once`,
      `* 1 ${names.sender} ${names.room} to ${names.room}\\n2`,
    ]);
    expect((await client.askBlock(`members ${names.room}`)).slice(1)).toEqual([names.sender, names.reader]);
  });

  test('a block still holds', async () => {
    const client = await people.login(names.blocked);
    expect(await client.ask(`send ${names.sender} hi`)).toBe(`403 ${names.sender} does not take messages from you`);
  });

  test('what was acknowledged and stored does not come again, and no seq is given twice', async () => {
    const client = await people.connect();
    const burst = await client.askBlock(`login ${names.acking} ${password}`);
    expect(burst.slice(1).map(bodyOf)).toEqual(['3']);
    expect(await client.ask(`send ${names.acking} 4`)).toBe('200 4 live');
  });

  test('an account that was deleted is gone, and its name free', async () => {
    const client = await people.connect();
    expect(await client.askBlock(`login ${names.deleted} ${password}`)).toEqual(['401 wrong name or password']);
    expect(await client.ask(`create ${names.deleted} other`)).toBe(`201 ${names.deleted}`);
  });
});

test('what was acknowledged a moment before SIGTERM does not come again', async () => {
  const [a, name] = [await people.online(), await people.account()];
  for (const body of ['1', '2']) await a.client.ask(`send ${name} ${body}`);
  const client = await people.connect();
  await client.ask('hello 2 ack');
  await client.askBlock(`login ${name} ${password}`);
  expect(await client.ask(`ack ${name} 1\nping`)).toBe('200');
  await restartInGoodOrder();
  const again = await people.connect();
  const burst = await again.askBlock(`login ${name} ${password}`);
  expect(burst.slice(1).map(bodyOf)).toEqual(['2']);
});

describe('when SIGKILL comes while connections pipeline sends', () => {
  const senderCount = 4;
  /** Sends of one connection that are not answered yet. */
  const windowSize = 100;

  /** Keeps sends going until the connection is lost. Each body tells its sender and its number there; gives, by
   *  number, the seqs that were acknowledged. */
  async function sendUntilLost(client: RawClient, sender: number, to: string, onAnswer: () => void): Promise<number[]> {
    const seqs: number[] = [];
    let sent = 0;
    for (;;) {
      for (; sent < seqs.length + windowSize; sent += 1)
        client.send(`send ${to} ${sender}:${sent} ${'x'.repeat(200)}\n`);
      const reply = await client.line().catch(() => undefined);
      if (reply === undefined) return seqs;
      seqs.push(Number(/^202 (\d+) queued$/.exec(reply)?.[1]));
      onAnswer();
    }
  }

  test.each([1, 50, 3_000])(
    'after %d answers, every acknowledged send is delivered, once and in order',
    async (answers) => {
      const to = await people.account();
      const clients = await Promise.all(
        Array.from({ length: senderCount }, async () => (await people.online()).client),
      );
      let answered = 0;
      const acknowledged = await Promise.all(
        clients.map((client, sender) =>
          sendUntilLost(client, sender, to, () => {
            answered += 1;
            if (answered === answers) server.signal('SIGKILL');
          }),
        ),
      );
      await server.ended();
      await server.restart();

      const client = await people.connect();
      const [status, ...messages] = await client.askBlock(`login ${to} ${password}`);
      expect(status).toBe(`200 ${to} ${messages.length}`);
      expect(messages.length).toBeGreaterThanOrEqual(answers);
      expect(messages.map((line) => Number(line.split(' ')[1]))).toEqual(messages.map((_, index) => index + 1));
      const delivered = messages.map((line) => bodyOf(line).split(' ')[0]);
      expect(new Set(delivered).size).toBe(delivered.length);
      for (const [sender, seqs] of acknowledged.entries()) {
        expect(seqs.map((seq) => delivered[seq - 1])).toEqual(seqs.map((_, number) => `${sender}:${number}`));
        const own = delivered.filter((body) => body?.startsWith(`${sender}:`));
        expect(own).toEqual(own.map((_, number) => `${sender}:${number}`));
      }
      expect(await client.ask(`send ${to} next`)).toBe(`200 ${messages.length + 1} live`);
    },
  );
});

test('a server with --memory keeps nothing and writes nothing', async () => {
  const forgetful = await ServerProcess.start(['--memory']);
  const others = new People(() => forgetful);
  const name = await others.account();
  others.leave();
  forgetful.signal('SIGTERM');
  expect((await forgetful.ended()).code).toBe(0);
  expect(readdirSync(forgetful.folder)).toEqual([]);
  await forgetful.restart();
  const client = await others.connect();
  expect(await client.askBlock(`login ${name} ${password}`)).toEqual(['401 wrong name or password']);
  others.leave();
  await forgetful.stop();
});
