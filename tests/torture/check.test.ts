import { type Cast, castOf } from './cast';
import type { LedgerRecord } from './ledger-record';
import { isKept, type ViolationKind, violationKinds } from './verdict';
import { WrittenLedgers } from './written-ledgers';

/** user0 with phone 0 and desk 1, user1 with 2, user2 (a sleeper) with 3; auditors 4, 5, 6; logs: mailboxes 0 to 2,
 *  #square 3 of users 0 and 1, #corner 4 of users 1 and 2. */
const cast: Cast = castOf(4, ['cmap']);
const mailbox1 = 1;
const square = 3;

/** Some traffic without a fault. */
function goodLedgers(): WrittenLedgers {
  const ledgers = new WrittenLedgers(cast);
  for (let round = 0; round < 3; round++) {
    ledgers.message(0, mailbox1);
    ledgers.message(1, mailbox1);
    ledgers.message(2, 0);
    ledgers.message(2, square);
    ledgers.message(0, square);
    ledgers.message(3, 4);
  }
  return ledgers;
}

function expectOnly(ledgers: WrittenLedgers, expected: Partial<Record<ViolationKind, number>>): void {
  const { violations, examples } = ledgers.check();
  expect(violations).toEqual({ ...Object.fromEntries(violationKinds.map((kind) => [kind, 0])), ...expected });
  for (const kind of Object.keys(expected)) expect(examples.join('\n')).toContain(`${kind}: `);
}

describe('check', () => {
  it('finds nothing in ledgers of a run in which every promise was kept', () => {
    const verdict = goodLedgers().check();
    expect(isKept(verdict)).toBe(true);
    // To mailbox 1 and from #corner 1 device and 1 auditor each; to mailbox 0 two and one; in #square 3 and 2 as well.
    expect(verdict).toMatchObject({ sent: 18, acknowledged: 18, unknown: 0, due: 3 * (2 + 2 + 3 + 3 + 2 + 2) });
    expect(verdict.shown).toBe(verdict.due);
  });

  it('finds a message that did not appear on one of the devices of its recipient', () => {
    const ledgers = goodLedgers();
    ledgers.unshow(1, 2, 1);
    expectOnly(ledgers, { lost: 1 });
  });

  it('finds a message that appeared nowhere though its sender was told OK', () => {
    const ledgers = goodLedgers();
    const number = ledgers.sending(0, mailbox1);
    ledgers.of(0).push({ kind: 'acknowledged', number, seq: 7 });
    expectOnly(ledgers, { lost: 2 });
  });

  it('finds a room message that one member did not get', () => {
    const ledgers = goodLedgers();
    ledgers.unshow(2, 0, 2);
    expectOnly(ledgers, { lost: 1 });
  });

  it('finds a message that appeared twice under one number of its log', () => {
    const ledgers = goodLedgers();
    ledgers.show(2, mailbox1, 6, 1, 3);
    expectOnly(ledgers, { duplicated: 1 });
  });

  it('finds a message that was stored twice', () => {
    const ledgers = goodLedgers();
    // A retry that became a second message: every device shows both, and one message has two numbers.
    for (const device of [2, 5]) ledgers.show(device, mailbox1, 7, 1, 3);
    expectOnly(ledgers, { duplicated: 2, reassigned: 2 });
  });

  it('finds a message of unknown fate that appeared twice', () => {
    const ledgers = goodLedgers();
    const { number, seq } = ledgers.message(0, mailbox1, false);
    expectOnly(ledgers, {});
    ledgers.show(2, mailbox1, seq, 0, number);
    expectOnly(ledgers, { duplicated: 1 });
  });

  it('finds messages of one sender that appeared in another order', () => {
    const ledgers = goodLedgers();
    const last = ledgers.unshow(2, 0, 5);
    ledgers.of(2).splice(1, 0, last);
    expectOnly(ledgers, { disordered: 2 });
  });

  it('finds messages that were numbered in another order than they were sent in', () => {
    const ledgers = goodLedgers();
    const [first, second] = [ledgers.sending(0, mailbox1), ledgers.sending(0, mailbox1)];
    ledgers
      .of(0)
      .push({ kind: 'acknowledged', number: first, seq: 8 }, { kind: 'acknowledged', number: second, seq: 7 });
    for (const device of [2, 5]) {
      ledgers.show(device, mailbox1, 7, 0, second);
      ledgers.show(device, mailbox1, 8, 0, first);
    }
    expectOnly(ledgers, { disordered: 2 });
  });

  it('lets a log that refused somebody take a repeated send after a later one', () => {
    const ledgers = goodLedgers();
    ledgers.of(1).push({ kind: 'refused', number: ledgers.sending(1, mailbox1), status: 507 });
    const [first, second] = [ledgers.sending(0, mailbox1), ledgers.sending(0, mailbox1)];
    ledgers
      .of(0)
      .push({ kind: 'acknowledged', number: first, seq: 8 }, { kind: 'acknowledged', number: second, seq: 7 });
    for (const device of [2, 5]) {
      ledgers.show(device, mailbox1, 7, 0, second);
      ledgers.show(device, mailbox1, 8, 0, first);
    }
    expectOnly(ledgers, {});
  });

  it('finds a number that is below one that the sender knew of, also where somebody was refused', () => {
    const ledgers = goodLedgers();
    ledgers.of(1).push({ kind: 'refused', number: ledgers.sending(1, mailbox1), status: 507 });
    ledgers.message(0, mailbox1);
    ledgers.message(0, mailbox1);
    const number = ledgers.sending(0, mailbox1);
    ledgers.of(0).push({ kind: 'acknowledged', number, seq: 6 });
    expect(ledgers.check().violations.disordered).toBe(1);
  });

  it('finds what nobody sent', () => {
    const ledgers = goodLedgers();
    ledgers.show(2, mailbox1, 7, -1, 0);
    ledgers.show(2, mailbox1, 8, 0, 99);
    expectOnly(ledgers, { neverSent: 2 });
  });

  it('finds a message that appeared where it was not sent to', () => {
    const ledgers = goodLedgers();
    // In another log, on another account's device, and a room's message on a device of its author.
    ledgers.show(2, square, 7, 1, 1);
    ledgers.show(3, mailbox1, 1, 0, 1);
    ledgers.show(1, square, 2, 0, 2);
    expectOnly(ledgers, { neverSent: 3 });
  });

  it('finds a message that appeared though its sender was refused', () => {
    const ledgers = goodLedgers();
    const { number } = ledgers.message(0, mailbox1, false);
    ledgers.of(0).push({ kind: 'refused', number, status: 507 });
    expectOnly(ledgers, { neverSent: 2 });
  });

  it('finds a number that stood for two messages, on two devices', () => {
    const ledgers = goodLedgers();
    const number = ledgers.sending(2, 0);
    const other = ledgers.sending(2, 0);
    ledgers.show(0, 0, 4, 2, number);
    for (const device of [1, 4]) ledgers.show(device, 0, 4, 2, other);
    // What the auditor does not have is gone as well.
    expectOnly(ledgers, { reassigned: 2, unstored: 1 });
  });

  it('finds a number that two senders were told', () => {
    const ledgers = goodLedgers();
    const number = ledgers.sending(3, mailbox1);
    ledgers.of(3).push({ kind: 'acknowledged', number, seq: 1 });
    expectOnly(ledgers, { reassigned: 1, lost: 2 });
  });

  it('finds a send that was told two numbers', () => {
    const ledgers = goodLedgers();
    const { number, seq } = ledgers.message(0, mailbox1);
    ledgers.of(0).push({ kind: 'acknowledged', number, seq: seq + 1 });
    expect(ledgers.check().violations.reassigned).toBeGreaterThan(0);
  });

  it('finds a message that appeared and was not in the log at the end', () => {
    const ledgers = goodLedgers();
    ledgers.show(2, mailbox1, 7, 0, ledgers.sending(0, mailbox1));
    expectOnly(ledgers, { unstored: 1 });
  });

  it('takes any fate of a send that was never answered', () => {
    const ledgers = goodLedgers();
    ledgers.message(0, mailbox1, false);
    ledgers.sending(0, mailbox1);
    const verdict = ledgers.check();
    expect(isKept(verdict)).toBe(true);
    expect(verdict.unknown).toBe(2);
  });

  it('takes the last word about a send that was refused and then stored', () => {
    const ledgers = goodLedgers();
    const number = ledgers.sending(0, mailbox1);
    ledgers.of(0).push({ kind: 'refused', number, status: 507 }, { kind: 'acknowledged', number, seq: 7 });
    for (const device of [2, 5]) ledgers.show(device, mailbox1, 7, 0, number);
    expectOnly(ledgers, {});
  });

  it('counts refusals by status, and makes nothing of them', () => {
    const ledgers = goodLedgers();
    ledgers.of(1).push({ kind: 'refused', number: ledgers.sending(1, 2), status: 507 });
    expect([...ledgers.check().refused]).toEqual([[507, 1]]);
    expectOnly(ledgers, {});
  });

  it.each<[string, LedgerRecord]>([
    ['skips a number', { kind: 'sent', number: 2, log: 0 }],
    ['has an answer to nothing', { kind: 'acknowledged', number: 1, seq: 1 }],
  ])('proves nothing with a ledger that %s', (_what, record) => {
    const ledgers = new WrittenLedgers(cast);
    ledgers.of(0).push(record);
    expect(() => ledgers.check()).toThrow('ledger');
  });
});
