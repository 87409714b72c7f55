import { inspect } from 'node:util';
import { quiet } from '../../../tests/harness/quiet';
import { RecordingOutlet } from '../../../tests/harness/recording-outlet';
import { hashOf } from '../../../tests/harness/transparent-hasher';
import { codeOf, loginOptions, password, World } from '../../../tests/harness/world';
import type { Session } from '../session';

let world: World;

beforeEach(() => {
  world = new World();
});

describe('a new account', () => {
  test('can be logged in to with its password', async () => {
    expect(await world.chat.accounts.create('Bob', password)).toMatchObject({ name: 'Bob' });
    const bob = await world.login('bob');
    expect(bob.outlet.lines).toEqual(['burst Bob 0', 'end']);
  });

  test.each([
    ['name_taken', 'BOB', password],
    ['name_reserved', 'Server', password],
    ['name_invalid', 'b b', password],
    ['name_invalid', '', password],
    ['password_invalid', 'carol', ''],
    ['password_invalid', 'carol', 'p'.repeat(73)],
    ['password_invalid', 'carol', 'é'.repeat(37)],
    ['password_invalid', 'carol', 'p\0w'],
  ])('is refused with %s when asked for as %j with password %j, and nothing is hashed', async (code, name, given) => {
    world.account('bob');
    expect(await codeOf(world.chat.accounts.create(name, given))).toBe(code);
    expect(world.hasher.hashedCount).toBe(0);
  });

  test('may have a password of 72 bytes', async () => {
    await world.chat.accounts.create('carol', 'p'.repeat(72));
    expect(await codeOf(world.login('carol', { password: 'p'.repeat(72) }))).toBeUndefined();
  });

  test('goes to one of two who ask for its name at once', async () => {
    const codes = [codeOf(world.chat.accounts.create('bob', 'a')), codeOf(world.chat.accounts.create('Bob', 'b'))];
    expect(await Promise.all(codes)).toEqual([undefined, 'name_taken']);
  });

  test('is refused when too many wait for their hash', async () => {
    world.hasher.failNext('busy');
    expect(await codeOf(world.chat.accounts.create('bob', password))).toBe('busy');
  });
});

describe('a login that does not fit', () => {
  test.each([
    ['an unknown name', 'nobody', password],
    ['a wrong password', 'bob', 'wrong'],
    ['a malformed name', 'no such name', password],
    ['an empty name', '', password],
    ['an empty password', 'bob', ''],
    ['a password with a NUL', 'bob', 'p\0w'],
    ['a password that is too long', 'bob', 'p'.repeat(73)],
    ['an account without a password', 'guest', password],
  ])('for %s fails like any other and costs exactly one check', async (_, username, given) => {
    world.account('bob');
    world.store.tables.createAccount('guest' as never, undefined);
    expect(await codeOf(world.login(username, { password: given }))).toBe('credentials_wrong');
    expect(world.hasher.verified).toHaveLength(1);
    expect(Buffer.byteLength(world.hasher.verified[0]?.password ?? '')).toBeLessThanOrEqual(72);
  });

  test('checks a password that cannot be right against no hash', async () => {
    world.account('bob');
    world.account('space');
    await codeOf(world.login('bob', { password: 'p'.repeat(73) }));
    expect(world.hasher.verified).toEqual([{ password: ' ', hasHash: false }]);
  });

  test.each([
    ['an unknown name', 'nobody'],
    ['a wrong password', 'bob'],
    ['an account without a password', 'guest'],
  ])('for %s with a password that is not in NFC costs exactly two checks', async (_, username) => {
    world.account('bob');
    world.store.tables.createAccount('guest' as never, undefined);
    expect(await codeOf(world.login(username, { password: 'cafe\u0301' }))).toBe('credentials_wrong');
    expect(world.hasher.verified.map((check) => check.password)).toEqual(['caf\u00e9', 'cafe\u0301']);
  });

  test('leaves the place free', async () => {
    world.account('bob');
    await codeOf(world.login('bob', { password: 'wrong' }));
    expect(await codeOf(world.login('bob'))).toBeUndefined();
  });
});

describe('a password', () => {
  const composed = 'caf\u00e9';
  const decomposed = 'cafe\u0301';

  test.each([
    ['composed', 'decomposed', composed, decomposed],
    ['decomposed', 'composed', decomposed, composed],
  ])(
    'that was %s when the account was made lets its owner in when it is typed %s',
    async (_made, _typed, made, typed) => {
      await world.chat.accounts.create('carol', made);
      expect(await codeOf(world.login('carol', { password: typed }))).toBeUndefined();
      expect(world.hasher.verified.map((check) => check.password)).toEqual([composed]);
    },
  );

  test('that was changed is stored in NFC', async () => {
    const account = await world.chat.accounts.create('carol', 'old');
    await world.chat.accounts.changePassword(account, 'old', decomposed);
    expect(await codeOf(world.login('carol', { password: composed }))).toBeUndefined();
  });

  test('of an account from before passwords were normalised is accepted as it was typed then, and in no other form', async () => {
    world.store.tables.createAccount('carol' as never, hashOf(decomposed));
    expect(await codeOf(world.login('carol', { password: composed }))).toBe('credentials_wrong');
    expect(await codeOf(world.login('carol', { password: decomposed }))).toBeUndefined();
  });

  test('is measured in the form that is hashed', async () => {
    // 36 letters of three bytes as typed, of two in NFC.
    await world.chat.accounts.create('carol', 'e\u0301'.repeat(36));
    expect(await codeOf(world.login('carol', { password: '\u00e9'.repeat(36) }))).toBeUndefined();
    expect(await codeOf(world.chat.accounts.create('dora', 'e\u0301'.repeat(37)))).toBe('password_invalid');
    // In NFC this letter is two characters of three bytes each: 13 of them are 78 bytes.
    expect(await codeOf(world.chat.accounts.create('dora', '\u0958'.repeat(13)))).toBe('password_invalid');
  });

  test('that is too long in NFC is still accepted as it was typed when it was stored so', async () => {
    const typed = '\u0958'.repeat(13);
    world.store.tables.createAccount('carol' as never, hashOf(typed));
    expect(await codeOf(world.login('carol', { password: typed }))).toBeUndefined();
    expect(world.hasher.verified.map((check) => check.password)).toEqual([' ', typed]);
  });
});

describe('a login', () => {
  beforeEach(() => {
    world.account('bob');
  });

  test('is refused while the account is logged in elsewhere, and not after it has logged out', async () => {
    const first = await world.login('bob');
    expect(await codeOf(world.login('bob'))).toBe('logged_in_elsewhere');
    first.session.end();
    expect(await codeOf(world.login('bob'))).toBeUndefined();
  });

  test('with takeover ends the other session, which is told so', async () => {
    const first = await world.login('bob');
    first.outlet.take();
    const second = await world.login('bob', { takeover: true });
    expect(first.outlet.lines).toEqual(['ended taken_over']);
    expect(first.session.isEnded).toBe(true);
    expect(second.session.isEnded).toBe(false);
  });

  test('has no session when its connection has gone while the password was checked', async () => {
    const outlet = new RecordingOutlet();
    world.hasher.gate.close();
    const login = world.chat.accounts.login(loginOptions('bob', outlet));
    await quiet();
    outlet.lose();
    world.hasher.gate.open();
    expect(await login).toBeUndefined();
    expect(await codeOf(world.login('bob'))).toBeUndefined();
  });

  test('has no session when its connection has gone while its logs were looked up', async () => {
    const outlet = new RecordingOutlet();
    world.store.gate('subscriptions').close();
    const login = world.chat.accounts.login(loginOptions('bob', outlet));
    await quiet();
    outlet.lose();
    world.store.gate('subscriptions').open();
    expect(await login).toBeUndefined();
    expect(await codeOf(world.login('bob'))).toBeUndefined();
  });

  test('is refused while another has its place and not yet its session', async () => {
    world.store.gate('subscriptions').close();
    const first = world.enter('bob');
    await quiet();
    expect(await codeOf(world.enter('bob'))).toBe('logged_in_elsewhere');
    world.store.gate('subscriptions').open();
    expect((await first).session.isEnded).toBe(false);
  });

  test('loses its place to a takeover before it has its session', async () => {
    world.store.gate('subscriptions').close();
    const first = codeOf(world.enter('bob'));
    await quiet();
    const second = world.enter('bob', { takeover: true });
    await quiet();
    world.store.gate('subscriptions').open();
    expect(await first).toBe('logged_in_elsewhere');
    expect((await second).session.isEnded).toBe(false);
    expect(world.chat.accounts.who(undefined).names).toEqual(['bob']);
  });

  test('gives its place back when its logs cannot be looked up', async () => {
    world.store.failNextRead('subscriptions');
    expect(await codeOf(world.enter('bob'))).toBe('store_failed');
    expect(await codeOf(world.enter('bob'))).toBeUndefined();
  });

  test('begins where the session before it ended, though that is not stored yet', async () => {
    world.account('alice');
    const alice = await world.login('alice');
    const first = await world.login('bob');
    await world.send(alice, 'bob', 'one');
    first.outlet.flush();
    const second = await world.login('bob', { takeover: true });
    expect(second.outlet.lines).toEqual(['burst bob 0', 'end']);
  });

  test('of a new device begins where any device of the account has been, of a known one where it was', async () => {
    world = new World({ sessionsPerAccountMax: 3 });
    for (const name of ['alice', 'bob']) world.account(name);
    const alice = await world.login('alice');
    const desk = await world.login('bob', { device: 'desk' });
    await world.send(alice, 'bob', 'one');
    const phone = await world.login('bob', { device: 'phone', explicitAck: true });
    expect(phone.outlet.take()).toEqual(['burst bob 1', '1 alice bob one', 'end']);
    desk.outlet.flush();
    phone.session.end();
    expect((await world.login('bob', { device: 'phone' })).outlet.lines).toContain('burst bob 1');
    expect((await world.login('bob', { device: 'pad' })).outlet.lines).toContain('burst bob 0');
  });

  test('leaves no password and no hash of one in the session', async () => {
    const bob = await world.chat.accounts.create('Dora', 'open sesame');
    const client = await world.login(bob.name, { password: 'open sesame' });
    expect(inspect(client.session, { depth: 3 })).not.toContain('open sesame');
  });
});

describe('a password', () => {
  let session: Session;

  beforeEach(async () => {
    world.account('bob');
    world.account('alice');
    session = (await world.login('bob')).session;
  });

  test('is changed by who knows the old one', async () => {
    await world.chat.accounts.changePassword(session.account, password, 'new');
    session.end();
    expect(await codeOf(world.login('bob'))).toBe('credentials_wrong');
    expect(await codeOf(world.login('bob', { password: 'new' }))).toBeUndefined();
  });

  test('is not changed otherwise', async () => {
    const { accounts } = world.chat;
    expect(await codeOf(accounts.changePassword(session.account, 'wrong', 'new'))).toBe('credentials_wrong');
    expect(await codeOf(accounts.changePassword(session.account, password, ''))).toBe('password_invalid');
    expect(await codeOf(accounts.confirm(session.account, 'bob', password))).toBeUndefined();
  });

  test('confirms only the account that it belongs to', async () => {
    const { accounts } = world.chat;
    expect(await codeOf(accounts.confirm(session.account, 'Bob', password))).toBeUndefined();
    expect(await codeOf(accounts.confirm(session.account, 'alice', password))).toBe('credentials_wrong');
    expect(await codeOf(accounts.confirm(session.account, 'bob', 'wrong'))).toBe('credentials_wrong');
    expect(await accounts.check('alice', password)).toMatchObject({ name: 'alice' });
    expect(await codeOf(accounts.check('alice', 'wrong'))).toBe('credentials_wrong');
  });
});

describe('the names', () => {
  test('of accounts come in order, by pattern, and page by page', async () => {
    for (const name of ['dora', 'Bob', 'alice']) world.account(name);
    const { accounts } = world.chat;
    expect(await accounts.list(undefined, undefined)).toEqual({ names: ['alice', 'Bob', 'dora'], more: false });
    expect(await accounts.list('*b', undefined)).toEqual({ names: ['Bob'], more: false });
    expect(await accounts.list(undefined, 'BOB')).toEqual({ names: ['dora'], more: false });
  });

  test('of who is online are at most a thousand, and say when there are more', async () => {
    for (let index = 0; index < 1_001; index += 1) {
      world.account(`user${index}`);
      await world.enter(`user${index}`);
    }
    const page = world.chat.accounts.who(undefined);
    expect([page.names.length, page.more]).toEqual([1_000, true]);
    expect(world.chat.accounts.who('user1000')).toEqual({ names: ['user1000'], more: false });
  });
});

describe('blocking', () => {
  test('refuses what the blocked account sends until it is undone', async () => {
    for (const name of ['alice', 'bob']) world.account(name);
    const alice = await world.login('alice');
    const bob = await world.login('bob');
    expect(await world.chat.accounts.block(bob.account, 'Alice')).toBe('Alice');
    expect(await world.send(alice, 'bob', 'hi')).toBe('blocked');
    expect(await world.chat.accounts.unblock(bob.account, 'alice')).toBe('alice');
    expect(await world.send(alice, 'bob', 'hi')).toMatchObject({ seq: 1 });
  });

  test('needs an account to be blocked', async () => {
    const bob = world.account('bob');
    const { accounts } = world.chat;
    expect(await codeOf(accounts.block(bob, 'nobody'))).toBe('account_unknown');
    expect(await codeOf(accounts.unblock(bob, 'nobody'))).toBe('account_unknown');
    expect(await codeOf(accounts.block(bob, '#den'))).toBe('name_invalid');
    expect(await codeOf(accounts.unblock(bob, 'b b'))).toBe('name_invalid');
  });
});
