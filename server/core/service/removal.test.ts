import { ChatError } from '../../../shared/errors';
import { bounds } from '../../../shared/limits';
import { DeletionWorld } from '../../../tests/harness/deletion-world';
import { quiet } from '../../../tests/harness/quiet';
import { RecordingOutlet } from '../../../tests/harness/recording-outlet';
import { type Client, codeOf } from '../../../tests/harness/world';

let world: DeletionWorld;
let alice: Client;

beforeEach(async () => {
  world = new DeletionWorld();
  alice = await world.login('alice');
});

describe('a deletion that does not come to its end', () => {
  test('for the loss of the connection in the middle deletes nothing and opens the mailbox again', async () => {
    await world.send(alice, 'bob', 'one');
    const deleted = world.deleteBob();
    await quiet();
    world.outlet.lose();
    expect(await deleted).toBe(false);
    expect(world.isBobThere).toBe(true);
    expect(await world.send(alice, 'bob', 'two')).toMatchObject({ seq: 2 });
    expect((await world.login('bob')).outlet.lines).toContain('burst bob 2');
  });

  test('while another waits does not let messages into what the other removes', async () => {
    const bob = await world.login('bob', { device: 'phone' });
    world.store.autoCommit = false;
    const first = world.deleteBob(bob);
    await quiet();
    bob.outlet.lose();
    const desk = await world.login('bob', { device: 'desk' });
    expect(await codeOf(world.deleteBob(desk))).toBe('logged_in_elsewhere');
    world.store.commit();
    await quiet();
    world.store.commit();
    await first;
    expect(world.isBobThere).toBe(true);
    const sent = world.post(alice, 'bob', 'kept');
    world.store.commit();
    expect(sent.outcome).toMatchObject({ seq: 1 });
  });

  test('for the loss of a connection that has no room deletes nothing', async () => {
    for (const text of ['one', 'two']) await world.send(alice, 'bob', text);
    world.store.readOneByOne();
    world.outlet.outboxBytesMax = 1;
    const deleted = world.deleteBob();
    await quiet();
    world.outlet.lose();
    expect(await deleted).toBe(false);
    expect(world.isBobThere).toBe(true);
    expect(await world.send(alice, 'bob', 'three')).toMatchObject({ seq: 3 });
    expect((await world.login('bob')).outlet.lines).toContain('3 alice bob three');
  });

  test('for a failure of the store deletes nothing, and the session goes on', async () => {
    const bob = await world.login('bob');
    bob.outlet.flush();
    bob.outlet.take();
    world.store.autoCommit = false;
    const deleted = codeOf(world.deleteBob(bob));
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
    const deleted = world.deleteBob(bob);
    await quiet();
    bob.outlet.flush();
    expect(await deleted).toBe(true);
    expect(bob.session.isEnded).toBe(true);
    expect(world.chat.accounts.who(undefined).names).toEqual(['alice']);
  });

  test('opens the mailbox again once it can, where it could not, and nobody deletes the account before', async () => {
    world.store.autoCommit = false;
    const deleted = codeOf(world.deleteBob());
    await quiet();
    world.store.commit();
    await quiet();
    world.outlet.lose();
    await quiet();
    world.store.failNextCommit('store_full');
    world.store.commit();
    expect(await deleted).toBe('store_full');
    world.store.autoCommit = true;
    world.outlet = new RecordingOutlet();
    expect(await codeOf(world.deleteBob())).toBe('logged_in_elsewhere');
    world.clock.advance(bounds.writeRetryMs);
    await quiet();
    expect(await world.send(alice, 'bob', 'one')).toMatchObject({ seq: 1 });
    const again = world.deleteBob();
    await quiet();
    world.outlet.flush();
    expect(await again).toBe(true);
  });

  test('for a takeover before its burst writes and deletes nothing', async () => {
    world = new DeletionWorld({ sessionsPerAccountMax: 1 });
    const bob = await world.login('bob', { explicitAck: true });
    bob.outlet.take();
    world.hasher.gate.close();
    const deleted = world.deleteBob(bob);
    const other = world.login('bob', { takeover: true });
    await quiet();
    world.hasher.gate.open();
    expect(await deleted).toBe(false);
    await other;
    expect(bob.outlet.lines).toEqual(['ended taken_over']);
    expect(world.isBobThere).toBe(true);
  });

  test('for a takeover in the middle of its burst deletes nothing', async () => {
    world = new DeletionWorld({ sessionsPerAccountMax: 1 });
    await world.send(await world.login('alice'), 'bob', 'one');
    world.outlet.outboxBytesMax = 0;
    const deleted = world.deleteBob();
    await quiet();
    const other = await world.login('bob', { takeover: true });
    expect(await deleted).toBe(false);
    expect(world.outlet.lines).toEqual(['burst bob 1', 'ended taken_over']);
    expect(other.outlet.lines).toEqual(['burst bob 1', '1 alice bob one', 'end']);
    expect(world.isBobThere).toBe(true);
  });
});
