import { ManualClock } from './manual-clock';
import { quiet } from './quiet';
import { seededChance } from './seeded-chance';
import { UnstalledTime } from './unstalled-time';

describe('the manual clock', () => {
  test('runs what is due in the order of its time, and at that time', () => {
    const clock = new ManualClock(1_000);
    const ran: string[] = [];
    const note = (name: string) => (): void => void ran.push(`${name} at ${clock.now()}`);
    clock.after(20, note('second'));
    clock.after(10, () => {
      note('first')();
      clock.after(5, note('set by the first'));
    });
    clock.after(20, note('third'));
    clock.after(31, note('too late'));
    clock.advance(30);
    expect(ran).toEqual(['first at 1010', 'set by the first at 1015', 'second at 1020', 'third at 1020']);
    expect([clock.now(), clock.pendingCount]).toEqual([1_030, 1]);
  });

  test('does not run what was cancelled', () => {
    const clock = new ManualClock();
    const timer = clock.after(10, () => {
      throw new Error('ran');
    });
    timer.cancel();
    timer.cancel();
    clock.advance(10);
    expect(clock.pendingCount).toBe(0);
  });
});

describe('the seeded chance', () => {
  test('draws the same for the same seed, and something else for another', () => {
    const draw = (seed: number): number[] => {
      const chance = seededChance(seed);
      return Array.from({ length: 5 }, () => chance.fraction());
    };
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3)).not.toEqual(draw(4));
  });

  test('is at least 0, below 1, and even', () => {
    const chance = seededChance(11);
    const drawn = Array.from({ length: 10_000 }, () => chance.fraction());
    expect(drawn.every((fraction) => fraction >= 0 && fraction < 1)).toBe(true);
    expect(drawn.reduce((sum, fraction) => sum + fraction, 0) / drawn.length).toBeCloseTo(0.5, 1);
  });
});

test('quiet waits for every promise that can go on', async () => {
  let steps = 0;
  const walk = async (): Promise<void> => {
    for (; steps < 1_000; steps += 1) await Promise.resolve();
  };
  void walk();
  await quiet();
  expect(steps).toBe(1_000);
});

describe('time without stalls', () => {
  const sleeping = new Int32Array(new SharedArrayBuffer(4));

  test('counts work, and hardly anything of a stall', () => {
    const stalled = new UnstalledTime();
    Atomics.wait(sleeping, 0, 0, 1_000);
    const stalledMs = stalled.stop();
    const working = new UnstalledTime();
    const [begun, { user, system }] = [performance.now(), process.cpuUsage()];
    const workedMs = (): number => {
      const now = process.cpuUsage();
      return (now.user + now.system - user - system) / 1_000;
    };
    while (workedMs() < 200 || performance.now() - begun < 200);
    expect(stalledMs).toBeLessThan(500);
    expect(working.stop()).toBeGreaterThanOrEqual(200);
  });
});
