import { quiet } from '../../../tests/harness/quiet';
import { type Client, codeOf, World } from '../../../tests/harness/world';

let world: World;
let alice: Client;
let bob: Client;

beforeEach(async () => {
  world = new World({ sessionsPerAccountMax: 2 });
  for (const name of ['alice', 'bob', 'carol']) world.account(name);
  alice = await world.login('alice');
  bob = await world.login('bob');
});

test('a new room has its creator and the members named, each once, and their sessions follow it at once', async () => {
  const phone = await world.login('bob', { device: 'phone' });
  expect(await world.chat.rooms.create(alice.account, '#Den', ['BOB', 'bob', 'alice'])).toBe('#Den');
  expect(await world.chat.rooms.members('#den')).toEqual(['alice', 'bob']);
  expect(await world.send(alice, '#den', 'hi')).toMatchObject({ seq: 1, live: true });
  expect(bob.outlet.lines).toContain('1 alice #Den hi');
  expect(phone.outlet.lines).toContain('1 alice #Den hi');
});

test('a member who was away when the room was made reads it from its beginning', async () => {
  await world.chat.rooms.create(alice.account, '#den', ['carol']);
  await world.send(alice, '#den', 'first');
  const carol = await world.login('carol');
  expect(carol.outlet.lines).toEqual(['burst carol 1', '1 alice #den first', 'end']);
});

test('who joins reads what comes from then on, in every session', async () => {
  const phone = await world.login('bob', { device: 'phone' });
  await world.chat.rooms.create(alice.account, '#den', []);
  await world.send(alice, '#den', 'before');
  expect(await world.chat.rooms.join(bob.account, '#DEN')).toBe('#den');
  await world.send(alice, '#den', 'after');
  for (const { outlet } of [bob, phone]) expect(outlet.lines.slice(2)).toEqual(['2 alice #den after']);
});

test('a session that is being opened when its account joins or leaves a room knows of it', async () => {
  await world.chat.rooms.create(alice.account, '#old', ['bob']);
  await world.chat.rooms.create(alice.account, '#new', []);
  world.store.gate('subscriptions').close();
  const opening = world.login('bob', { device: 'phone' });
  await quiet();
  await world.chat.rooms.leave(bob.account, '#old');
  await world.chat.rooms.join(bob.account, '#new');
  world.store.gate('subscriptions').open();
  const phone = await opening;
  await world.send(alice, '#old', 'gone?');
  await world.send(alice, '#new', 'here?');
  expect(phone.outlet.lines).toEqual(['burst bob 0', 'end', '1 alice #new here?']);
});

test('who leaves reads no more, in any session, and may not send', async () => {
  const phone = await world.login('bob', { device: 'phone' });
  await world.chat.rooms.create(alice.account, '#den', ['bob']);
  expect(await world.chat.rooms.leave(bob.account, '#DEN')).toBe('#den');
  expect(await world.send(alice, '#den', 'gone?')).toMatchObject({ live: false });
  expect(await world.send(bob, '#den', 'hi')).toBe('not_a_member');
  for (const { outlet } of [bob, phone]) expect(outlet.lines).toHaveLength(2);
  expect(await world.chat.rooms.members('#den')).toEqual(['alice']);
});

test('what cannot be done is refused with its reason', async () => {
  const { rooms } = world.chat;
  await rooms.create(alice.account, '#den', []);
  expect(await codeOf(rooms.create(bob.account, '#DEN', []))).toBe('name_taken');
  expect(await codeOf(rooms.create(bob.account, 'den', []))).toBe('room_name_invalid');
  expect(await codeOf(rooms.create(bob.account, '#new', ['b b']))).toBe('name_invalid');
  expect(await codeOf(rooms.create(bob.account, '#new', ['nobody']))).toBe('account_unknown');
  expect(await codeOf(rooms.join(bob.account, '#nowhere'))).toBe('room_unknown');
  expect(await codeOf(rooms.join(bob.account, 'den'))).toBe('room_name_invalid');
  expect(await codeOf(rooms.leave(bob.account, '#nowhere'))).toBe('room_unknown');
  expect(await codeOf(rooms.leave(bob.account, '#den'))).toBe('not_a_member');
  expect(await codeOf((async () => rooms.members('#nowhere'))())).toBe('room_unknown');
  expect(() => rooms.members('den')).toThrow(expect.objectContaining({ code: 'room_name_invalid' }));
});
