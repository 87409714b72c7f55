import type { Username } from '../../shared/names';
import { ManualClock } from '../../tests/harness/manual-clock';
import { quiet } from '../../tests/harness/quiet';
import { RecordingLogger } from '../../tests/harness/recording-logger';
import { ReferenceStore } from '../../tests/harness/reference-store';
import { type Account, type AccountDevice, defaultDevice, mailboxOf, type Seq } from './ports';
import { Retention, retentionBounds } from './retention';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

let clock: ManualClock;
let store: ReferenceStore;
let logger: RecordingLogger;
let inUse: AccountDevice[];
let alice: Account;
beforeEach(() => {
  clock = new ManualClock();
  store = new ReferenceStore();
  logger = new RecordingLogger();
  inUse = [];
  alice = store.tables.createAccount('alice' as Username, undefined);
});

function retain(historyDays: number): Retention {
  const retention = new Retention(
    { store: store.retention, clock, logger, devicesInUse: () => inUse },
    { historyDays },
  );
  retention.start();
  return retention;
}

/** Lets `ms` go by, and with each minute all that falls due. */
async function pass(ms: number, stepMs = minuteMs): Promise<void> {
  await quiet();
  for (let passed = 0; passed < ms; passed += stepMs) {
    clock.advance(stepMs);
    await quiet();
  }
}

/** Messages to alice, of now. */
function send(count: number): void {
  for (let i = 0; i < count; i += 1) {
    store.tables.append({
      senderId: alice.id,
      from: alice.name,
      to: alice.name as never,
      key: undefined,
      body: new Uint8Array([0x78]),
      at: clock.now(),
      committed: () => {},
      refused: () => {},
    });
  }
}

function acknowledge(seq: number, device: string = defaultDevice): void {
  store.tables.moveCursor({ account: alice.id, device, log: mailboxOf(alice.id), seq: seq as Seq });
}

function stored(): number {
  return store.tables.messages.get(mailboxOf(alice.id))?.length ?? 0;
}

test('a message that was acknowledged is history for so many days, and then goes with the next sweep', async () => {
  send(1);
  acknowledge(1);
  retain(2);
  await pass(2 * dayMs, hourMs);
  expect(stored()).toBe(1);
  await pass(2 * hourMs);
  expect(stored()).toBe(0);
});

test('without history a message still stays for an hour, for a sender that retries', async () => {
  send(1);
  acknowledge(1);
  retain(0);
  await pass(hourMs - 1, minuteMs);
  expect(stored()).toBe(1);
  await pass(2 * hourMs);
  expect(stored()).toBe(0);
});

test('what is old already goes at the start, in many short writes with a pause after each', async () => {
  const { messagesMax, pauseMs } = retentionBounds;
  send(3 * messagesMax);
  acknowledge(3 * messagesMax);
  clock.advance(2 * hourMs);
  retain(0);
  await quiet();
  expect(stored()).toBe(2 * messagesMax);
  clock.advance(pauseMs - 1);
  await quiet();
  expect(stored()).toBe(2 * messagesMax);
  await pass(3 * pauseMs, 1);
  expect(stored()).toBe(0);
});

describe('a device that stays away', () => {
  beforeEach(() => {
    store.tables.cursorsOf(alice.id, 'phone', clock.now());
    send(1);
    acknowledge(1);
  });

  test('holds messages back for thirty days', async () => {
    retain(0);
    await pass(30 * dayMs, hourMs);
    expect(stored()).toBe(1);
    await pass(2 * hourMs, hourMs / 2);
    expect(stored()).toBe(0);
  });

  test('holds them back for as long as history is kept, if that is longer', async () => {
    retain(40);
    await pass(40 * dayMs, hourMs);
    expect(stored()).toBe(1);
    await pass(3 * hourMs, hourMs / 2);
    expect(stored()).toBe(0);
  });

  test('has an hour to come back when the server was down for long', async () => {
    clock.advance(90 * dayMs);
    retain(0);
    await pass(hourMs - minuteMs);
    expect(stored()).toBe(1);
    store.tables.cursorsOf(alice.id, 'phone', clock.now());
    await pass(dayMs, hourMs);
    expect(stored()).toBe(1);
  });

  test('is not forgotten while it is logged in, however long that is', async () => {
    inUse = [{ account: alice.id, device: 'phone' }];
    retain(0);
    await pass(99 * dayMs, hourMs);
    expect(stored()).toBe(1);
    inUse = [];
    await pass(32 * dayMs, hourMs);
    expect(stored()).toBe(0);
  });
});

test('many devices are seen and forgotten in several writes', async () => {
  const { devicesSeenMax } = retentionBounds;
  const accounts = Array.from({ length: devicesSeenMax + 1 }, (_, i) =>
    store.tables.createAccount(`a${i}` as Username, undefined),
  );
  inUse = accounts.map(({ id }) => ({ account: id, device: 'phone' }));
  for (const { account, device } of inUse) store.tables.cursorsOf(account, device, clock.now());
  const devices = (): number => accounts.filter(({ id }) => store.tables.accounts.get(id)?.cursors.has('phone')).length;
  retain(0);
  await pass(40 * dayMs, hourMs);
  expect(devices()).toBe(accounts.length);
  inUse = [];
  await pass(31 * dayMs, hourMs);
  await pass(minuteMs, 10);
  expect(devices()).toBe(0);
});

test('a write that fails is logged, and the next sweep does what it left', async () => {
  send(1);
  acknowledge(1);
  clock.advance(2 * hourMs);
  store.failNextCommit('store_full');
  retain(0);
  await pass(59 * minuteMs);
  expect([logger.errors, stored()]).toEqual([['not_pruned'], 1]);
  await pass(2 * minuteMs);
  expect([logger.errors, stored()]).toEqual([['not_pruned'], 0]);
});

describe('after it was closed', () => {
  test('in a pause, nothing more is removed', async () => {
    send(3 * retentionBounds.messagesMax);
    acknowledge(3 * retentionBounds.messagesMax);
    clock.advance(2 * hourMs);
    const retention = retain(0);
    await quiet();
    await retention.close();
    await pass(2 * hourMs);
    expect([stored(), clock.pendingCount]).toEqual([2 * retentionBounds.messagesMax, 0]);
  });

  test('between two sweeps, there is none any more', async () => {
    const retention = retain(0);
    await pass(minuteMs);
    await retention.close();
    send(1);
    acknowledge(1);
    await pass(3 * hourMs);
    expect([stored(), clock.pendingCount]).toEqual([1, 0]);
  });

  test('during a write, it resolves once that is through', async () => {
    store.autoCommit = false;
    const retention = retain(0);
    await quiet();
    let isClosed = false;
    const closed = retention.close().then(() => {
      isClosed = true;
    });
    await quiet();
    expect(isClosed).toBe(false);
    store.commit();
    await closed;
    expect(clock.pendingCount).toBe(0);
  });
});
