import { bounds } from '../../../shared/limits';
import type { Username } from '../../../shared/names';
import { DeletionWorld } from '../../../tests/harness/deletion-world';
import { quiet } from '../../../tests/harness/quiet';
import { type Client, codeOf } from '../../../tests/harness/world';

let world: DeletionWorld;
let alice: Client;

beforeEach(async () => {
  world = new DeletionWorld();
  alice = await world.login('alice');
});

describe('a deletion', () => {
  test('writes what is undelivered as its burst, and then the account is gone', async () => {
    await world.send(alice, 'bob', 'one');
    await world.send(alice, 'bob', 'two');
    const deleted = world.deleteBob();
    await quiet();
    expect(world.outlet.lines).toEqual(['burst bob 2', '1 alice bob one', '2 alice bob two']);
    expect(world.isBobThere).toBe(true);
    world.outlet.flush();
    expect(await deleted).toBe(true);
    expect(world.isBobThere).toBe(false);
    expect(await world.send(alice, 'bob', 'late')).toBe('recipient_unknown');
    expect(world.chat.accounts.who(undefined).names).toEqual(['alice']);
    expect(await codeOf(world.login('bob'))).toBe('credentials_wrong');
  });

  test('without a session goes on whenever its connection has taken what was written', async () => {
    for (const text of ['one', 'two', 'three']) await world.send(alice, 'bob', text);
    world.store.readOneByOne();
    world.outlet.outboxBytesMax = 1;
    const deleted = world.deleteBob();
    for (let flushes = 0; flushes < 5; flushes += 1) {
      await quiet();
      world.outlet.flush();
    }
    await deleted;
    expect(world.outlet.lines).toEqual(['burst bob 3', '1 alice bob one', '2 alice bob two', '3 alice bob three']);
    expect(world.isBobThere).toBe(false);
  });

  test('of the account that is logged in on the connection ends its session', async () => {
    const bob = await world.login('bob', { explicitAck: true });
    await world.send(alice, 'bob', 'one');
    bob.outlet.flush();
    bob.outlet.take();
    const deleted = world.deleteBob(bob);
    await quiet();
    bob.outlet.flush();
    await deleted;
    expect(bob.outlet.lines).toEqual(['burst bob 1', '1 alice bob one']);
    expect(bob.session.isEnded).toBe(true);
    expect(world.isBobThere).toBe(false);
  });

  test('needs the password', async () => {
    expect(await codeOf(world.deleteBob(undefined, 'wrong'))).toBe('credentials_wrong');
    expect(world.isBobThere).toBe(true);
  });

  test('is refused while the account is logged in elsewhere', async () => {
    await world.login('bob');
    expect(await codeOf(world.deleteBob())).toBe('logged_in_elsewhere');
    expect(await codeOf(world.deleteBob(alice))).toBe('logged_in_elsewhere');
    expect(world.isBobThere).toBe(true);
  });

  test('is refused while a second session of the account may still be reading', async () => {
    const bob = await world.login('bob');
    const second = await world.login('bob', { device: 'phone' });
    expect(await codeOf(world.deleteBob(bob))).toBe('logged_in_elsewhere');
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
    const deleted = world.deleteBob();
    await quiet();
    world.outlet.flush();
    expect(await deleted).toBe(true);
    await world.send(sender, 'carol', 'one');
    carol.outlet.flush();
    expect(sender.outlet.lines).toContain('receipt carol 1');
  });

  test('keeps the messages that the account sent', async () => {
    const bob = await world.login('bob');
    await world.send(bob, 'alice', 'remember me');
    bob.outlet.flush();
    const deleted = world.deleteBob(bob);
    await quiet();
    bob.outlet.flush();
    await deleted;
    expect(alice.outlet.lines).toContain('1 bob alice remember me');
    expect(await world.chat.messages.history(alice.account, 'alice', undefined, undefined)).toEqual([]);
    expect(world.store.tables.head(alice.account.id as never)).toBe(1);
  });
});

describe('while an account is being deleted', () => {
  test('messages to it are refused to their sender, not lost', async () => {
    const deleted = world.deleteBob();
    await quiet();
    expect(await world.send(alice, 'bob', 'late')).toBe('recipient_unknown');
    expect(world.outlet.lines).toEqual(['burst bob 0']);
    world.outlet.flush();
    await deleted;
  });

  test('messages that were on their way before are in its burst', async () => {
    world.store.autoCommit = false;
    const posted = world.post(alice, 'bob', 'just in time');
    const deleted = world.deleteBob();
    await quiet();
    const late = world.post(alice, 'bob', 'too late');
    world.store.commit();
    await quiet();
    expect(posted.outcome).toMatchObject({ seq: 1 });
    expect(late.outcome).toBe('recipient_unknown');
    expect(world.outlet.lines).toEqual(['burst bob 1', '1 alice bob just in time']);
    world.outlet.flush();
    world.store.autoCommit = true;
    await quiet();
    world.store.commit();
    await deleted;
  });

  test('a login that opens before the account is gone is ended with it', async () => {
    const deleted = world.deleteBob();
    await quiet();
    const raced = await world.login('bob');
    world.outlet.flush();
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
    const deleted = world.deleteBob();
    await quiet();
    world.store.gate('subscriptions').close();
    const raced = codeOf(world.enter('bob'));
    await quiet();
    world.outlet.flush();
    await deleted;
    world.store.gate('subscriptions').open();
    expect(await raced).toBe('logged_in_elsewhere');
    expect(world.chat.accounts.who(undefined).names).toEqual(['alice']);
  });

  test('one that is refused for a login that came in between leaves nobody logged in', async () => {
    world.store.gate('subscriptions').close();
    const deleted = codeOf(world.deleteBob());
    const raced = world.enter('bob');
    await quiet();
    world.store.gate('subscriptions').open();
    expect(await deleted).toBe('logged_in_elsewhere');
    (await raced).session.end();
    expect(world.chat.accounts.who(undefined).names).toEqual(['alice']);
  });
});
