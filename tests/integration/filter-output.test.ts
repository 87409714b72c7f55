/** What the filter prints goes where nothing can be written. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { ServerProcess } from '../harness/server-process';

let server: ServerProcess;

beforeAll(async () => {
  server = await ServerProcess.start();
});
afterAll(() => server.stop());

/** Runs the filter on these lines; `sink` takes its output instead of this process. */
async function run(
  lines: readonly string[],
  sink: number | 'pipe' = 'pipe',
): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  const child = spawn(process.execPath, [join('build', 'client.js'), '--port', String(server.port)], {
    cwd: join(__dirname, '..', '..'),
    env: { ...process.env, XDG_STATE_HOME: server.folder },
    stdio: ['pipe', sink, 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout?.on('data', (text) => {
    out += text;
  });
  child.stderr?.on('data', (text) => {
    err += text;
  });
  // It may end before it has read everything.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(lines.map((line) => `${line}\n`).join(''));
  const [code] = await once(child, 'close');
  return { code, out, err };
}

test('a full disk is a failure, and what could not be written comes again', async () => {
  await run(['create alice pw', 'create bob pw', 'login alice pw', 'send bob hi']);
  const full = openSync('/dev/full', 'w');
  expect(await run(['login bob pw'], full)).toEqual({
    code: 1,
    out: '',
    err: 'the output cannot be written: ENOSPC: no space left on device, write\n',
  });
  closeSync(full);
  expect((await run(['login bob pw'])).out).toMatch(/^message \S+ 1 alice bob hi\nok login bob 1\n$/);
});
