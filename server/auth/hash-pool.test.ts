import { readdirSync, readFileSync } from 'node:fs';
import type { Logger } from '../core/ports';
import { type HashPool, openHashPool } from './hash-pool';

const cost = 4;
const logger: Logger = { info: () => {}, warn: () => {}, error: () => {} };
let pool: HashPool;

afterEach(() => pool.close());

test('a hash made in a thread is verified in a thread', async () => {
  pool = openHashPool({ logger, threads: 1 });
  const hash = await pool.run({ kind: 'hash', password: 'pw', cost });
  expect(hash).toMatch(/^\$2[aby]\$04\$/);
  expect(await pool.run({ kind: 'verify', password: 'pw', hash: String(hash) })).toBe(true);
  expect(await pool.run({ kind: 'verify', password: 'no', hash: String(hash) })).toBe(false);
});

test('more tasks than the bound are refused with busy, and the others are done', async () => {
  pool = openHashPool({ logger, threads: 1, tasksMax: 3 });
  const runs = await Promise.allSettled(
    Array.from({ length: 5 }, () => pool.run({ kind: 'hash', password: 'pw', cost })),
  );
  expect(runs.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected']);
  expect(runs[4]).toMatchObject({ reason: { code: 'busy' } });
  expect(await pool.run({ kind: 'hash', password: 'pw', cost })).toEqual(expect.any(String));
});

test('a task that fails makes room again and leaves the pool working', async () => {
  pool = openHashPool({ logger, threads: 1, tasksMax: 1 });
  const malformed = `$2x$04$${'.'.repeat(53)}`;
  await expect(pool.run({ kind: 'verify', password: 'pw', hash: malformed })).rejects.toThrow(/salt/);
  expect(await pool.run({ kind: 'hash', password: 'pw', cost })).toEqual(expect.any(String));
});

test('closing refuses what runs, what waits and what comes later, without waiting for it', async () => {
  pool = openHashPool({ logger, threads: 1 });
  const slow = Array.from({ length: 3 }, () => pool.run({ kind: 'hash', password: 'pw', cost: 15 }));
  const settled = Promise.allSettled(slow);
  await pool.close();
  for (const run of await settled) expect(run).toMatchObject({ status: 'rejected', reason: { code: 'closing' } });
  await expect(pool.run({ kind: 'hash', password: 'pw', cost })).rejects.toMatchObject({ code: 'closing' });
});

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux('the threads run at the lowest priority and the main thread does not', async () => {
  pool = openHashPool({ logger, threads: 2 });
  await Promise.all(Array.from({ length: 4 }, () => pool.run({ kind: 'hash', password: 'pw', cost: 8 })));
  const niceness = readdirSync('/proc/self/task').map((thread) => [Number(thread), nicenessOf(thread)]);
  expect(niceness.find(([thread]) => thread === process.pid)?.[1]).toBe(nicenessOf(String(process.pid)));
  expect(nicenessOf(String(process.pid))).toBeLessThan(19);
  expect(niceness.filter(([, nice]) => nice === 19)).toHaveLength(2);
});

/** The 19th field of a thread's stat line, counted after the command, which may hold spaces. */
function nicenessOf(thread: string): number {
  const stat = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
}
