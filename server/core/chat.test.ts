import { quiet } from '../../tests/harness/quiet';
import { World } from '../../tests/harness/world';

test('while more waits for the disk than may, the chat is congested, and tells when it no longer is', async () => {
  const world = new World({ draftsMax: 2, autoCommit: false });
  for (const name of ['alice', 'bob']) world.account(name);
  const alice = await world.login('alice');
  let reliefs = 0;
  world.chat.onRelief(() => {
    reliefs += 1;
  });
  world.post(alice, 'bob', 'one');
  expect(world.chat.isCongested()).toBe(false);
  world.post(alice, 'bob', 'two');
  expect(world.chat.isCongested()).toBe(true);
  world.store.commit();
  expect([world.chat.isCongested(), reliefs]).toEqual([false, 1]);
  world.store.commit();
  expect(reliefs).toBe(1);
});

test('closing stores what was acknowledged, without waiting for the delay', async () => {
  const world = new World();
  for (const name of ['alice', 'bob']) world.account(name);
  const alice = await world.login('alice');
  const bob = await world.login('bob');
  await world.send(alice, 'bob', 'one');
  bob.outlet.flush();
  await quiet();
  expect(world.cursor(bob.account)).toBe(0);
  await world.chat.close();
  expect(world.cursor(bob.account)).toBe(1);
});
