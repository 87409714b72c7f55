/** A server whose terminal, log file or reader is gone. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { RawClient } from '../harness/raw-client';

const root = join(__dirname, '..', '..');
const settings = ['--memory', '--port', '0', '--grpc-port', 'off', '--chatbot-port', 'off', '--nickroom-port', 'off'];

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
