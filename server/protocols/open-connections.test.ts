import { ManualClock } from '../../tests/harness/manual-clock';
import { OpenConnections } from './open-connections';

function stage(...names: string[]) {
  const connections = new OpenConnections<string>();
  for (const name of names) connections.add(name);
  const clock = new ManualClock();
  const seen = { isDrained: false };
  const drained = async (patienceMs: number): Promise<void> => {
    await connections.drained(clock, patienceMs);
    seen.isDrained = true;
  };
  return { connections, clock, seen, drained };
}

/** Lets everything run that only waits for its turn. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

test('where no connection is open nobody waits', async () => {
  const { clock, drained } = stage();
  await drained(1_000);
  expect(clock.pendingCount).toBe(0);
});

test('the wait is over when the last connection has closed, and not before', async () => {
  const { connections, seen, drained } = stage('a', 'b');
  const waiting = drained(1_000);
  connections.delete('a');
  await turn();
  expect(seen.isDrained).toBe(false);
  connections.delete('b');
  await waiting;
});

test('a connection that comes meanwhile is waited for too', async () => {
  const { connections, seen, drained } = stage('a');
  const waiting = drained(1_000);
  connections.add('b');
  connections.delete('a');
  await turn();
  expect(seen.isDrained).toBe(false);
  connections.delete('b');
  await waiting;
});

test('who is still there after the patience is waited for no longer, until somebody waits again', async () => {
  const { connections, clock, seen, drained } = stage('a');
  const waiting = drained(1_000);
  clock.advance(999);
  await turn();
  expect(seen.isDrained).toBe(false);
  clock.advance(1);
  await waiting;
  seen.isDrained = false;
  const again = drained(1_000);
  await turn();
  expect(seen.isDrained).toBe(false);
  connections.delete('a');
  await again;
});
