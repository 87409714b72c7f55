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
  // One thread may do all of it while the other one still starts.
  const tasksMax = 2_000;
  for (let tasks = 0; tasks < tasksMax && threadsAtLowest() < 2; tasks += 2) {
    await Promise.all([1, 2].map(() => pool.run({ kind: 'hash', password: 'pw', cost: 8 })));
  }
  expect(threadsAtLowest()).toBe(2);
  expect(nicenessOf(String(process.pid))).toBeLessThan(19);
});

/** How many threads of this process run at the lowest priority. */
function threadsAtLowest(): number {
  return readdirSync('/proc/self/task').filter((thread) => nicenessOf(thread) === 19).length;
}

/** The 19th field of a thread's stat line, counted after the command, which may hold spaces; undefined when the thread has
 *  ended meanwhile. */
function nicenessOf(thread: string): number | undefined {
  try {
    const stat = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
  } catch {
    return undefined;
  }
}
