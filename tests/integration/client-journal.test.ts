/** The client's process is killed between writing a message down and hearing of it. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, watch } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ServerProcess } from '../harness/server-process';

const root = join(__dirname, '..', '..');

let server: ServerProcess;
const children: ChildProcess[] = [];

beforeAll(async () => {
  server = await ServerProcess.start();
  const people = new Client();
  await people.run(['create alice pw', 'create bob pw', 'create carol pw']);
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => server.stop());

/** The terminal client in a process of its own, as a filter. */
class Client {
  private readonly child: ChildProcess;
  stdout = '';
  stderr = '';

  constructor() {
    this.child = spawn(
      process.execPath,
      ['--import', 'tsx', 'client/terminal/main.ts', '--host', '127.0.0.1', '--port', String(server.port)],
      { cwd: root, env: { ...process.env, XDG_STATE_HOME: server.folder }, stdio: ['pipe', 'pipe', 'pipe'] },
    );
    children.push(this.child);
    this.child.stdout?.on('data', (text) => {
      this.stdout += text;
    });
    this.child.stderr?.on('data', (text) => {
      this.stderr += text;
    });
  }

  type(line: string): void {
    this.child.stdin?.write(`${line}\n`);
  }

  /** Resolves once it has written `text`. */
  async says(text: string): Promise<void> {
    while (!this.stdout.includes(text)) await once(this.child.stdout as NodeJS.ReadableStream, 'data');
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await once(this.child, 'exit');
  }

  /** Types the lines and no more; resolves to the exit code when it has ended by itself. */
  async run(lines: readonly string[]): Promise<number | null> {
    this.child.stdin?.end(lines.map((line) => `${line}\n`).join(''));
    const [code] = await once(this.child, 'close');
    return code;
  }
}

const journals = (): string => join(server.folder, 'chateau', `127.0.0.1%3A${server.port}`);

/** What is in the journals of an account. */
function journalOf(account: string): string {
  if (!existsSync(journals())) return '';
  const files = readdirSync(journals()).filter((name) => name.startsWith(`${account}.`));
  return files.map((name) => readFileSync(join(journals(), name), 'utf8')).join('');
}

/** Resolves once an account's journal holds `text`. */
async function journalHolds(account: string, text: string): Promise<void> {
  await mkdir(journals(), { recursive: true });
  const watcher = watch(journals());
  try {
    while (!journalOf(account).includes(text)) await once(watcher, 'change');
  } finally {
    watcher.close();
  }
}

/** What an account has in its mailbox, as `from: body`. */
async function mailbox(account: string): Promise<string[]> {
  const reader = new Client();
  expect(await reader.run([`login ${account} pw`])).toBe(0);
  return reader.stdout.split('\n').flatMap((line) => {
    const [, from, body] = /^message \S+ \d+ (\S+) \S+ (.*)$/.exec(line) ?? [];
    return from === undefined ? [] : [`${from}: ${body}`];
  });
}

test('a message that the server took while its sender died is there once', async () => {
  const first = new Client();
  first.type('login alice pw');
  await first.says('ok login alice');
  server.signal('SIGSTOP');
  first.type('send bob taken');
  await journalHolds('alice', 'taken');
  // Its bytes lie in the server's socket by now or do not: either way is to come to the same.
  await first.kill();
  server.signal('SIGCONT');

  const second = new Client();
  expect(await second.run(['takeover alice pw'])).toBe(0);
  expect(second.stderr).toMatch(/^resent: bob \d+ queued$/m);
  expect(journalOf('alice')).toBe('');
  expect(await mailbox('bob')).toEqual(['alice: taken']);
  expect(await new Client().run(['login alice pw'])).toBe(0);
  expect(await mailbox('bob')).toEqual([]);
});

test('messages that were typed while the server was away and their sender died arrive, in order, before new ones', async () => {
  const first = new Client();
  first.type('login alice pw');
  await first.says('ok login alice');
  await server.kill();
  for (const number of [1, 2, 3]) first.type(`send bob kept ${number}`);
  await journalHolds('alice', 'kept 3');
  await first.kill();
  await server.restart();

  const second = new Client();
  expect(await second.run(['login alice pw', 'send bob new'])).toBe(0);
  expect(second.stdout).toMatch(/^ok login alice 0\nok send bob \d+ queued\n$/);
  expect(await mailbox('bob')).toEqual(['alice: kept 1', 'alice: kept 2', 'alice: kept 3', 'alice: new']);
});

test('what one account has left is not sent by another', async () => {
  const first = new Client();
  first.type('login alice pw');
  await first.says('ok login alice');
  await server.kill();
  first.type('send bob mine');
  await journalHolds('alice', 'mine');
  await first.kill();
  await server.restart();

  expect(await new Client().run(['login carol pw'])).toBe(0);
  expect(await mailbox('bob')).toEqual([]);
  expect(await new Client().run(['login alice pw'])).toBe(0);
  expect(await mailbox('bob')).toEqual(['alice: mine']);
});
