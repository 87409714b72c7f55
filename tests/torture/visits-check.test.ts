import { castOf } from './cast';
import { isKept, type ViolationKind, violationKinds } from './verdict';
import { type Wire, wires } from './wires';
import { WrittenLedgers } from './written-ledgers';

const cast = castOf(4, wires);

function deviceOf(wire: Wire, place: number): number {
  const devices = cast.devices.filter((device) => device.wire === wire && !device.isAuditor);
  return devices[place]?.index ?? -1;
}

function mailboxOf(device: number): number {
  return cast.devices[device]?.account ?? -1;
}

const sender = deviceOf('cmap', 0);
const classic = deviceOf('classic', 0);
const chatbot = deviceOf('chatbot', 0);
const guest = deviceOf('nickroom', 0);
const otherGuest = deviceOf('nickroom', 1);
const plainGrpc = deviceOf('grpc', 0);
const acknowledgingGrpc = deviceOf('grpc', 1);
const lobby = cast.logs.findIndex(({ name }) => name === '#lobby');

/** Where a device may send to: accounts, and the rooms that its account is in. */
function destinationsOf(device: number): readonly number[] {
  const { account = -1, wire } = cast.devices[device] ?? {};
  const isReached = (log: number): boolean => {
    const { isRoom, accounts } = cast.logs[log] ?? {};
    if (isRoom) return accounts?.has(account) === true;
    return wire !== 'nickroom' && log !== account && cast.accounts[log]?.wire !== 'nickroom';
  };
  return [...cast.logs.keys()].filter(isReached);
}

/** Five messages for a device that has one connection, from one sender; numbers and seqs are 1 to 5. */
function fiveFor(device: number): WrittenLedgers {
  const ledgers = new WrittenLedgers(cast);
  ledgers.reconnect(device);
  for (let count = 0; count < 5; count++) ledgers.message(sender, mailboxOf(device));
  return ledgers;
}

/** Puts a connection's end after so many of the five. */
function loseAfter(ledgers: WrittenLedgers, device: number, count: number): void {
  ledgers.of(device).splice(1 + count, 0, { kind: 'connected', visit: 2 });
}

function expectOnly(ledgers: WrittenLedgers, expected: Partial<Record<ViolationKind, number>>): void {
  const { violations } = ledgers.check();
  expect(violations).toEqual({ ...Object.fromEntries(violationKinds.map((kind) => [kind, 0])), ...expected });
}

describe('what appears on devices that do not acknowledge', () => {
  it('is all right when everything appears once and in order, on every wire', () => {
    const ledgers = new WrittenLedgers(cast);
    for (const device of cast.devices) if (!device.isAuditor && device.wire !== 'cmap') ledgers.reconnect(device.index);
    for (const { index, isAuditor } of cast.devices) {
      if (!isAuditor) for (const log of destinationsOf(index)) ledgers.message(index, log);
    }
    const verdict = ledgers.check();
    expect(verdict.examples).toEqual([]);
    expect(verdict.wires.get('classic')).toMatchObject({ repeated: 0, missed: 0 });
  });

  it.each([
    ['classic', classic],
    ['chatbot', chatbot],
    ['grpc', plainGrpc],
  ] as const)('may lack on %s what a lost connection took along, and that is counted', (wire, device) => {
    const ledgers = fiveFor(device);
    loseAfter(ledgers, device, 3);
    ledgers.unshow(device, sender, 3);
    const verdict = ledgers.check();
    expect(isKept(verdict)).toBe(true);
    expect(verdict.wires.get(wire)).toMatchObject({ missed: 1, repeated: 0, shown: 4 });
  });

  it.each([
    ['classic', classic],
    ['chatbot', chatbot],
    ['grpc', plainGrpc],
  ] as const)('may come again on %s on the next connection, and that is counted', (wire, device) => {
    const ledgers = fiveFor(device);
    ledgers.reconnect(device);
    for (const number of [4, 5]) ledgers.show(device, mailboxOf(device), number, sender, number);
    const verdict = ledgers.check();
    expect(isKept(verdict)).toBe(true);
    expect(verdict.wires.get(wire)).toMatchObject({ missed: 0, repeated: 2 });
  });

  it.each([classic, chatbot, plainGrpc])('is lost when it was passed over on one connection (device %d)', (device) => {
    const ledgers = fiveFor(device);
    ledgers.unshow(device, sender, 3);
    expectOnly(ledgers, { lost: 1 });
  });

  it.each([classic, chatbot, plainGrpc])('is doubled when it comes twice on one connection (device %d)', (device) => {
    const ledgers = fiveFor(device);
    ledgers.show(device, mailboxOf(device), 5, sender, 5);
    expectOnly(ledgers, { duplicated: 1 });
  });

  it('is out of order when an older one comes later on one connection', () => {
    const ledgers = fiveFor(classic);
    const older = ledgers.unshow(classic, sender, 2);
    ledgers.of(classic).push(older);
    expect(ledgers.check().violations.disordered).toBe(1);
  });

  it('may be older on the chatbot wire than what was live before DELIVER, once on a connection', () => {
    const ledgers = fiveFor(chatbot);
    const live = [4, 5].map((number) => ledgers.unshow(chatbot, sender, number));
    ledgers.of(chatbot).splice(1, 0, ...live);
    expectOnly(ledgers, {});
    const first = ledgers.unshow(chatbot, sender, 1);
    ledgers.of(chatbot).push(first);
    expect(ledgers.check().violations.disordered).toBe(1);
  });

  it('is not stored when nobody but this device ever saw it', () => {
    const ledgers = fiveFor(classic);
    ledgers.show(classic, mailboxOf(classic), 6, sender, ledgers.sending(sender, mailboxOf(classic)));
    expectOnly(ledgers, { unstored: 1 });
  });

  it('was never sent when its sender was refused', () => {
    const ledgers = fiveFor(chatbot);
    ledgers.of(sender).push({ kind: 'refused', number: 5, status: 507 });
    expect(ledgers.check().violations.neverSent).toBeGreaterThan(0);
  });

  it('may be one’s own in the history of the nick room, and not on the connection that it was sent on', () => {
    const ledgers = new WrittenLedgers(cast);
    ledgers.reconnect(guest);
    const { number, seq } = ledgers.message(guest, lobby, false);
    ledgers.reconnect(guest);
    ledgers.show(guest, lobby, seq, guest, number);
    expectOnly(ledgers, {});
    const again = ledgers.message(guest, lobby, false);
    ledgers.show(guest, lobby, again.seq, guest, again.number);
    expectOnly(ledgers, { neverSent: 1 });
  });

  it('is due to no guest, but none may be passed over while it is there', () => {
    const ledgers = new WrittenLedgers(cast);
    for (let count = 0; count < 3; count++) ledgers.message(guest, lobby, false);
    ledgers.unshow(otherGuest, guest, 1);
    expectOnly(ledgers, {});
    ledgers.message(guest, lobby, false);
    ledgers.unshow(otherGuest, guest, 3);
    expectOnly(ledgers, { lost: 1 });
  });
});

describe('what is sent on a wire without keys', () => {
  it('is lost when its sender was told OK without a number and nobody got it', () => {
    const ledgers = new WrittenLedgers(cast);
    ledgers.tell(classic, ledgers.sending(classic, mailboxOf(acknowledgingGrpc)), 1);
    // On the device, and in the log.
    expectOnly(ledgers, { lost: 2 });
  });

  it('may be stored late when it was never answered and its connection was given up', () => {
    const ledgers = new WrittenLedgers(cast);
    const log = mailboxOf(acknowledgingGrpc);
    const late = ledgers.sending(chatbot, log);
    ledgers.message(chatbot, log);
    for (const device of cast.devices) {
      if (device.account === mailboxOf(acknowledgingGrpc)) ledgers.show(device.index, log, 2, chatbot, late);
    }
    expectOnly(ledgers, {});
  });

  it('is out of order when it was answered and comes after a later one', () => {
    const ledgers = new WrittenLedgers(cast);
    const log = mailboxOf(acknowledgingGrpc);
    const first = ledgers.sending(chatbot, log);
    ledgers.message(chatbot, log);
    ledgers.tell(chatbot, first, 2);
    for (const device of cast.devices) {
      if (device.account === mailboxOf(acknowledgingGrpc)) ledgers.show(device.index, log, 2, chatbot, first);
    }
    expectOnly(ledgers, { disordered: 2 });
  });
});
