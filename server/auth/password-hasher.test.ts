import { getRounds } from 'bcryptjs';
import type { HashPool } from './hash-pool';
import runHashTask, { type HashTask } from './hash-worker';
import { createPasswordHasher } from './password-hasher';

const cost = 5;
type Pool = Pick<HashPool, 'run' | 'close'>;

/** Does tasks on this thread and keeps what it was asked. */
function recordingPool() {
  const tasks: HashTask[] = [];
  const pool: Pool = {
    run: async (task) => {
      tasks.push(task);
      return runHashTask(task);
    },
    close: jest.fn(async () => {}),
  };
  return { pool, costs: () => tasks.map((task) => (task.kind === 'hash' ? task.cost : getRounds(task.hash))), tasks };
}

test('a password matches its own hash and no other', async () => {
  const hasher = createPasswordHasher({ pool: recordingPool().pool, cost });
  const hash = await hasher.hash('käse 🧀');
  expect(getRounds(hash)).toBe(cost);
  expect(await hasher.verify('käse 🧀', hash)).toBe(true);
  expect(await hasher.verify('kase 🧀', hash)).toBe(false);
});

test('two hashes of one password differ', async () => {
  const hasher = createPasswordHasher({ pool: recordingPool().pool, cost });
  expect(await hasher.hash('pw')).not.toBe(await hasher.hash('pw'));
});

test('an unknown name costs as many bcrypt rounds as a wrong password', async () => {
  const { pool, costs, tasks } = recordingPool();
  const hasher = createPasswordHasher({ pool, cost });
  const hash = await hasher.hash('right');
  expect(await hasher.verify('wrong', hash)).toBe(false);
  expect(await hasher.verify('wrong', undefined)).toBe(false);
  expect(costs()).toEqual([cost, cost, cost]);
  expect(tasks.map((task) => task.kind)).toEqual(['hash', 'verify', 'verify']);
});

test('the check without a hash runs bcrypt to its end: what it checks against is well-formed', async () => {
  const { pool, tasks } = recordingPool();
  await createPasswordHasher({ pool, cost }).verify('pw', undefined);
  expect(tasks[0]).toMatchObject({ hash: expect.stringMatching(/^\$2[aby]\$05\$[./A-Za-z0-9]{53}$/) });
});

test('no password matches where there is no hash, whatever the pool says', async () => {
  const pool: Pool = { run: async () => true, close: async () => {} };
  expect(await createPasswordHasher({ pool, cost }).verify('pw', undefined)).toBe(false);
});

test('a stored hash that is not bcrypt matches nothing', async () => {
  const hasher = createPasswordHasher({ pool: recordingPool().pool, cost });
  expect(await hasher.verify('pw', 'pw')).toBe(false);
  expect(await hasher.verify('pw', '')).toBe(false);
});

test('a password of 72 bytes is hashed, one of 73 bytes is refused before it reaches bcrypt', async () => {
  const { pool, tasks } = recordingPool();
  const hasher = createPasswordHasher({ pool, cost });
  const longest = 'ä'.repeat(36);
  const hash = await hasher.hash(longest);
  expect(await hasher.verify(longest, hash)).toBe(true);
  const asked = tasks.length;
  await expect(hasher.hash(`${longest}x`)).rejects.toMatchObject({ code: 'password_invalid' });
  await expect(hasher.verify(`${longest}x`, hash)).rejects.toMatchObject({ code: 'password_invalid' });
  expect(tasks).toHaveLength(asked);
});

test('closing the hasher closes its pool', async () => {
  const { pool } = recordingPool();
  await createPasswordHasher({ pool, cost }).close();
  expect(pool.close).toHaveBeenCalledTimes(1);
});
