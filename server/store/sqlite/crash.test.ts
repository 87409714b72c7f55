import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Username } from '../../../shared/names';
import { RecordingLogger } from '../../../tests/harness/recording-logger';
import { mailboxOf, type Seq } from '../../core/ports';
import { openSqliteStore } from './store';

const migrationsFolder = join(__dirname, '../../../migrations/sqlite');
const folder = mkdtempSync(join(tmpdir(), 'chateau-crash-'));
const path = join(folder, 'chateau.db');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the child until it has printed `count` seqs, kills it in the middle of its work, and gives what it printed. */
async function crashAfter(count: number): Promise<number[]> {
  const args = ['--require', 'tsx/cjs', join(__dirname, 'crash-child.ts'), path];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
    if (printed.split('\n').length > count) child.kill('SIGKILL');
  });
  const [, signal] = await once(child, 'close');
  expect(signal).toBe('SIGKILL');
  // The last line may have been cut.
  return printed.split('\n').slice(0, -1).map(Number);
}

test('every message that was told committed before SIGKILL is there afterwards, and no seq is given twice', async () => {
  let last = 0;
  for (let crash = 0; crash < 3; crash += 1) {
    const told = await crashAfter(500);
    expect(told[0]).toBeGreaterThan(last);
    expect(told).toEqual(told.map((_, i) => (told[0] as number) + i));
    last = told.at(-1) as number;

    const logger = new RecordingLogger();
    const store = await openSqliteStore({ path, migrationsFolder, logger, mailboxMessagesMax: 1_000_000 });
    const alice = await store.accounts.find('alice' as Username);
    const log = mailboxOf(alice?.id ?? (0 as never));
    const [kept = []] = await store.logs.read([{ log, after: 0 as Seq, through: last as Seq }], 100_000_000);
    expect(kept.map((message) => message.seq)).toEqual(Array.from({ length: last }, (_, i) => i + 1));
    await store.close();
  }
});
