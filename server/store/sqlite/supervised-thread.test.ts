import { StoreOpenError } from '../open-error';
import { storeBounds } from './limits';
import type { ThreadListener } from './start-thread';
import { SupervisedThread } from './supervised-thread';
import type { ThreadData, ToThread } from './thread-messages';

const data: ThreadData = { role: 'reader', path: 'x.db' };
let started: ThreadListener[];
let sent: ToThread[];
let deaths: string[];
let thread: SupervisedThread;

function supervise(restarts: boolean): void {
  started = [];
  sent = [];
  deaths = [];
  thread = new SupervisedThread({
    start: (_, listener) => {
      started.push(listener);
      return { send: (message) => sent.push(message), terminate: () => {} };
    },
    data: () => data,
    restarts,
    onReply: () => {},
    onDeath: (cause) => deaths.push(cause.message),
  });
}

beforeEach(() => {
  jest.useFakeTimers();
  supervise(true);
});
afterEach(() => jest.useRealTimers());

async function open(): Promise<void> {
  const opening = thread.open();
  started[0]?.message({ kind: 'opened' });
  await opening;
}

test('a thread that cannot open its database says why, and is not started again', async () => {
  const opening = thread.open();
  started[0]?.message({ kind: 'unopened', sentence: 'it is locked' });
  started[0]?.ended(undefined);
  await expect(opening).rejects.toEqual(new StoreOpenError('it is locked'));
  jest.advanceTimersByTime(60_000);
  expect(started).toHaveLength(1);
  expect(deaths).toEqual([]);
});

test('a thread that ends before it has said anything is an error too', async () => {
  const opening = thread.open();
  started[0]?.ended(undefined);
  await expect(opening).rejects.toThrow('ended while it was being opened');
});

test('nothing is sent to a thread that is not there', async () => {
  expect(thread.send({ kind: 'close' }, [])).toBe(false);
  await open();
  expect(thread.send({ kind: 'close' }, [])).toBe(true);
  started[0]?.ended(new Error('out of memory'));
  expect(thread.send({ kind: 'close' }, [])).toBe(false);
  expect(deaths).toEqual(['out of memory']);
});

test('a thread that dies is started again, later each time that it does not come up', async () => {
  await open();
  const delays: number[] = [];
  started[0]?.ended(undefined);
  for (let attempt = 1; attempt <= 8; attempt += 1) {
    const before = Date.now();
    jest.advanceTimersToNextTimer();
    delays.push(Date.now() - before);
    started[attempt]?.message({ kind: 'unopened', sentence: 'the disk is gone' });
    started[attempt]?.ended(undefined);
  }
  expect(delays).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
  jest.advanceTimersToNextTimer();
  started[9]?.message({ kind: 'opened' });
  expect(thread.send({ kind: 'close' }, [])).toBe(true);
  started[9]?.ended(new Error('again'));
  jest.advanceTimersByTime(storeBounds.restartDelayMinMs);
  expect(started).toHaveLength(11);
  expect(deaths.at(0)).toBe('a thread of the store ended by itself');
  expect(deaths.at(1)).toBe('the disk is gone');
});

test('a thread whose data died with it is not started again', async () => {
  supervise(false);
  await open();
  started[0]?.ended(new Error('out of memory'));
  jest.advanceTimersByTime(60_000);
  expect(started).toHaveLength(1);
  await thread.close();
});

test('closing waits for the end, also when that is a death', async () => {
  await open();
  const closing = thread.close();
  expect(sent).toEqual([{ kind: 'close' }]);
  expect(thread.send({ kind: 'close' }, [])).toBe(false);
  started[0]?.ended(undefined);
  await closing;
  expect(deaths).toEqual([]);

  supervise(true);
  await open();
  const dying = thread.close();
  started[0]?.ended(new Error('while closing'));
  await dying;
  jest.advanceTimersByTime(60_000);
  expect([started.length, deaths]).toEqual([1, ['while closing']]);
});

test('closing while it is down starts nothing any more', async () => {
  await open();
  started[0]?.ended(new Error('out of memory'));
  await thread.close();
  jest.advanceTimersByTime(60_000);
  expect(started).toHaveLength(1);
});

test('closing waits for a thread that is still being opened, also when that fails', async () => {
  for (const failure of ['unopened', 'opened'] as const) {
    supervise(true);
    const opening = thread.open();
    const closing = thread.close();
    started[0]?.message(failure === 'opened' ? { kind: 'opened' } : { kind: 'unopened', sentence: 'it is gone' });
    started[0]?.ended(undefined);
    if (failure === 'opened') await opening;
    else await expect(opening).rejects.toEqual(new StoreOpenError('it is gone'));
    await closing;
    expect(deaths).toEqual([]);
  }
});
