import { bounds } from '../../shared/limits';
import type { Username } from '../../shared/names';
import { ManualClock } from '../../tests/harness/manual-clock';
import { quiet } from '../../tests/harness/quiet';
import { RecordingLogger } from '../../tests/harness/recording-logger';
import { ReferenceStore } from '../../tests/harness/reference-store';
import { Cursors } from './cursors';
import { Feed, type FeedSession } from './feed';
import { type Account, type CursorMove, mailboxOf, type Seq, seqZero } from './ports';

let store: ReferenceStore;
let clock: ManualClock;
let logger: RecordingLogger;
let cursors: Cursors;
/** What was asked of the store, one entry for each write. */
let writes: CursorMove[][];
let bob: Feed;
let carol: Feed;

beforeEach(() => {
  store = new ReferenceStore({ autoCommit: false });
  clock = new ManualClock();
  logger = new RecordingLogger();
  writes = [];
  const moveCursors = (moves: readonly CursorMove[]): Promise<void> => {
    writes.push([...moves]);
    return store.logs.moveCursors(moves);
  };
  cursors = new Cursors({ logs: { ...store.logs, moveCursors }, clock, logger });
  bob = mailboxFeed(store.tables.createAccount('bob' as Username, undefined));
  carol = mailboxFeed(store.tables.createAccount('carol' as Username, undefined));
});

function mailboxFeed(account: Account): Feed {
  const session = { account, device: 'phone' } as FeedSession;
  store.tables.cursorsOf(account.id, 'phone');
  for (let count = 0; count < 5; count += 1) appendTo(account);
  return new Feed(session, { log: mailboxOf(account.id), name: account.name, cursor: seqZero });
}

/** What is not there cannot be acknowledged. */
function appendTo({ id, name }: Account): void {
  const body = new Uint8Array(1);
  const sender = { senderId: id, from: name, to: name, key: undefined };
  store.tables.append({ ...sender, body, at: clock.now(), committed: () => {}, refused: () => {} });
}

function acknowledge(feed: Feed, seq: number): void {
  feed.acked = seq as Seq;
  cursors.moved(feed);
}

/** Whether a promise has resolved by now. */
async function isDone(promise: Promise<void>): Promise<boolean> {
  let done = false;
  void promise.then(() => {
    done = true;
  });
  await quiet();
  return done;
}

function stored(feed: Feed): Seq | undefined {
  return store.tables.cursorsOf(feed.session.account.id, 'phone').get(feed.log);
}

test('many acknowledgements within the delay cost one write, of where each log stands at its end', async () => {
  acknowledge(bob, 1);
  acknowledge(carol, 5);
  clock.advance(bounds.cursorDelayMs - 1);
  acknowledge(bob, 3);
  expect(writes).toEqual([]);
  clock.advance(1);
  store.commit();
  await quiet();
  expect(writes).toHaveLength(1);
  expect([stored(bob), stored(carol)]).toEqual([3, 5]);
});

test('what moves while a write is under way is in the next one', async () => {
  acknowledge(bob, 1);
  clock.advance(bounds.cursorDelayMs);
  acknowledge(bob, 2);
  clock.advance(bounds.cursorDelayMs);
  expect(writes).toHaveLength(1);
  store.commit();
  await quiet();
  store.commit();
  await quiet();
  expect(writes.map((moves) => moves.map((move) => move.seq))).toEqual([[1], [2]]);
  expect(stored(bob)).toBe(2);
});

test('a write that fails is logged, and the next acknowledgement takes the cursor along', async () => {
  acknowledge(bob, 2);
  clock.advance(bounds.cursorDelayMs);
  store.failNextCommit();
  store.commit();
  await quiet();
  expect(logger.errors).toEqual(['cursors_not_stored']);
  expect(stored(bob)).toBe(0);
  acknowledge(bob, 3);
  clock.advance(bounds.cursorDelayMs);
  store.commit();
  await quiet();
  expect(stored(bob)).toBe(3);
});

test('a write that fails is tried again, though nothing moves', async () => {
  acknowledge(bob, 2);
  clock.advance(bounds.cursorDelayMs);
  store.failNextCommit();
  store.commit();
  await quiet();
  clock.advance(bounds.writeRetryMs);
  store.commit();
  await quiet();
  expect(stored(bob)).toBe(2);
  clock.advance(bounds.writeRetryMs);
  expect(writes).toHaveLength(2);
  expect(clock.pendingCount).toBe(0);
});

test('a write that fails is not tried again for a session that is over', async () => {
  acknowledge(bob, 2);
  acknowledge(carol, 2);
  clock.advance(bounds.cursorDelayMs);
  store.failNextCommit();
  Object.assign(bob.session, { isEnded: true });
  store.commit();
  await quiet();
  clock.advance(bounds.writeRetryMs);
  expect(writes.map((moves) => moves.map(({ account }) => account))).toEqual([
    [bob.session.account.id, carol.session.account.id],
    [carol.session.account.id],
  ]);
});

describe('settle', () => {
  test('is done at once when nothing of the account is on its way, and writes nothing for others', async () => {
    acknowledge(carol, 1);
    expect(await isDone(cursors.settle(bob.session.account.id))).toBe(true);
    expect(writes).toEqual([]);
  });

  test('stores what the account has acknowledged without waiting for the delay', async () => {
    acknowledge(bob, 2);
    const settled = cursors.settle(bob.session.account.id);
    expect(await isDone(settled)).toBe(false);
    store.commit();
    await settled;
    expect(stored(bob)).toBe(2);
  });

  test('waits for the write that is under way', async () => {
    acknowledge(bob, 2);
    clock.advance(bounds.cursorDelayMs);
    const settled = cursors.settle(bob.session.account.id);
    expect(await isDone(settled)).toBe(false);
    store.commit();
    expect(await isDone(settled)).toBe(true);
  });

  test('waits for the write that follows the one under way', async () => {
    acknowledge(carol, 1);
    clock.advance(bounds.cursorDelayMs);
    acknowledge(bob, 2);
    clock.advance(bounds.cursorDelayMs);
    const settled = cursors.settle(bob.session.account.id);
    store.commit();
    expect(await isDone(settled)).toBe(false);
    store.commit();
    expect(await isDone(settled)).toBe(true);
    expect(stored(bob)).toBe(2);
  });
});

test('flush stores everything that has moved, also while a write is under way', async () => {
  acknowledge(bob, 1);
  clock.advance(bounds.cursorDelayMs);
  acknowledge(carol, 1);
  store.autoCommit = true;
  store.commit();
  await cursors.flush();
  await cursors.flush();
  expect([stored(bob), stored(carol)]).toEqual([1, 1]);
});
