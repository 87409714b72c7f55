import { World } from '../../../tests/harness/world';

test('an account exists, whether it is online or not, and so does a guest who is there', async () => {
  const world = new World();
  world.account('Alice');
  expect(await world.chat.accounts.exists('alice')).toBe(true);
  const { session } = await world.login('alice');
  expect(await world.chat.accounts.exists('ALICE')).toBe(true);
  session.end();
  expect(await world.chat.accounts.exists('alice')).toBe(true);
  const guest = await world.guest('Gina');
  expect(await world.chat.accounts.exists('gina')).toBe(true);
  guest.session.end();
  expect(await world.chat.accounts.exists('gina')).toBe(false);
});

test.each(['bob', 'alic', 'alice2', 'a*', '?lice', '', '#alice', 'a b'])('%j does not', async (name) => {
  const world = new World();
  world.account('alice');
  await world.login('alice');
  expect(await world.chat.accounts.exists(name)).toBe(false);
});
