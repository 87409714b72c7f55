/** Programs whose terminal, log file or reader is gone. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { RawClient } from '../harness/raw-client';

const root = join(__dirname, '..', '..');
const settings = ['--memory', '--port', '0', '--grpc-port', 'off', '--chatbot-port', 'off', '--nickroom-port', 'off'];

const directory = ['--ldap-url', 'ldaps://ldap.example', '--ldap-base', 'dc=example'];

let child: ChildProcess;
afterEach(() => {
  child.kill('SIGKILL');
});

function start(stderr: 'pipe' | number): ChildProcess {
  return spawn(process.execPath, ['build/server.js', ...settings], { cwd: root, stdio: ['ignore', 'pipe', stderr] });
}

/** The port, once the server has said it. */
async function portOf({ stdout }: ChildProcess): Promise<number> {
  let text = '';
  for await (const [piece] of eventsOf(stdout as Readable)) {
    text += piece;
    const port = /listens on \S+ port (\d+)/.exec(text)?.[1];
    if (port !== undefined) return Number(port);
  }
  throw new Error(`it did not start: ${text}`);
}

async function* eventsOf(stream: Readable): AsyncGenerator<unknown[]> {
  for (;;) yield await once(stream, 'data');
}

/** Somebody uses the server, and a signal closes it. */
async function useAndClose(port: number): Promise<{ told: string; code: number | null }> {
  const client = await RawClient.connect(port);
  expect(await client.ask('create alice pw')).toBe('201 alice');
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const told = await client.closed();
  const [code] = await ended;
  return { told, code };
}

test('goes on and closes in good order when its log cannot be written, as on a disk that is full', async () => {
  const full = openSync('/dev/full', 'w');
  child = start(full);
  closeSync(full);
  expect(await useAndClose(await portOf(child))).toEqual({ told: '! 503 closing in 5 s\r\n', code: 0 });
});

test('goes on and closes in good order when nobody reads what it says any more', async () => {
  child = start('pipe');
  const port = await portOf(child);
  for (const stream of [child.stdout, child.stderr]) stream?.destroy();
  expect(await useAndClose(port)).toEqual({ told: '! 503 closing in 5 s\r\n', code: 0 });
});

/** Every program of the project when it only prints. */
const printing: [command: string, args: readonly string[]][] = [
  ['server --help', ['build/server.js', '--help']],
  ['server --version', ['build/server.js', '--version']],
  ['server --print-config', ['build/server.js', '--print-config']],
  ['client --help', ['build/client.js', '--help']],
  ['client --version', ['build/client.js', '--version']],
  ['client ws --help', ['build/client.js', 'ws', '--help']],
  ['admin --help', ['build/admin.js', '--help']],
  ['admin auth-check --help', ['build/admin.js', 'auth-check', '--help']],
  ['admin auth-check with --print-config', ['build/admin.js', 'auth-check', 'alice', ...directory, '--print-config']],
  ['bench --help', ['--import', 'tsx', 'bench/main.ts', '--help']],
  ['torture --help', ['--import', 'tsx', 'tests/torture/main.ts', '--help']],
];

describe('a program that only prints', () => {
  test.each(printing)('%s ends quietly with status 0 when its reader has gone', async (_, args) => {
    child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout?.destroy();
    expect(await ending()).toEqual({ code: 0, stderr: '' });
  });

  const products = printing.filter(([, [program = '']]) => program.startsWith('build/'));

  test.each(products)('%s fails with a sentence when the disk is full', async (_, args) => {
    const full = openSync('/dev/full', 'w');
    child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', full, 'pipe'] });
    closeSync(full);
    expect(await ending()).toEqual({
      code: 1,
      stderr: 'the output cannot be written: ENOSPC: no space left on device, write\n',
    });
  });
});

test.each([
  ['server', ['build/server.js', '--no-such-flag']],
  ['client', ['build/client.js', '--no-such-flag']],
  ['client ws', ['build/client.js', 'ws', 'ws://a', 'ws://b']],
  ['admin', ['build/admin.js', 'no-such-command']],
  ['torture', ['--import', 'tsx', 'tests/torture/main.ts', '--no-such-flag']],
])('%s keeps its exit status 2 for misuse when nobody can read its errors', async (_, args) => {
  child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stderr?.destroy();
  child.stdout?.resume();
  expect((await ending()).code).toBe(2);
});

/** How the child has ended, and what it wrote to stderr. */
async function ending(): Promise<{ code: number | null; stderr: string }> {
  let stderr = '';
  child.stderr?.on('data', (text) => {
    stderr += text;
  });
  const [code] = await once(child, 'close');
  return { code, stderr };
}
