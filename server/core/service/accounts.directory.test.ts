import { ChatError } from '../../../shared/errors';
import type { Username } from '../../../shared/names';
import { Gate } from '../../../tests/harness/gate';
import { RecordingOutlet } from '../../../tests/harness/recording-outlet';
import { codeOf, loginOptions, World } from '../../../tests/harness/world';
import { type Directory, directoryMarker } from '../directory';

/** A directory in which everybody's password is `right`. */
class WillingDirectory implements Directory {
  readonly asked: string[] = [];
  readonly passwords: string[] = [];
  readonly gate = new Gate();
  isAway = false;

  async check(username: Username, password: string): Promise<boolean> {
    this.asked.push(username);
    this.passwords.push(password);
    await this.gate.pass();
    if (this.isAway) throw new ChatError('directory_unavailable');
    return password === 'right';
  }
}

let directory: WillingDirectory;
let world: World;

beforeEach(() => {
  directory = new WillingDirectory();
  world = new World({ directory });
});

const stored = (name: string) => world.store.accounts.find(name as Username);

test('a login that the directory vouches for makes the account, with no password, once', async () => {
  const alice = await world.login('alice', { password: 'right' });
  alice.session.end();
  const again = await world.login('ALICE', { password: 'right' });
  expect(again.account).toEqual(alice.account);
  expect((await stored('alice'))?.passwordHash).toBe(directoryMarker);
  expect([world.hasher.hashedCount, world.hasher.verified]).toEqual([0, []]);
});

test('the directory is asked once, for the password exactly as it was typed', async () => {
  expect(await codeOf(world.login('alice', { password: 'cafe\u0301' }))).toBe('credentials_wrong');
  expect(directory.passwords).toEqual(['cafe\u0301']);
});

test('one that it does not vouch for makes nothing', async () => {
  expect(await codeOf(world.login('alice', { password: 'wrong' }))).toBe('credentials_wrong');
  expect(await stored('alice')).toBeUndefined();
});

test.each(['', 'a\0b'])('the password %j is refused before the directory is asked', async (password) => {
  expect(await codeOf(world.login('alice', { password }))).toBe('credentials_wrong');
  expect(directory.asked).toEqual([]);
});

test.each(['*', 'alice)(uid=*', '', 'a b', '#garden'])('the name %j is nobody, and not asked about', async (name) => {
  expect(await codeOf(world.login(name, { password: 'right' }))).toBe('credentials_wrong');
  expect(directory.asked).toEqual([]);
});

test('a reserved name makes no account, whatever the directory says', async () => {
  expect(await codeOf(world.login('server', { password: 'right' }))).toBe('name_reserved');
});

test('a long password is for the directory to judge', async () => {
  expect(await codeOf(world.login('alice', { password: 'x'.repeat(200) }))).toBe('credentials_wrong');
  expect(directory.asked).toEqual(['alice']);
});

test('while it is away nobody is let in and nobody is told that a password is wrong', async () => {
  await world.login('alice', { password: 'right' });
  directory.isAway = true;
  for (const password of ['right', 'wrong']) {
    expect(await codeOf(world.login('alice', { password }))).toBe('directory_unavailable');
    expect(await codeOf(world.chat.accounts.check('alice', password))).toBe('directory_unavailable');
  }
});

test('two first logins at the same time are to one account', async () => {
  directory.gate.close();
  const logins = [new RecordingOutlet(), new RecordingOutlet()].map((outlet) =>
    codeOf(world.chat.accounts.login({ ...loginOptions('alice', outlet), password: 'right' })),
  );
  directory.gate.open();
  expect((await Promise.all(logins)).sort()).toEqual(['logged_in_elsewhere', undefined]);
  expect((await world.chat.accounts.list(undefined, undefined)).names).toEqual(['alice']);
});

test('a guest who has the name keeps it until it leaves', async () => {
  const guest = await world.guest('alice');
  expect(await codeOf(world.login('alice', { password: 'right' }))).toBe('name_taken');
  guest.session.end();
  expect((await world.login('alice', { password: 'right' })).account.name).toBe('alice');
});

test('an account of the directory is entered without a password by nobody', async () => {
  (await world.login('alice', { password: 'right' })).session.end();
  const open = world.chat.accounts.loginOpen(loginOptions('alice', new RecordingOutlet()));
  expect(await codeOf(open)).toBe('credentials_wrong');
});

test("an account without a password is the directory's from the first login by it on", async () => {
  const made = await world.chat.accounts.createOpen('alice');
  const { account, session } = await world.login('alice', { password: 'right' });
  expect(account).toEqual(made);
  session.end();
  const open = world.chat.accounts.loginOpen(loginOptions('alice', new RecordingOutlet()));
  expect(await codeOf(open)).toBe('credentials_wrong');
});

test('an account that had a password here keeps its hash, which counts for nothing', async () => {
  const before = await world.store.accounts.create('alice' as Username, 'hash of right', 1 as never);
  expect((await world.login('alice', { password: 'right' })).account).toEqual(before);
  expect((await stored('alice'))?.passwordHash).toBe('hash of right');
  expect(world.hasher.verified).toEqual([]);
});

test('accounts are not made here, and passwords not changed', async () => {
  expect(await codeOf(world.chat.accounts.create('bob', 'pw'))).toBe('accounts_elsewhere');
  const { account } = await world.login('alice', { password: 'right' });
  expect(await codeOf(world.chat.accounts.changePassword(account, 'right', 'other'))).toBe('accounts_elsewhere');
});

test('a deletion asks the directory, and makes no account to delete', async () => {
  const deletion = (username: string, password: string): Promise<boolean> =>
    world.chat.accounts.delete({ username, password, own: undefined, outlet: new RecordingOutlet() });
  expect(await codeOf(deletion('alice', 'right'))).toBe('credentials_wrong');
  (await world.login('alice', { password: 'right' })).session.end();
  expect(await codeOf(deletion('alice', 'wrong'))).toBe('credentials_wrong');
});

test('without the directory its accounts are entered by no password, after the time that a wrong one takes', async () => {
  const bare = new World();
  await bare.store.accounts.create('alice' as Username, directoryMarker, 1 as never);
  for (const password of [directoryMarker, 'right']) {
    expect(await codeOf(bare.login('alice', { password }))).toBe('credentials_wrong');
  }
  expect(bare.hasher.verified.map(({ hasHash }) => hasHash)).toEqual([false, false]);
});
