import type { Username } from '../../../shared/names';
import { quiet } from '../../../tests/harness/quiet';
import { RecordingOutlet } from '../../../tests/harness/recording-outlet';
import { type Client, codeOf, loginOptions, World } from '../../../tests/harness/world';
import type { LoginOptions } from './accounts';

let world: World;
let alice: Client;

beforeEach(async () => {
  world = new World({ sessionsPerAccountMax: 2 });
  world.account('alice');
  alice = await world.login('alice');
  await world.chat.accounts.createOpen('Bob');
});

async function enter(username: string, options: Partial<LoginOptions> = {}): Promise<Client> {
  const outlet = new RecordingOutlet();
  const { password: _, ...rest } = loginOptions(username, outlet);
  const session = await world.chat.accounts.loginOpen({ ...rest, ...options });
  if (session === undefined) throw new Error('the connection is gone');
  outlet.attach(session);
  return { account: session.account, session, outlet };
}

function exists(): boolean {
  return world.store.tables.account('bob' as Username) !== undefined;
}

describe('an account without a password', () => {
  test('is entered by its name in any case, and reads what it was sent', async () => {
    await world.send(alice, 'bob', 'hi');
    const bob = await enter('BOB');
    expect(bob.account.name).toBe('Bob');
    await world.deliver(bob);
    expect(bob.outlet.lines).toEqual(['burst Bob 1', '1 alice Bob hi', 'end']);
  });

  test('is entered with no password that anybody gives', async () => {
    for (const given of ['pw', '', 'undefined']) {
      expect(await codeOf(world.enter('Bob', { password: given }))).toBe('credentials_wrong');
    }
  });

  test('is made under the rules for names', async () => {
    const { accounts } = world.chat;
    expect(await codeOf(accounts.createOpen('bob'))).toBe('name_taken');
    expect(await codeOf(accounts.createOpen('server'))).toBe('name_reserved');
    expect(await codeOf(accounts.createOpen('b b'))).toBe('name_invalid');
    expect(await Promise.all([codeOf(accounts.createOpen('carol')), codeOf(accounts.create('carol', 'pw'))])).toEqual([
      undefined,
      'name_taken',
    ]);
  });

  test('is logged in as often as any account', async () => {
    await enter('bob');
    await enter('bob');
    expect(await codeOf(enter('bob'))).toBe('logged_in_elsewhere');
    expect((await enter('bob', { takeover: true })).account.name).toBe('Bob');
  });

  test('is not entered by a connection that has gone', async () => {
    expect(await codeOf(enter('bob', { isGone: () => true }))).toBeUndefined();
    expect(world.chat.accounts.who(undefined).names).toEqual(['alice']);
  });
});

test('an account with a password is not entered without it, nor one that is not there', async () => {
  expect(await codeOf(enter('alice'))).toBe('credentials_wrong');
  expect(await codeOf(enter('nobody'))).toBe('account_unknown');
  expect(await codeOf(enter('no body'))).toBe('account_unknown');
});

describe('removing the account of a session', () => {
  function remove({ session, outlet }: Client, burst: boolean): Promise<boolean> {
    return world.chat.accounts.removeOwn({ session, outlet, burst });
  }

  test('with a burst writes what is undelivered first, also what it went live beyond', async () => {
    await world.send(alice, 'bob', 'one');
    const bob = await enter('bob');
    await bob.session.goLiveBeyondBacklog();
    bob.outlet.outboxBytesMax = 1;
    await world.send(alice, 'bob', 'two');
    await world.send(alice, 'bob', 'three');
    const removed = remove(bob, true);
    bob.outlet.outboxBytesMax = 1_000;
    bob.outlet.flush();
    await quiet();
    expect(bob.outlet.take()).toEqual(['2 alice Bob two', 'burst Bob 2', '1 alice Bob one', '3 alice Bob three']);
    expect([exists(), await world.send(alice, 'bob', 'late')]).toEqual([true, 'recipient_unknown']);
    bob.outlet.flush();
    await removed;
    expect([exists(), bob.session.isEnded]).toEqual([false, true]);
  });

  test('with a burst removes nothing when the connection goes before it has everything', async () => {
    await world.send(alice, 'bob', 'one');
    const bob = await enter('bob');
    const removed = remove(bob, true);
    await quiet();
    bob.outlet.lose();
    expect(await removed).toBe(false);
    expect(exists()).toBe(true);
    expect(await world.send(alice, 'bob', 'two')).toMatchObject({ seq: 2 });
  });

  test('without one writes nothing, and waits for no connection', async () => {
    await world.send(alice, 'bob', 'one');
    const bob = await enter('bob');
    const removed = remove(bob, false);
    bob.outlet.lose();
    expect(await removed).toBe(true);
    expect([exists(), bob.outlet.lines]).toEqual([false, []]);
    expect(await world.send(alice, 'bob', 'two')).toBe('recipient_unknown');
    expect(await world.chat.accounts.createOpen('bob')).toMatchObject({ name: 'bob' });
  });

  test.each([true, false])('is refused while another session reads (burst %s)', async (burst) => {
    const bob = await enter('bob');
    const other = await enter('bob');
    expect(await codeOf(remove(bob, burst))).toBe('logged_in_elsewhere');
    bob.session.end();
    expect(await codeOf(remove(bob, burst))).toBe('logged_in_elsewhere');
    expect([exists(), other.session.isEnded]).toEqual([true, false]);
  });

  test('is refused while it is being removed already, and possible again when the store has failed', async () => {
    const bob = await enter('bob');
    world.store.autoCommit = false;
    const codes = [codeOf(remove(bob, false)), codeOf(remove(bob, false))];
    world.store.failNextCommit();
    world.store.commit();
    expect(await Promise.all(codes)).toEqual(['store_failed', 'logged_in_elsewhere']);
    world.store.autoCommit = true;
    await remove(bob, false);
    expect(exists()).toBe(false);
  });

  test('is not for guests', async () => {
    const gina = await world.guest('gina');
    expect(await codeOf(remove(gina, false))).toBe('account_unknown');
    expect(gina.session.isEnded).toBe(false);
  });
});
