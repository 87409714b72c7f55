/** A server whose disk fails under it: what was acknowledged stays, what was refused is nowhere or there once, reading
 *  goes on, and writing resumes by itself. */

import { spawnSync } from 'node:child_process';
import SqliteDatabase from 'better-sqlite3';
import type { RawClient } from '../harness/raw-client';
import { ServerProcess } from '../harness/server-process';
import { comesTrue } from '../integration/comes-true';
import { createAccount, login, replies, type Shown, shownOf } from './correspondents';
import { type Fault, FaultyDisk } from './disk-fault';

const canFault = process.platform === 'linux' && spawnSync('cc', ['--version']).status === 0;
if (!canFault && process.env.CI === undefined) console.warn('skipped "a disk that fails": it needs Linux and cc');
const describeFaults = canFault || process.env.CI !== undefined ? describe : describe.skip;

const noSpace = { call: 'write', file: '-wal', how: 'fail', error: 'ENOSPC' } as const;
const noWrite = { ...noSpace, error: 'EIO' } as const;
const noSync = { call: 'sync', file: '-wal', how: 'fail', error: 'EIO' } as const;

/** Each by what happens, with the status that senders are told meanwhile. */
const faults: readonly (readonly [what: string, status: number, fault: Fault])[] = [
  ['there is no space for the log', 507, noSpace],
  ['the log cannot be written', 500, noWrite],
  ['the log takes the first half of a write and has no space for the rest', 507, { ...noSpace, how: 'short' }],
  ['the log takes the first half of a write and then fails', 500, { ...noWrite, how: 'short' }],
  ['the third write to the log has no space', 507, { ...noSpace, first: 3 }],
  ['a write to the log is done and fails all the same', 500, { ...noWrite, how: 'after' }],
  ['the log is not synchronised', 500, noSync],
  ['the log is synchronised and it fails all the same', 500, { ...noSync, how: 'after' }],
  // SQLite does not say why it could not synchronise.
  ['there is no space when the log is synchronised', 500, { ...noSync, error: 'ENOSPC' }],
];

const bodyBytes = 20_000;

describeFaults('a disk that fails', () => {
  let disk: FaultyDisk;
  let server: ServerProcess;
  let clients: RawClient[];
  let alice: RawClient;
  let bob: RawClient;
  /** What bob has been written, in the order of its coming. */
  let shown: Shown[];

  beforeAll(() => {
    disk = new FaultyDisk();
  });
  afterAll(() => disk.remove());

  beforeEach(async () => {
    clients = [];
    shown = [];
    server = await ServerProcess.start([], { environment: disk.environment });
    for (const name of ['alice', 'bob', 'carol']) await createAccount(server, name);
    await everybodyIn();
  });
  afterEach(async () => {
    disk.end();
    for (const client of clients) client.close();
    await server.stop();
  });

  async function everybodyIn(): Promise<void> {
    const first = await login(server, 'alice', 'keys');
    const second = await login(server, 'bob', 'ack');
    clients.push(first.client, second.client);
    alice = first.client;
    bob = second.client;
    shown.push(...second.undelivered);
  }

  /** Large enough to take more than one write. */
  function body(text: string): string {
    return `${text} ${'x'.repeat(bodyBytes)}`;
  }

  /** Alice sends all at once, each text under itself as a key. The server finds them together, for one commit. */
  async function send(to: string, texts: readonly string[]): Promise<{ seq?: number; status: number }[]> {
    await server.stand();
    await alice.sendNow(texts.map((text) => `send ${to} ${text} ${body(text)}\n`).join(''));
    server.goOn();
    return replies(alice, texts.length);
  }

  /** Takes the next `count` messages that bob is written. */
  async function show(count: number): Promise<void> {
    for (let i = 0; i < count; i += 1) shown.push(shownOf(await bob.line()));
  }

  function textsShown(): string[] {
    return shown.map(({ text }) => text.split(' ')[0] as string);
  }

  async function crash(): Promise<void> {
    await server.kill();
    for (const client of clients.splice(0)) client.close();
    disk.end();
    await server.restart();
  }

  test.each(faults)('when %s, senders get %i, readers go on, and writing resumes', async (_, status, fault) => {
    expect(await send('carol', ['c1', 'c2'])).toMatchObject([{ seq: 1 }, { seq: 2 }]);
    expect(await send('bob', ['one'])).toMatchObject([{ seq: 1 }]);
    await show(1);
    disk.begin(fault);
    expect(await send('bob', ['two', 'three', 'four'])).toEqual(Array(3).fill({ status }));
    expect(disk.hitCount).toBeGreaterThan(0);

    const carol = await login(server, 'carol', 'ack device=phone');
    clients.push(carol.client);
    expect(carol.undelivered.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(await bob.askBlock('history alice')).toHaveLength(2);
    expect(await send('bob', ['five'])).toEqual([{ status }]);

    disk.end();
    expect(await send('bob', ['six', 'two', 'three'])).toMatchObject([{ seq: 2 }, { seq: 3 }, { seq: 4 }]);
    await show(3);
    expect(textsShown()).toEqual(['one', 'six', 'two', 'three']);
    expect(shown.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
  });

  test.each(faults)(
    'when %s (%i) and the server is killed, what it refused comes once at most',
    async (_, status, fault) => {
      expect(await send('bob', ['one', 'two'])).toMatchObject([{ seq: 1 }, { seq: 2 }]);
      await show(2);
      bob.send('ack bob 2\n');
      disk.begin(fault);
      expect(await send('bob', ['three', 'four'])).toEqual([{ status }, { status }]);
      await crash();
      shown = [];
      await everybodyIn();
      // Bob's acknowledgement may have met the fault: then one and two come again.
      const survived = textsShown().filter((text) => text === 'three' || text === 'four');
      expect([[], ['three', 'four']]).toContainEqual(survived);
      const retried = await send('bob', ['three', 'four', 'five']);
      expect(retried.map(({ seq }) => seq)).toEqual([3, 4, 5]);
      await show(3 - survived.length);
      expect(textsShown().slice(-3)).toEqual(['three', 'four', 'five']);
      const history = await bob.askBlock('history alice');
      expect(history.slice(1).map((line) => shownOf(line).text.split(' ')[0])).toEqual([
        'one',
        'two',
        'three',
        'four',
        'five',
      ]);
    },
  );

  test('a refused commit that was followed by another leaves nothing behind after a crash', async () => {
    disk.begin({ ...noSync, count: 1 });
    expect(await send('bob', ['long-and-refused', 'this-too', 'and-this'])).toEqual(Array(3).fill({ status: 500 }));
    expect(await send('bob', ['kept'])).toMatchObject([{ seq: 1 }]);
    await crash();
    await everybodyIn();
    expect(textsShown()).toEqual(['kept']);
  });

  test.each<readonly [string, Fault]>([
    ['written', { call: 'write', file: '=', how: 'fail', error: 'EIO' }],
    ['written for lack of space', { call: 'write', file: '=', how: 'fail', error: 'ENOSPC' }],
    ['written but by half', { call: 'write', file: '=', how: 'short', error: 'EIO', first: 100 }],
    ['synchronised', { call: 'sync', file: '=', how: 'fail', error: 'EIO' }],
    ['cut', { call: 'truncate', file: '-wal', how: 'fail', error: 'EIO' }],
  ])('a checkpoint that cannot be %s costs no message', async (_, fault) => {
    const perRound = 500;
    const texts: string[] = [];
    disk.begin(fault);
    // Checkpoints are done beside the sends: it is sent until one has met the fault, which a cut need not.
    for (let round = 0; round < 10 && (round === 0 || disk.hitCount === 0); round += 1) {
      const more = Array.from({ length: perRound }, (__, i) => `${texts.length + i + 1}`);
      expect(await sendMany(more)).toEqual(more.map((text) => ({ status: 202, seq: Number(text) })));
      texts.push(...more);
      if (fault.call === 'truncate') break;
    }
    // The thread that does them may start late.
    if (fault.call !== 'truncate') await comesTrue(() => disk.hitCount > 0);
    await crash();
    const carol = await login(server, 'carol', 'ack');
    clients.push(carol.client);
    expect(carol.undelivered.map(({ text }) => text.split(' ')[0])).toEqual(texts);
  });

  test('an index of the log that cannot grow refuses senders until it can', async () => {
    const texts = Array.from({ length: 900 }, (_, i) => `${i + 1}`);
    // Whoever reads keeps the log from being begun anew, for which a checkpoint may find the time otherwise.
    const reader = new SqliteDatabase(server.database);
    reader.exec('BEGIN');
    expect(reader.prepare('SELECT count(*) FROM accounts').pluck().get()).toBe(3);
    disk.begin({ call: 'write', file: '-shm', how: 'fail', error: 'ENOSPC' });
    const told = await sendMany(texts);
    expect(disk.hitCount).toBeGreaterThan(0);
    expect(told.map(({ status }) => status)).toContain(500);
    disk.end();
    const again = await sendMany(texts);
    expect(again.map(({ status }) => status)).toEqual(Array(texts.length).fill(202));
    const accepted = told.flatMap(({ seq }, i) => (seq === undefined ? [] : [[i, seq] as const]));
    for (const [i, seq] of accepted) expect(again[i]?.seq).toBe(seq);
    reader.close();
    await crash();
    const carol = await login(server, 'carol', 'ack');
    clients.push(carol.client);
    expect(carol.undelivered.map(({ text }) => text.split(' ')[0]).sort()).toEqual([...texts].sort());
  });

  /** To carol, so much at once that it takes several commits. */
  async function sendMany(texts: readonly string[]): Promise<{ seq?: number; status: number }[]> {
    const told: { seq?: number; status: number }[] = [];
    for (let begin = 0; begin < texts.length; begin += 50) {
      const some = texts.slice(begin, begin + 50);
      alice.send(some.map((text) => `send carol ${text} ${text} ${'x'.repeat(50_000)}\n`).join(''));
      told.push(...(await replies(alice, some.length)));
    }
    return told;
  }
});
