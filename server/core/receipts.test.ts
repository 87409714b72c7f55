import { bounds } from '../../shared/limits';
import type { Username } from '../../shared/names';
import type { FeedSession } from './feed';
import type { LogId, Seq } from './ports';
import { Receipts } from './receipts';

const mailbox = 1 as LogId;
const otherMailbox = 2 as LogId;
const bob = 'bob' as Username;
const carol = 'carol' as Username;
let receipts: Receipts;

beforeEach(() => {
  receipts = new Receipts();
});

/** A sender, and the receipts that it was told of. */
function sender(): FeedSession & { readonly told: string[] } {
  const told: string[] = [];
  return { told, receipt: (to: string, seq: Seq) => told.push(`${to} ${seq}`) } as never;
}

function expectFrom(session: FeedSession, log: LogId, ...seqs: number[]): void {
  for (const seq of seqs) receipts.expect(log, seq as Seq, log === mailbox ? bob : carol, session);
}

test('a sender is told of each message that is acknowledged, once, in order, and of no later one', () => {
  const alice = sender();
  expectFrom(alice, mailbox, 1, 2, 4);
  receipts.acknowledged(mailbox, 2 as Seq);
  expect(alice.told).toEqual(['bob 1', 'bob 2']);
  receipts.acknowledged(mailbox, 3 as Seq);
  expect(alice.told).toHaveLength(2);
  receipts.acknowledged(mailbox, 4 as Seq);
  receipts.acknowledged(mailbox, 4 as Seq);
  expect(alice.told).toEqual(['bob 1', 'bob 2', 'bob 4']);
});

test('of a log that is gone nobody is told, and its receipts are no longer pending', () => {
  const alice = sender();
  for (let seq = 1; seq <= bounds.receiptsPendingMax; seq += 1) expectFrom(alice, mailbox, seq);
  receipts.drop(mailbox);
  receipts.drop(mailbox);
  expectFrom(alice, otherMailbox, 1);
  receipts.acknowledged(mailbox, bounds.receiptsPendingMax as Seq);
  receipts.acknowledged(otherMailbox, 1 as Seq);
  expect(alice.told).toEqual(['carol 1']);
});

test('each sender is told of its own messages only, and each log by itself', () => {
  const alice = sender();
  const dave = sender();
  expectFrom(alice, mailbox, 1, 3);
  expectFrom(dave, mailbox, 4);
  expectFrom(dave, otherMailbox, 1);
  receipts.acknowledged(mailbox, 9 as Seq);
  expect(alice.told).toEqual(['bob 1', 'bob 3']);
  expect(dave.told).toEqual(['bob 4']);
  receipts.acknowledged(otherMailbox, 1 as Seq);
  expect(dave.told).toEqual(['bob 4', 'carol 1']);
});

test('an acknowledgement that nobody waits for tells nobody', () => {
  expect(() => receipts.acknowledged(mailbox, 1 as Seq)).not.toThrow();
});

test('a session whose receipts are due up to the bound gets none for later messages, until some were told', () => {
  const alice = sender();
  for (let seq = 1; seq <= bounds.receiptsPendingMax + 1; seq += 1) expectFrom(alice, mailbox, seq);
  receipts.acknowledged(mailbox, (bounds.receiptsPendingMax + 1) as Seq);
  expect(alice.told).toHaveLength(bounds.receiptsPendingMax);
  expect(alice.told.at(-1)).toBe(`bob ${bounds.receiptsPendingMax}`);
  expectFrom(alice, mailbox, bounds.receiptsPendingMax + 2);
  receipts.acknowledged(mailbox, (bounds.receiptsPendingMax + 2) as Seq);
  expect(alice.told).toHaveLength(bounds.receiptsPendingMax + 1);
});

test('a session that was forgotten is told nothing more; others are', () => {
  const alice = sender();
  const dave = sender();
  expectFrom(alice, mailbox, 1);
  expectFrom(dave, mailbox, 2);
  expectFrom(alice, otherMailbox, 1);
  receipts.forget(alice);
  receipts.forget(sender());
  receipts.acknowledged(mailbox, 2 as Seq);
  receipts.acknowledged(otherMailbox, 1 as Seq);
  expect(alice.told).toEqual([]);
  expect(dave.told).toEqual(['bob 2']);
});

test('a session that is forgotten while receipts are being told is told no more of them', () => {
  const alice = sender();
  const told: Seq[] = [];
  const leaving = {
    receipt: (_to: string, seq: Seq) => {
      told.push(seq);
      receipts.forget(leaving);
    },
  } as unknown as FeedSession;
  expectFrom(leaving, mailbox, 1, 2);
  expectFrom(alice, mailbox, 3);
  receipts.acknowledged(mailbox, 3 as Seq);
  expect(told).toEqual([1]);
  expect(alice.told).toEqual(['bob 3']);
});

describe('the time that it takes', () => {
  /** The fastest of three runs, in milliseconds for each of `steps`. */
  function millisecondsEach(steps: number, prepare: () => (step: number) => void): number {
    const runs = [1, 2, 3].map(() => {
      receipts = new Receipts();
      const run = prepare();
      const begin = performance.now();
      for (let step = 1; step <= steps; step += 1) run(step);
      return (performance.now() - begin) / steps;
    });
    return Math.min(...runs);
  }

  function acknowledgingOneByOne(count: number): number {
    return millisecondsEach(count, () => {
      const senders = Array.from({ length: count / 1_000 }, sender);
      for (let seq = 1; seq <= count; seq += 1) expectFrom(senders[seq % senders.length] as FeedSession, mailbox, seq);
      return (seq) => receipts.acknowledged(mailbox, seq as Seq);
    });
  }

  function endingOneByOne(count: number): number {
    return millisecondsEach(count, () => {
      const senders = Array.from({ length: count }, sender);
      for (let seq = 1; seq <= 20 * count; seq += 1) expectFrom(senders[seq % count] as FeedSession, mailbox, seq);
      return (step) => receipts.forget(senders[step - 1] as FeedSession);
    });
  }

  test('of an acknowledgement does not grow with the receipts that are pending', () => {
    const few = acknowledgingOneByOne(2_000);
    expect(acknowledgingOneByOne(100_000) / few).toBeLessThan(50);
  });

  test('of the end of a session does not grow with the sessions that have receipts pending', () => {
    const few = endingOneByOne(100);
    expect(endingOneByOne(4_000) / few).toBeLessThan(20);
  });
});
