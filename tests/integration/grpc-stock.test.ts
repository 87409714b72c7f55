/** A client of another implementation, Google's own for Python, that knows nothing but the .proto file. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { password } from '../harness/world';
import { GrpcStage } from './grpc-stage';

const folder = join(__dirname, '..', '..', 'server', 'protocols', 'grpc');
/** Debian's own, which has Debian's packages. */
const python = '/usr/bin/python3';
const isThere = spawnSync(python, ['-c', 'import grpc, grpc_tools']).status === 0;
const howToGetIt = 'apt-get install python3-grpcio python3-grpc-tools';

interface Told {
  readonly answer?: unknown;
  readonly stream?: { readonly from: string; readonly to: string; readonly message: string; readonly seq: number };
  readonly ended?: string;
  readonly details?: string;
}

class StockClient {
  private readonly child: ChildProcess;
  readonly told: Told[] = [];
  private readonly waiters: (() => void)[] = [];
  private answered = 0;

  constructor(stubs: string, port: number) {
    this.child = spawn(python, [join(__dirname, 'grpc_stock_client.py'), stubs, `127.0.0.1:${port}`], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    createInterface({ input: this.child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      this.told.push(JSON.parse(line) as Told);
      for (const resolve of this.waiters.splice(0)) resolve();
    });
  }

  async ask(call: string, request: object): Promise<unknown> {
    this.child.stdin?.write(`${JSON.stringify({ call, request })}\n`);
    this.answered += 1;
    return (await this.first(this.answered, 'answer')).at(-1)?.answer;
  }

  async messages(count: number): Promise<Told['stream'][]> {
    return (await this.first(count, 'stream')).map(({ stream }) => stream);
  }

  /** The first `count` things of a kind that it told. */
  async first(count: number, kind: keyof Told): Promise<Told[]> {
    for (;;) {
      const found = this.told.filter((told) => told[kind] !== undefined);
      if (found.length >= count) return found.slice(0, count);
      await new Promise<void>((resolve) => this.waiters.push(resolve));
    }
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }
}

function suite(): void {
  let stage: GrpcStage;
  let stubs: string;
  let clients: StockClient[];

  beforeAll(() => {
    stubs = mkdtempSync(join(tmpdir(), 'grpc-stubs-'));
    // Debian's generator is older than this label in proto3, which changes nothing on the wire.
    const proto = readFileSync(join(folder, 'chat.proto'), 'utf8').replaceAll('optional ', '');
    writeFileSync(join(stubs, 'chat.proto'), proto);
    const args = ['-m', 'grpc_tools.protoc', `-I${stubs}`, `--python_out=${stubs}`, `--grpc_python_out=${stubs}`];
    const { status, stderr } = spawnSync(python, [...args, 'chat.proto']);
    expect(`${status} ${stderr}`).toBe('0 ');
  });

  beforeEach(async () => {
    stage = await GrpcStage.open();
    clients = [];
  });

  afterEach(() => {
    for (const client of clients) client.kill();
    stage.close();
  });

  afterAll(() => rmSync(stubs, { recursive: true, force: true }));

  function start(): StockClient {
    const client = new StockClient(stubs, stage.listener.port);
    clients.push(client);
    return client;
  }

  const ok = { success: true, message: expect.stringMatching(/\w/) };

  test('gets its messages, and never anybody else’s, on a stream that it opened before it logged in', async () => {
    stage.account('bob');
    const alice = await stage.enter('alice');
    await stage.send(alice, 'bob', 'while you were out');
    const [bob, carol] = [start(), start()];
    expect(await bob.ask('LoginAccount', { username: 'bob', password })).toEqual(ok);
    expect(await carol.ask('CreateAccount', { username: 'carol', password: 'new' })).toEqual(ok);
    for (let count = 1; count <= 10; count += 1) {
      await stage.send(alice, 'bob', `bob ${count}`);
      await stage.send(alice, 'carol', `carol ${count}`);
    }
    const send = { fromUsername: 'bob', toUsername: 'carol', message: 'héllo 😀' };
    expect(await bob.ask('SendMessage', send)).toEqual(ok);
    const toBob = await bob.messages(11);
    expect(toBob[0]).toEqual({ from: 'alice', to: 'bob', message: 'while you were out', seq: 1, log: 'bob' });
    expect(toBob.every((message) => message?.to === 'bob')).toBe(true);
    const toCarol = await carol.messages(11);
    expect(toCarol.every((message) => message?.to === 'carol')).toBe(true);
    expect(toCarol.at(-1)).toMatchObject({ from: 'bob', message: 'héllo 😀' });
    expect([bob.told, carol.told].map((told) => told.filter(({ stream }) => stream).length)).toEqual([11, 11]);
  });

  test('is refused what is not its own, goes through all its calls, and finds its login free when it is killed', async () => {
    stage.account('bob');
    const alice = await stage.enter('alice');
    const bob = start();
    const refusal = { success: false, message: expect.stringMatching(/\w/) };
    expect(await bob.ask('SendMessage', { fromUsername: 'bob', toUsername: 'alice', message: 'x' })).toEqual(refusal);
    expect(await bob.ask('LoginAccount', { username: 'bob', password: 'wrong' })).toEqual(refusal);
    expect(await bob.ask('LoginAccount', { username: 'bob', password })).toEqual(ok);
    expect(await bob.ask('SendMessage', { fromUsername: 'alice', toUsername: 'bob', message: 'x' })).toEqual(refusal);
    expect(await bob.ask('DeliverMessages', { username: 'alice' })).toEqual(refusal);
    expect(await bob.ask('DeliverMessages', { username: 'bob' })).toEqual(ok);
    expect(await bob.ask('ListAccounts', { search_term: 'o' })).toEqual([['bob', '']]);
    expect(await bob.ask('LogoutAccount', { username: 'bob' })).toEqual(ok);
    expect(await bob.ask('LoginAccount', { username: 'bob', password })).toEqual(ok);
    await stage.send(alice, 'bob', 'one');
    expect(await bob.messages(1)).toMatchObject([{ message: 'one' }]);
    bob.kill();
    while (stage.world.chat.accounts.who('bob').names.length > 0) await new Promise(setImmediate);
    const again = start();
    expect(await again.ask('LoginAccount', { username: 'bob', password })).toEqual(ok);
    expect(await again.ask('DeleteAccount', { username: 'bob' })).toEqual(ok);
    expect(await again.ask('ListAccounts', {})).toEqual([['alice', '']]);
  });

  test('is told that the server closes', async () => {
    const bob = start();
    expect(await bob.ask('CreateAccount', { username: 'bob', password })).toEqual(ok);
    const closing = stage.listener.close();
    expect(await bob.first(1, 'ended')).toMatchObject([{ ended: 'UNAVAILABLE', details: 'closing in 5 s' }]);
    await closing;
  });
}

const name = 'the client of another implementation';
if (isThere) describe(name, suite);
else if (process.env.CI !== undefined) {
  test(name, () => {
    throw new Error(`Python's gRPC is missing: ${howToGetIt}`);
  });
} else {
  console.warn(`skipped "${name}": it needs Python's gRPC (${howToGetIt})`);
  describe.skip(name, suite);
}
