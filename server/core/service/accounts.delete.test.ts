import { ChatError } from '../../../shared/errors';
import { bounds } from '../../../shared/limits';
import type { Username } from '../../../shared/names';
import { quiet } from '../../../tests/harness/quiet';
import { RecordingOutlet } from '../../../tests/harness/recording-outlet';
import { type Client, codeOf, password, World } from '../../../tests/harness/world';
import type { LogStore } from '../ports';

let world: World;
let alice: Client;
let outlet: RecordingOutlet;

beforeEach(async () => {
  world = new World({ sessionsPerAccountMax: 2 });
  world.account('alice');
  world.account('bob');
  alice = await world.login('alice');
  outlet = new RecordingOutlet();
});

/** Deletes bob's account as a protocol does, over `outlet` or over the connection that it is logged in on. Tells
 *  whether it is gone. */
function deleteBob(own?: Client, given = password): Promise<boolean> {
  return world.chat.accounts.delete({
    username: 'bob',
    password: given,
    own: own?.session,
    outlet: own?.outlet ?? outlet,
  });
}

/** Reads of the store as they are, but a message at a time. */
function pageOfOne({ store }: World): LogStore['read'] {
  const { read } = store.logs;
  return (log, after, through) => read(log, after, through, 1);
}

function exists(): boolean {
  return world.store.tables.account('bob' as Username) !== undefined;
}

describe('a deletion', () => {
  test('writes what is undelivered as its burst, and then the account is gone', async () => {
    await world.send(alice, 'bob', 'one');
    await world.send(alice, 'bob', 'two');
    const deleted = deleteBob();
    await quiet();
    expect(outlet.lines).toEqual(['burst bob 2', '1 alice bob one', '2 alice bob two']);
    expect(exists()).toBe(true);
    outlet.flush();
    expect(await deleted).toBe(true);
    expect(exists()).toBe(false);
    expect(await world.send(alice, 'bob', 'late')).toBe('recipient_unknown');
    expect(world.chat.accounts.who(undefined).names).toEqual(['alice']);
    expect(await codeOf(world.login('bob'))).toBe('credentials_wrong');
  });

  test('that gives up while another waits does not let messages into what the other removes', async () => {
    const bob = await world.login('bob', { device: 'phone' });
    world.store.autoCommit = false;
    const first = deleteBob(bob);
    await quiet();
    bob.outlet.lose();
    const desk = await world.login('bob', { device: 'desk' });
    expect(await codeOf(deleteBob(desk))).toBe('logged_in_elsewhere');
    world.store.commit();
    await quiet();
    world.store.commit();
    await first;
    expect(exists()).toBe(true);
    const sent = world.post(alice, 'bob', 'kept');
    world.store.commit();
    expect(sent.outcome).toMatchObject({ seq: 1 });
  });

  test('without a session goes on whenever its connection has taken what was written', async () => {
    for (const text of ['one', 'two', 'three']) await world.send(alice, 'bob', text);
    world.store.logs.read = pageOfOne(world);
    outlet.outboxBytesMax = 1;
    const deleted = deleteBob();
    for (let flushes = 0; flushes < 5; flushes += 1) {
      await quiet();
      outlet.flush();
    }
    await deleted;
    expect(outlet.lines).toEqual(['burst bob 3', '1 alice bob one', '2 alice bob two', '3 alice bob three']);
    expect(exists()).toBe(false);
  });

  test('without a session is over when its connection is lost while it has no room', async () => {
    for (const text of ['one', 'two']) await world.send(alice, 'bob', text);
    world.store.logs.read = pageOfOne(world);
    outlet.outboxBytesMax = 1;
    const deleted = deleteBob();
    await quiet();
    outlet.lose();
    expect(await deleted).toBe(false);
    expect(exists()).toBe(true);
    expect(await world.send(alice, 'bob', 'three')).toMatchObject({ seq: 3 });
    expect((await world.login('bob')).outlet.lines).toContain('3 alice bob three');
  });

  test('of the account that is logged in on the connection ends its session', async () => {
    const bob = await world.login('bob', { explicitAck: true });
    await world.send(alice, 'bob', 'one');
    bob.outlet.flush();
    bob.outlet.take();
    const deleted = deleteBob(bob);
    await quiet();
    bob.outlet.flush();
    await deleted;
    expect(bob.outlet.lines).toEqual(['burst bob 1', '1 alice bob one']);
    expect(bob.session.isEnded).toBe(true);
    expect(exists()).toBe(false);
  });

  test('needs the password', async () => {
    expect(await codeOf(deleteBob(undefined, 'wrong'))).toBe('credentials_wrong');
    expect(exists()).toBe(true);
  });

  test('is refused while the account is logged in elsewhere', async () => {
    await world.login('bob');
    expect(await codeOf(deleteBob())).toBe('logged_in_elsewhere');
    expect(await codeOf(deleteBob(alice))).toBe('logged_in_elsewhere');
    expect(exists()).toBe(true);
  });

  test('is refused while a second session of the account may still be reading', async () => {
    const bob = await world.login('bob');
    const second = await world.login('bob', { device: 'phone' });
    expect(await codeOf(deleteBob(bob))).toBe('logged_in_elsewhere');
    expect(bob.session.isEnded).toBe(false);
    await world.send(alice, 'bob', 'still here');
    expect(second.outlet.lines).toContain('1 alice bob still here');
  });

  test('leaves no receipt due that would keep its sender from others', async () => {
    for (const name of ['carol', 'dave']) world.account(name);
    const carol = await world.login('carol');
    const sender = await world.login('dave', { wantsReceipts: true });
    for (let count = 0; count < bounds.receiptsPendingMax; count += 1) world.post(sender, 'bob', 'x');
    await quiet();
    const deleted = deleteBob();
    await quiet();
    outlet.flush();
    expect(await deleted).toBe(true);
    await world.send(sender, 'carol', 'one');
    carol.outlet.flush();
    expect(sender.outlet.lines).toContain('receipt carol 1');
  });

  test('keeps the messages that the account sent', async () => {
    const bob = await world.login('bob');
    await world.send(bob, 'alice', 'remember me');
    bob.outlet.flush();
    const deleted = deleteBob(bob);
    await quiet();
    bob.outlet.flush();
    await deleted;
    expect(alice.outlet.lines).toContain('1 bob alice remember me');
    expect(await world.chat.messages.history(alice.account, 'alice', undefined, undefined)).toEqual([]);
    expect(world.store.tables.head(alice.account.id as never)).toBe(1);
  });
});

describe('a deletion that does not come to its end', () => {
  test('for the loss of the connection in the middle deletes nothing and opens the mailbox again', async () => {
    await world.send(alice, 'bob', 'one');
    const deleted = deleteBob();
    await quiet();
    outlet.lose();
    expect(await deleted).toBe(false);
    expect(exists()).toBe(true);
    expect(await world.send(alice, 'bob', 'two')).toMatchObject({ seq: 2 });
    expect((await world.login('bob')).outlet.lines).toContain('burst bob 2');
  });

  test('for a failure of the store deletes nothing, and the session goes on', async () => {
    const bob = await world.login('bob');
    bob.outlet.flush();
    bob.outlet.take();
    world.store.autoCommit = false;
    const deleted = codeOf(deleteBob(bob));
    await quiet();
    world.store.commit();
    await quiet();
    bob.outlet.flush();
    await quiet();
    world.store.failNextCommit();
    world.store.commit();
    world.store.autoCommit = true;
    await quiet();
    world.store.commit();
    expect(await deleted).toBe('store_failed');
    bob.session.goLive();
    expect(await world.send(alice, 'bob', 'one')).toMatchObject({ seq: 1, live: true });
    expect(bob.outlet.lines).toEqual(['burst bob 0', '1 alice bob one']);
  });

  test('because the store died when it had removed the account ends the session, which nobody is any more', async () => {
    const bob = await world.login('bob', { explicitAck: true });
    const { accounts, tables } = world.store;
    accounts.remove = async (account) => {
      tables.removeAccount(account);
      throw new ChatError('store_failed');
    };
    const deleted = deleteBob(bob);
    await quiet();
    bob.outlet.flush();
    expect(await deleted).toBe(true);
    expect(bob.session.isEnded).toBe(true);
    expect(world.chat.accounts.who(undefined).names).toEqual(['alice']);
  });

  test('opens the mailbox again once it can, where it could not, and nobody deletes the account before', async () => {
    world.store.autoCommit = false;
    const deleted = codeOf(deleteBob());
    await quiet();
    world.store.commit();
    await quiet();
    outlet.lose();
    await quiet();
    world.store.failNextCommit('store_full');
    world.store.commit();
    expect(await deleted).toBe('store_full');
    world.store.autoCommit = true;
    outlet = new RecordingOutlet();
    expect(await codeOf(deleteBob())).toBe('logged_in_elsewhere');
    world.clock.advance(bounds.writeRetryMs);
    await quiet();
    expect(await world.send(alice, 'bob', 'one')).toMatchObject({ seq: 1 });
    const again = deleteBob();
    await quiet();
    outlet.flush();
    expect(await again).toBe(true);
  });

  test('for a takeover before its burst writes and deletes nothing', async () => {
    world = new World();
    world.account('bob');
    const bob = await world.login('bob', { explicitAck: true });
    bob.outlet.take();
    world.hasher.gate.close();
    const deleted = deleteBob(bob);
    const other = world.login('bob', { takeover: true });
    await quiet();
    world.hasher.gate.open();
    expect(await deleted).toBe(false);
    await other;
    expect(bob.outlet.lines).toEqual(['ended taken_over']);
    expect(exists()).toBe(true);
  });

  test('for a takeover in the middle of its burst deletes nothing', async () => {
    world = new World();
    for (const name of ['alice', 'bob']) world.account(name);
    await world.send(await world.login('alice'), 'bob', 'one');
    outlet.outboxBytesMax = 0;
    const deleted = deleteBob();
    await quiet();
    const other = await world.login('bob', { takeover: true });
    expect(await deleted).toBe(false);
    expect(outlet.lines).toEqual(['burst bob 1', 'ended taken_over']);
    expect(other.outlet.lines).toEqual(['burst bob 1', '1 alice bob one', 'end']);
    expect(exists()).toBe(true);
  });
});

describe('while an account is being deleted', () => {
  test('messages to it are refused to their sender, not lost', async () => {
    const deleted = deleteBob();
    await quiet();
    expect(await world.send(alice, 'bob', 'late')).toBe('recipient_unknown');
    expect(outlet.lines).toEqual(['burst bob 0']);
    outlet.flush();
    await deleted;
  });

  test('messages that were on their way before are in its burst', async () => {
    world.store.autoCommit = false;
    const posted = world.post(alice, 'bob', 'just in time');
    const deleted = deleteBob();
    await quiet();
    const late = world.post(alice, 'bob', 'too late');
    world.store.commit();
    await quiet();
    expect(posted.outcome).toMatchObject({ seq: 1 });
    expect(late.outcome).toBe('recipient_unknown');
    expect(outlet.lines).toEqual(['burst bob 1', '1 alice bob just in time']);
    outlet.flush();
    world.store.autoCommit = true;
    await quiet();
    world.store.commit();
    await deleted;
  });

  test('a login that opens before the account is gone is ended with it', async () => {
    const deleted = deleteBob();
    await quiet();
    const raced = await world.login('bob');
    outlet.flush();
    await deleted;
    expect(raced.outlet.lines).toEqual(['burst bob 0', 'end', 'ended account_unknown']);
    expect(raced.session.isEnded).toBe(true);
  });

  test('a login whose logs are looked up after it fails as for any unknown name', async () => {
    world.hasher.gate.close();
    const raced = codeOf(world.enter('bob'));
    await quiet();
    world.store.tables.removeAccount(world.store.tables.named('bob' as Username).id);
    world.hasher.gate.open();
    expect(await raced).toBe('credentials_wrong');
    expect(world.chat.accounts.who(undefined).names).toEqual(['alice']);
  });

  test('a login whose logs were looked up before it, and has no session yet, has none', async () => {
    const deleted = deleteBob();
    await quiet();
    world.store.gate('subscriptions').close();
    const raced = codeOf(world.enter('bob'));
    await quiet();
    outlet.flush();
    await deleted;
    world.store.gate('subscriptions').open();
    expect(await raced).toBe('logged_in_elsewhere');
    expect(world.chat.accounts.who(undefined).names).toEqual(['alice']);
  });

  test('one that is refused for a login that came in between leaves nobody logged in', async () => {
    world.store.gate('subscriptions').close();
    const deleted = codeOf(deleteBob());
    const raced = world.enter('bob');
    await quiet();
    world.store.gate('subscriptions').open();
    expect(await deleted).toBe('logged_in_elsewhere');
    (await raced).session.end();
    expect(world.chat.accounts.who(undefined).names).toEqual(['alice']);
  });
});
