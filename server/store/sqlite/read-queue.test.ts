import { RecordingLogger } from '../../../tests/harness/recording-logger';
import type { Call } from './calls';
import { storeBounds } from './limits';
import { ReadQueue } from './read-queue';
import type { Reads } from './reads';

let sent: { readonly id: number; readonly call: Call<Reads> }[];
let hasReader: boolean;
let queue: ReadQueue;
beforeEach(() => {
  sent = [];
  hasReader = true;
  queue = new ReadQueue({
    logger: new RecordingLogger(),
    send: (id, call) => hasReader && sent.push({ id, call }) > 0,
  });
});

function askPage(log: number): Promise<ArrayBuffer> {
  return queue.call('pages', [{ log, after: 0, through: 9 }] as never, 1);
}

/** The logs whose pages were asked of the thread, in order. */
function pagesSent(): unknown[] {
  return sent.flatMap(({ call }) => (call.name === 'pages' ? call.args[0].map(({ log }) => log) : []));
}

function answer(index: number): void {
  queue.settle(sent[index]?.id ?? 0, { kind: 'returned', value: `answer ${index}` });
}

/** The next turn of the event loop. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

test('pages are asked for a few in one turn, in order, and everything else passes them', async () => {
  expect(storeBounds.pagesInFlightMax).toBe(2);
  const pages = [1, 2, 3, 4].map(askPage);
  const head = queue.call('heads', []);
  expect([pagesSent(), sent.length]).toEqual([[1, 2], 3]);
  answer(2);
  expect(await head).toBe('answer 2');
  expect(pagesSent()).toEqual([1, 2]);
  answer(1);
  expect(pagesSent()).toEqual([1, 2]);
  await turn();
  expect(pagesSent()).toEqual([1, 2, 3]);
  answer(0);
  answer(3);
  await turn();
  answer(4);
  expect(await Promise.all(pages)).toEqual(['answer 0', 'answer 1', 'answer 3', 'answer 4']);
});

test('a reader that dies rejects pages that it was not asked for yet, and its successor is asked anew', async () => {
  const pages = [1, 2, 3].map(askPage);
  queue.failAll();
  for (const page of pages) await expect(page).rejects.toMatchObject({ code: 'store_failed' });
  void [4, 5].map(askPage);
  expect(pagesSent()).toEqual([1, 2, 4, 5]);
});

test('without a reader a page is rejected at once, and takes no place from others', async () => {
  hasReader = false;
  for (const log of [1, 2, 3]) await expect(askPage(log)).rejects.toMatchObject({ code: 'store_failed' });
  hasReader = true;
  void [4, 5].map(askPage);
  expect(pagesSent()).toEqual([4, 5]);
});

test('pages that waited for their turn are rejected when there is no thread any more', async () => {
  const pages = [1, 2, 3, 4].map(askPage);
  hasReader = false;
  answer(0);
  answer(1);
  for (const page of pages.slice(2)) await expect(page).rejects.toMatchObject({ code: 'store_failed' });
});

test('it is idle when no page waits any more', async () => {
  void [1, 2, 3].map(askPage);
  let isIdle = false;
  const idle = queue.idle().then(() => {
    isIdle = true;
  });
  answer(0);
  answer(1);
  await turn();
  expect(isIdle).toBe(false);
  answer(2);
  await idle;
  await queue.idle();
});

test('backlogs and pages that wait take turns', async () => {
  void [1, 2, 3, 4].map(askPage);
  for (const log of [11, 12, 13]) void queue.call('backlog', [{ log, after: 0 }] as never, 1);
  const order = (): unknown[] => sent.map(({ call }) => (call.args[0] as unknown as { log: number }[])[0]?.log);
  expect(order()).toEqual([1, 2]);
  for (let index = 0; index < 5; index += 1) {
    answer(index);
    await turn();
  }
  expect(order()).toEqual([1, 2, 11, 3, 12, 4, 13]);
});
