import type { ChatError, ErrorCode } from '../../shared/errors';
import type { Username } from '../../shared/names';
import { seededChance } from '../../tests/harness/seeded-chance';
import type { FeedSession } from './feed';
import type { Account, AccountId } from './ports';
import { type Claim, Presence } from './presence';

const alice = account(1, 'alice');
const bob = account(2, 'Bob');
const carol = account(3, 'carol');

function account(id: number, name: string): Account {
  return { id: id as AccountId, name: name as Username };
}

function presenceOf(sessionsMax: number, fraction = () => 0): Presence {
  return new Presence({ sessionsMax, chance: { fraction } });
}

/** Takes a place and puts a session on it; `endings` says how it was ended. */
function open(presence: Presence, who: Account, device = '', takeover = false) {
  const claim = presence.claim({ account: who, device, takeover });
  const endings: (ErrorCode | undefined)[] = [];
  const session = { account: who, device, end: (reason?: ErrorCode) => endings.push(reason) };
  presence.open(claim, session as never as FeedSession);
  return { claim, endings };
}

function namesOnline(presence: Presence, pattern?: string): string[] {
  return presence.online(pattern).map(({ name }) => name);
}

function codeOf(action: () => unknown): ErrorCode | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    return (error as ChatError).code;
  }
}

test('the devices in use are those that have named themselves', () => {
  const presence = presenceOf(3);
  const { claim } = open(presence, alice, 'phone');
  open(presence, alice);
  open(presence, bob, 'desk');
  expect(presence.devices()).toEqual([
    { account: alice.id, device: 'phone' },
    { account: bob.id, device: 'desk' },
  ]);
  presence.release(claim);
  expect(presence.devices()).toEqual([{ account: bob.id, device: 'desk' }]);
});

describe('a place', () => {
  test('is had by one login at a time unless more are allowed', () => {
    const presence = presenceOf(1);
    const { claim } = open(presence, alice);
    expect(codeOf(() => open(presence, alice))).toBe('logged_in_elsewhere');
    expect(codeOf(() => open(presence, bob))).toBeUndefined();
    presence.release(claim);
    expect(codeOf(() => open(presence, alice))).toBeUndefined();
  });

  test('is had by as many as are allowed, and no more', () => {
    const presence = presenceOf(2);
    open(presence, alice);
    open(presence, alice, 'phone');
    expect(codeOf(() => open(presence, alice, 'desk'))).toBe('logged_in_elsewhere');
    expect(presence.sessionsOf(alice.id)).toHaveLength(2);
  });

  test('is had once by a device that names itself, and again by the one that does not', () => {
    const presence = presenceOf(3);
    open(presence, alice, 'phone');
    expect(codeOf(() => open(presence, alice, 'phone'))).toBe('logged_in_elsewhere');
    open(presence, alice);
    expect(codeOf(() => open(presence, alice))).toBeUndefined();
  });

  test('counts from the claim on, before the session is there', () => {
    const presence = presenceOf(1);
    presence.claim({ account: alice, device: '', takeover: false });
    expect(codeOf(() => open(presence, alice))).toBe('logged_in_elsewhere');
    expect(presence.sessionsOf(alice.id)).toEqual([]);
    expect(namesOnline(presence)).toEqual([]);
  });

  test('that was given back twice is free once', () => {
    const presence = presenceOf(1);
    const { claim } = open(presence, alice);
    presence.release(claim);
    const next = open(presence, alice);
    presence.release(claim);
    expect(presence.sessionsOf(alice.id)).toEqual([next.claim.session]);
  });
});

describe('a takeover', () => {
  test('ends the session of the same device', () => {
    const presence = presenceOf(3);
    const older = open(presence, alice, 'desk');
    const phone = open(presence, alice, 'phone');
    open(presence, alice, 'phone', true);
    expect(phone.endings).toEqual(['taken_over']);
    expect(phone.claim.revoked).toBe(true);
    expect(older.endings).toEqual([]);
    expect(presence.sessionsOf(alice.id)).toHaveLength(2);
  });

  test('ends the oldest session when another device has no place', () => {
    const presence = presenceOf(2);
    const oldest = open(presence, alice, 'desk');
    const newer = open(presence, alice, 'phone');
    open(presence, alice, 'pad', true);
    expect(oldest.endings).toEqual(['taken_over']);
    expect(newer.endings).toEqual([]);
  });

  test('ends nobody when there is a place', () => {
    const presence = presenceOf(2);
    const first = open(presence, alice);
    open(presence, alice, '', true);
    expect(first.endings).toEqual([]);
  });

  test('revokes a place whose session is not there yet', () => {
    const presence = presenceOf(1);
    const claim = presence.claim({ account: alice, device: '', takeover: false });
    open(presence, alice, '', true);
    expect(claim.revoked).toBe(true);
  });
});

describe('a place alone', () => {
  test('is had only when nobody is logged in to the account', () => {
    const presence = presenceOf(5);
    const { claim } = open(presence, alice);
    expect(codeOf(() => presence.claimAlone(alice))).toBe('logged_in_elsewhere');
    presence.release(claim);
    const alone: Claim = presence.claimAlone(alice);
    expect(alone).toMatchObject({ account: alice, device: '', revoked: false });
    expect(codeOf(() => presence.claimAlone(alice))).toBe('logged_in_elsewhere');
  });
});

describe('eviction', () => {
  test('ends every session of the account and revokes the places without one', () => {
    const presence = presenceOf(3);
    const first = open(presence, alice);
    const second = open(presence, alice, 'phone');
    const coming = presence.claim({ account: alice, device: 'pad', takeover: false });
    const other = open(presence, bob);
    presence.evict(alice.id);
    presence.evict(carol.id);
    expect([first.endings, second.endings]).toEqual([['account_unknown'], ['account_unknown']]);
    expect(coming.revoked).toBe(true);
    expect(other.endings).toEqual([]);
    expect(namesOnline(presence)).toEqual(['Bob']);
  });
});

describe('who is online', () => {
  test('comes in the order of the names without case, each account once', () => {
    const presence = presenceOf(2);
    for (const who of [carol, bob, alice, alice]) open(presence, who);
    expect(namesOnline(presence)).toEqual(['alice', 'Bob', 'carol']);
  });

  test('can be asked for by a part of the name or a pattern', () => {
    const presence = presenceOf(1);
    for (const who of [carol, bob, alice]) open(presence, who);
    expect(namesOnline(presence, 'AL')).toEqual(['alice']);
    expect(namesOnline(presence, '?o*')).toEqual(['Bob']);
    expect(namesOnline(presence, 'nobody')).toEqual([]);
  });

  test('is put in order once, until somebody comes or goes', () => {
    const presence = presenceOf(1);
    const { claim } = open(presence, carol);
    expect(presence.online(undefined)).toBe(presence.online(undefined));
    open(presence, alice);
    expect(namesOnline(presence)).toEqual(['alice', 'carol']);
    presence.release(claim);
    expect(namesOnline(presence)).toEqual(['alice']);
    presence.claim({ account: alice, device: '', takeover: true });
    expect(namesOnline(presence)).toEqual([]);
  });
});

describe('a draw', () => {
  test('is somebody else who is online, each as likely as any other', () => {
    const { fraction } = seededChance(7);
    const presence = presenceOf(2, fraction);
    for (const who of [alice, alice, bob, carol, carol]) open(presence, who);
    const draws = { Bob: 0, carol: 0 };
    for (let draw = 0; draw < 2_000; draw += 1) draws[presence.drawOther(alice.id).name as keyof typeof draws] += 1;
    expect(draws.Bob + draws.carol).toBe(2_000);
    expect(Math.abs(draws.Bob - 1_000)).toBeLessThan(100);
  });

  test('reaches the first at the smallest fraction and the last at the largest', () => {
    let fraction = 0;
    const presence = presenceOf(1, () => fraction);
    for (const who of [alice, bob, carol]) open(presence, who);
    expect(presence.drawOther(alice.id)).toBe(bob);
    fraction = 1 - Number.EPSILON;
    expect(presence.drawOther(alice.id)).toBe(carol);
  });

  test('fails when nobody else is online, also when somebody is about to be', () => {
    const presence = presenceOf(1);
    open(presence, alice);
    presence.claim({ account: bob, device: '', takeover: false });
    expect(codeOf(() => presence.drawOther(alice.id))).toBe('nobody_online');
  });
});
