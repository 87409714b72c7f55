import { systemClock } from './clock';

const dayMs = 86_400_000;

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('a task runs once, not before its delay', () => {
  const task = jest.fn();
  systemClock.after(1_000, task);
  jest.advanceTimersByTime(999);
  expect(task).not.toHaveBeenCalled();
  jest.advanceTimersByTime(1);
  jest.advanceTimersByTime(10_000);
  expect(task).toHaveBeenCalledTimes(1);
});

test('a delay longer than setTimeout can count is kept', () => {
  const task = jest.fn();
  systemClock.after(60 * dayMs, task);
  jest.advanceTimersByTime(60 * dayMs - 1);
  expect(task).not.toHaveBeenCalled();
  jest.advanceTimersByTime(1);
  expect(task).toHaveBeenCalledTimes(1);
});

test('a cancelled task never runs, also after the first step of a long delay', () => {
  const task = jest.fn();
  const timer = systemClock.after(60 * dayMs, task);
  jest.advanceTimersByTime(30 * dayMs);
  timer.cancel();
  jest.advanceTimersByTime(60 * dayMs);
  expect(task).not.toHaveBeenCalled();
});

test('a timer does not keep the process alive', () => {
  const timeout = jest.spyOn(global, 'setTimeout');
  systemClock.after(1_000, () => {});
  expect(timeout.mock.results[0]?.value.hasRef()).toBe(false);
});

test('now is the time of the machine', () => {
  jest.setSystemTime(1_700_000_000_123);
  expect(systemClock.now()).toBe(1_700_000_000_123);
});
