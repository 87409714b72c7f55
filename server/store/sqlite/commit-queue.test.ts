import { RecordingLogger } from '../../../tests/harness/recording-logger';
import type { Draft } from '../../core/ports';
import { CommitQueue } from './commit-queue';
import { storeBounds } from './limits';
import { packRefused } from './outcome-pack';
import { PackWriter } from './pack';
import type { Batch, BatchResult } from './writer';

const fault = { code: 'SQLITE_IOERR', message: 'the disk is gone', stack: undefined };

let logger: RecordingLogger;
let sent: Batch[];
let hasWriter: boolean;
let queue: CommitQueue;
let told: string[];
beforeEach(() => {
  logger = new RecordingLogger();
  sent = [];
  told = [];
  hasWriter = true;
  queue = new CommitQueue({
    onCommitted: () => {},
    logger,
    send: (batch) => hasWriter && sent.push(batch) > 0,
  });
});

function append(name: string, tell: (code: string) => void = (code) => told.push(`${name} ${code}`)): void {
  const body = new Uint8Array(10);
  queue.append({ senderId: 1, from: 'a', to: 'b', at: 0, key: undefined, body, refused: tell } as unknown as Draft);
}

/** The writer's answer that every draft is blocked and every call done. */
function answerTo({ draftCount, calls }: Batch): BatchResult {
  const pack = new PackWriter(1);
  for (let i = 0; i < draftCount; i += 1) packRefused(pack, 'blocked');
  const outcomes = calls.map(({ call }) => ({ kind: 'returned' as const, value: call.args }));
  return { kind: 'committed', outcomes: pack.buffer, outcomesBytes: pack.length, calls: outcomes };
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

test('what is appended in one turn leaves as one batch, what comes while it is away as the next', async () => {
  append('1');
  append('2');
  expect(sent).toEqual([]);
  await turn();
  for (let i = 0; i < 10_000; i += 1) append(`${i + 3}`);
  await turn();
  expect(sent.map((batch) => batch.draftCount)).toEqual([2]);
  queue.settle(answerTo(sent[0] as Batch));
  expect(sent.map((batch) => batch.draftCount)).toEqual([2, 10_000]);
  expect(told).toEqual(['1 blocked', '2 blocked']);
});

test('the writer has the next batch before those who waited for the last one are told', async () => {
  const sentWhenTold: number[] = [];
  append('1', () => sentWhenTold.push(sent.length));
  await turn();
  append('2');
  queue.settle(answerTo(sent[0] as Batch));
  expect(sentWhenTold).toEqual([2]);
});

test('drafts and calls settle in the order in which they came', async () => {
  append('1');
  const call = queue.call('unseal', 7 as never).then(() => told.push('call'));
  await turn();
  queue.settle(answerTo(sent[0] as Batch));
  await call;
  append('2');
  await turn();
  queue.settle(answerTo(sent[1] as Batch));
  expect(told).toEqual(['1 blocked', 'call', '2 blocked']);
});

test('a batch that failed is told to all who wait and logged once', async () => {
  append('1');
  const call = queue.call('unseal', 7 as never);
  append('2');
  await turn();
  queue.settle({ kind: 'failed', code: 'store_full', fault });
  await expect(call).rejects.toMatchObject({ code: 'store_full' });
  expect(told).toEqual(['1 store_full', '2 store_full']);
  expect(logger.errors).toEqual(['commit_failed']);
});

test('a writer that dies fails its batch, the next one goes to its successor, and without one fails too', async () => {
  append('1');
  await turn();
  append('2');
  queue.failInFlight();
  expect(told).toEqual(['1 store_failed']);
  await turn();
  expect(sent).toHaveLength(2);
  hasWriter = false;
  queue.failInFlight();
  append('3');
  expect(told).toEqual(['1 store_failed', '2 store_failed']);
  await turn();
  expect(told).toEqual(['1 store_failed', '2 store_failed', '3 store_failed']);
});

test('more drafts than the bound are congestion until they have left; nothing is dropped', async () => {
  const relief: boolean[] = [];
  queue.onRelief(() => {
    throw new Error('a bug of the listener');
  });
  queue.onRelief(() => relief.push(queue.congested));
  append('0');
  await turn();
  for (let i = 0; i < storeBounds.gatheringWritesMax; i += 1) append('x');
  expect(queue.congested).toBe(false);
  append('one more');
  append('and another');
  expect(queue.congested).toBe(true);
  queue.settle(answerTo(sent[0] as Batch));
  expect(relief).toEqual([false]);
  expect(sent[1]?.draftCount).toBe(storeBounds.gatheringWritesMax + 2);
  expect(logger.errors).toEqual(['relief_not_told']);
});

test('closing waits for what was appended, also when it fails', async () => {
  append('1');
  await turn();
  append('2');
  const closed = queue.close().then(() => told.push('closed'));
  hasWriter = false;
  queue.failInFlight();
  await closed;
  expect(told).toEqual(['1 store_failed', '2 store_failed', 'closed']);
  await queue.close();
});
