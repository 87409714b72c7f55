/** Messages between clients of the WebSocket wire, in both dialects, and those of the other wires. */

import { ChateauStage } from './chateau-stage';

let stage: ChateauStage;

beforeEach(async () => {
  stage = await ChateauStage.open({ sessionsPerAccountMax: 2 });
});
afterEach(() => stage.close());

const extras = { seq: expect.any(Number), time: expect.any(Number) };

describe('the numeric dialect', () => {
  test('gives one message to several, each of whom sees them all', async () => {
    const alice = await stage.registerNumerically('alice');
    const bob = await stage.registerNumerically('bob');
    const carol = await stage.register('carol');
    expect(await alice.ask({ type: 3, clients: ['bob', 'carol', 'BOB'], content: 'hi' })).toEqual({ status: 200 });
    expect(await bob.text()).toBe('{"status":200,"type":3,"sender":"alice","clients":["BOB","carol"],"content":"hi"}');
    expect(await carol.next()).toEqual({
      type: 'SingleMessageRecvResponse',
      status: 200,
      sender: 'alice',
      content: 'hi',
      log: 'carol',
      ...extras,
    });
  });

  test('sends nothing to anybody when one of them does not exist', async () => {
    const alice = await stage.registerNumerically('alice');
    const bob = await stage.register('bob');
    expect(await alice.ask({ type: 3, clients: ['bob', 'nobody'], content: 'hi' })).toEqual({ status: 400 });
    await bob.expectSilence();
  });

  test('lists who is online, on whatever wire', async () => {
    stage.world.account('dave');
    await stage.world.login('dave');
    const bob = await stage.registerNumerically('bob');
    await stage.register('alice', 'pw');
    expect(await bob.ask({ type: 4 })).toEqual({ status: 200, clients: ['alice', 'bob', 'dave'] });
  });

  test('draws somebody, who sees that it was at random', async () => {
    const alice = await stage.registerNumerically('alice');
    const bob = await stage.registerNumerically('bob');
    expect(await alice.ask({ type: 5, content: 'boo' })).toEqual({ status: 200, clients: 'bob' });
    expect(await bob.text()).toBe('{"status":200,"type":5,"sender":"alice","content":"boo"}');
    await bob.ask({ type: 3, clients: ['bob'], content: 'later' });
    expect(await bob.next()).toEqual({ status: 200, type: 3, sender: 'bob', clients: ['bob'], content: 'later' });
  });
});

describe('the named dialect', () => {
  test('gives a message to one', async () => {
    const alice = await stage.register('alice', 'pw');
    const bob = await stage.registerNumerically('bob');
    expect(await alice.ask({ type: 'SingleMessageRequest', recipient: 'Bob', content: 'hi', id: 'x' })).toEqual({
      type: 'SingleMessageResponse',
      status: 200,
      log: 'bob',
      seq: 1,
      live: true,
      id: 'x',
    });
    expect(await bob.text()).toBe('{"status":200,"type":3,"sender":"alice","clients":["bob"],"content":"hi"}');
  });

  test('draws somebody, who sees that it was at random', async () => {
    const alice = await stage.register('alice');
    const bob = await stage.register('bob');
    expect(await alice.ask({ type: 'RandomMessageRequest', content: 'boo' })).toMatchObject({
      type: 'RandomMessageResponse',
      status: 200,
      clients: 'bob',
    });
    expect(await bob.next()).toMatchObject({
      type: 'RandomMessageRecv',
      status: 200,
      sender: 'alice',
      content: 'boo',
    });
  });

  test('a message under a key that was used for it before is the same message, and with another body it is refused', async () => {
    const alice = await stage.register('alice', 'pw');
    const bob = await stage.register('bob', 'pw');
    const request = { type: 'SingleMessageRequest', recipient: 'bob', content: 'hi', key: 'k1' };
    expect(await alice.ask(request)).toMatchObject({ status: 200, seq: 1 });
    expect(await alice.ask(request)).toMatchObject({ status: 200, seq: 1 });
    expect(await alice.ask({ ...request, content: 'ho' })).toMatchObject({ status: 400, code: 'key_reused' });
    expect(await alice.ask({ ...request, key: 'k 1' })).toMatchObject({ status: 400, code: 'key_invalid' });
    expect(await bob.next()).toMatchObject({ content: 'hi' });
    await bob.expectSilence();
  });
});

describe('a chat', () => {
  const begin = { type: 'GroupMessageInitRequest', recipients: ['bob', 'gast'], content: 'hi', chatname: 'my friends' };

  test('begins with a message that its members get as the first, and goes on', async () => {
    const [alice, bob, guest] = [
      await stage.register('alice', 'pw'),
      await stage.register('bob', 'pw'),
      await stage.register('gast'),
    ];
    expect(await alice.ask(begin)).toMatchObject({ type: 'GroupMessageInitResponse', status: 200, seq: 1 });
    const first = {
      type: 'GroupMessageRecv',
      status: 201,
      sender: 'alice',
      content: 'hi',
      chatname: 'my friends',
      log: '#0_my_20friends',
      ...extras,
    };
    expect(await bob.next()).toEqual(first);
    expect(await guest.next()).toEqual(first);
    expect(
      await guest.ask({ type: 'GroupMessageRequest', chatname: 'My friends', content: 'ho', id: 1 }),
    ).toMatchObject({ type: 'GroupMessageResponse', status: 200, id: 1 });
    const second = { ...first, status: 200, sender: 'gast', content: 'ho', seq: 2 };
    expect(await alice.next()).toEqual(second);
    expect(await bob.next()).toEqual(second);
    await guest.expectSilence();
  });

  test('that is there already gets the message as a later one, also from who was no member', async () => {
    const [alice, bob] = [await stage.register('alice', 'pw'), await stage.register('bob', 'pw')];
    await alice.ask({ ...begin, recipients: ['bob'] });
    expect(await bob.next()).toMatchObject({ status: 201 });
    const carol = await stage.register('carol', 'pw');
    expect(await carol.ask({ ...begin, recipients: ['bob'], content: 'me too' })).toMatchObject({
      status: 200,
      seq: 2,
    });
    const later = { type: 'GroupMessageRecv', status: 200, sender: 'carol', content: 'me too' };
    expect(await alice.next()).toMatchObject(later);
    expect(await bob.next()).toMatchObject(later);
  });

  test('that is there already gets the message of a member once, and the member misses nothing by it', async () => {
    const [alice, bob] = [await stage.register('alice', 'pw'), await stage.register('bob', 'pw')];
    await alice.ask({ ...begin, recipients: ['bob'] });
    expect(await bob.next()).toMatchObject({ seq: 1 });
    await alice.ask({ type: 'LogoutRequest' });
    await bob.ask({ type: 'GroupMessageRequest', chatname: begin.chatname, content: 'while you were away' });
    const login = { type: 'LoginRequest', username: 'alice', password: 'pw', ack: true };
    expect(await alice.ask(login)).toMatchObject({ undelivered: 1 });
    expect(await alice.next()).toMatchObject({ seq: 2 });
    expect(await alice.ask({ ...begin, recipients: ['bob'] })).toMatchObject({ status: 200, seq: 3 });
    expect(await bob.next()).toMatchObject({ type: 'GroupMessageRecv', status: 200, seq: 3 });
    await bob.expectSilence();
    await alice.ask({ type: 'LogoutRequest' });
    expect(await alice.ask(login)).toMatchObject({ undelivered: 1 });
    expect(await alice.next()).toMatchObject({ seq: 2, content: 'while you were away' });
  });

  test('is not made where a recipient does not exist, the message is none, or the name is too long', async () => {
    const alice = await stage.register('alice', 'pw');
    expect(await alice.ask({ ...begin, recipients: ['nobody'] })).toMatchObject({ status: 404 });
    expect(await alice.ask({ ...begin, recipients: [], content: '' })).toMatchObject({ status: 400 });
    expect(await alice.ask({ ...begin, recipients: [], content: 'a\0' })).toMatchObject({ code: 'body_invalid' });
    expect(await alice.ask({ ...begin, chatname: 'x'.repeat(255) })).toMatchObject({ code: 'chat_name_invalid' });
    expect(await alice.ask({ type: 'ChatMembersRequest', chatname: begin.chatname })).toMatchObject({ status: 404 });
  });

  test('is for its members alone', async () => {
    const alice = await stage.register('alice', 'pw');
    await alice.ask({ ...begin, recipients: [] });
    const bob = await stage.register('bob', 'pw');
    expect(await bob.ask({ type: 'GroupMessageRequest', chatname: begin.chatname, content: 'hi' })).toMatchObject({
      status: 400,
      code: 'not_a_member',
      message: 'you are not a member of my friends',
    });
  });

  test('keeps its messages for a member who is away, on whatever wire it comes back', async () => {
    const alice = await stage.register('alice', 'pw');
    stage.world.account('bob');
    stage.world.account('carol');
    await alice.ask({ ...begin, recipients: ['bob', 'carol'] });
    const bob = await stage.connect();
    expect(await bob.ask({ type: 'RegisterRequest', username: 'bob', password: 'pw' })).toMatchObject({
      undelivered: 1,
    });
    expect(await bob.next()).toMatchObject({ type: 'GroupMessageRecv', status: 201, chatname: 'my friends' });
    const carol = await stage.world.login('carol');
    expect(carol.outlet.lines).toEqual(['burst carol 1', '1 alice #0_my_20friends hi', 'end']);
  });

  test('reaches a guest of the numeric dialect as a message with the name of the chat behind it', async () => {
    const alice = await stage.register('alice', 'pw');
    const guest = await stage.registerNumerically('gast');
    await alice.ask({ ...begin, recipients: ['gast'] });
    expect(await guest.text()).toBe(
      '{"status":200,"type":3,"sender":"alice","clients":["gast"],"content":"hi","chatname":"my friends"}',
    );
  });

  test('is the room of that name on the other wires', async () => {
    const alice = await stage.register('alice', 'pw');
    stage.world.account('dave');
    const dave = await stage.world.login('dave');
    await stage.world.chat.rooms.create(dave.account, '#garden', ['alice']);
    await stage.world.send(dave, '#garden', 'from afar');
    expect(await alice.next()).toMatchObject({ type: 'GroupMessageRecv', status: 201, chatname: 'garden' });
    await alice.ask({ type: 'GroupMessageRequest', chatname: 'garden', content: 'welcome' });
    expect(dave.outlet.lines.at(-1)).toBe('2 alice #garden welcome');
  });
});

test('messages of the other wires arrive in the dialect of the connection', async () => {
  stage.world.account('dave');
  const dave = await stage.world.login('dave');
  const named = await stage.register('alice', 'pw');
  const numeric = await stage.registerNumerically('bob');
  await stage.world.send(dave, 'alice', 'hi');
  await stage.world.send(dave, 'bob', 'hi');
  expect(await named.next()).toMatchObject({ type: 'SingleMessageRecvResponse', sender: 'dave', content: 'hi' });
  expect(await numeric.text()).toBe('{"status":200,"type":3,"sender":"dave","clients":["bob"],"content":"hi"}');
  await numeric.ask({ type: 3, clients: ['dave'], content: 'ho' });
  expect(dave.outlet.lines.at(-1)).toBe('1 bob dave ho');
});

test('a guest who has left takes no message', async () => {
  const alice = await stage.register('alice');
  const guest = await stage.register('gast');
  guest.socket.close();
  await guest.closed();
  expect(await alice.ask({ type: 'SingleMessageRequest', recipient: 'gast', content: 'hi' })).toMatchObject({
    status: 404,
  });
});

test('what is undelivered comes after the answer to the login, and again until it is acknowledged', async () => {
  stage.world.account('bob');
  const alice = await stage.register('alice', 'pw');
  for (const content of ['1', '2', '3']) {
    await alice.ask({ type: 'SingleMessageRequest', recipient: 'bob', content });
  }
  const login = { type: 'LoginRequest', username: 'bob', password: 'pw', ack: true };
  const first = await stage.connect();
  expect(await first.ask(login)).toEqual({ type: 'LoginResponse', status: 200, username: 'bob', undelivered: 3 });
  expect((await first.take(3)).map(({ content }) => content)).toEqual(['1', '2', '3']);
  first.send({ type: 'Ack', log: 'bob', seq: 2 });
  expect(await first.ask({ type: 'LogoutRequest' })).toMatchObject({ status: 200 });
  expect(await first.ask(login)).toMatchObject({ undelivered: 1 });
  expect(await first.next()).toMatchObject({ content: '3', seq: 3, log: 'bob' });
});
