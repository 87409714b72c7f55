/** A database that is damaged is refused at the start with one sentence, and left as it is. */

import { closeSync, copyFileSync, openSync, readFileSync, statSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { runServer, ServerProcess } from '../harness/server-process';
import { createAccount } from './correspondents';

const pageBytes = 8_192;
let server: ServerProcess;
let copies = 0;

beforeAll(async () => {
  server = await ServerProcess.start();
  await createAccount(server, 'alice');
  server.signal('SIGTERM');
  await server.ended();
});
afterAll(() => server.stop());

/** A copy of the database, damaged in this way. */
function damaged(damage: (path: string) => void): string {
  copies += 1;
  const path = join(server.folder, `copy${copies}.db`);
  copyFileSync(server.database, path);
  damage(path);
  return path;
}

function overwrite(path: string, from: number, bytes: number): void {
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(bytes, 0xa5), 0, bytes, from);
  closeSync(file);
}

async function expectRefused(path: string, sentence: string): Promise<void> {
  const before = readFileSync(path);
  const ended = await runServer(['--database', path, '--port', '0']);
  expect(ended).toMatchObject({ code: 1, stdout: '' });
  expect(ended.stderr.trim().split('\n')).toEqual([`chateau: ${path} ${sentence}`]);
  expect(readFileSync(path).equals(before)).toBe(true);
}

const isDamaged = 'is damaged: restore it from a backup, or choose another file with --database';

test('when a page of its schema is overwritten', async () => {
  await expectRefused(
    damaged((path) => overwrite(path, 200, pageBytes - 200)),
    isDamaged,
  );
});

test('when the middle of its schema is overwritten', async () => {
  await expectRefused(
    damaged((path) => overwrite(path, pageBytes / 2, 1_000)),
    isDamaged,
  );
});

test('when it is cut short', async () => {
  await expectRefused(
    damaged((path) => truncateSync(path, Math.floor(statSync(path).size / 2))),
    isDamaged,
  );
});

test('when it is cut within a page', async () => {
  await expectRefused(
    damaged((path) => truncateSync(path, 3 * pageBytes + 100)),
    isDamaged,
  );
});

test('when its first page is overwritten', async () => {
  const sentence = 'is not a SQLite database: move it away, or choose another file with --database';
  await expectRefused(
    damaged((path) => overwrite(path, 0, pageBytes)),
    sentence,
  );
});
