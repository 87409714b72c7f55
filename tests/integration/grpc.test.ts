/** Every call of the gRPC service, and what it refuses. */

import { limits } from '../../shared/limits';
import { password } from '../harness/world';
import { GrpcStage, texts } from './grpc-stage';

let stage: GrpcStage;

beforeEach(async () => {
  stage = await GrpcStage.open();
});

afterEach(() => stage.close());

describe('the sentence of a success', () => {
  test('is in every answer that has a message field, as existing clients print it', async () => {
    const bob = stage.connect();
    const login = { username: 'bob', password: 'pw' };
    const user = { username: 'bob' };
    const me = { fromUsername: 'bob', toUsername: 'bob', message: 'hi' };
    const answers: string[] = [];
    const ask = async (...[call, request]: Parameters<typeof bob.ask>): Promise<void> => {
      const { success, message } = await bob.ask(call, request);
      answers.push(`${call} ${success}: ${message}`);
    };
    await ask('CreateAccount', login);
    await ask('DeliverMessages', user);
    await ask('SendMessage', me);
    await ask('SendMessage', me);
    await ask('LogoutAccount', user);
    const stream = await bob.stream().opened();
    await ask('LoginAccount', { ...login, ack: true });
    await ask('Ack', { log: 'bob', seq: 1 });
    await ask('LogoutAccount', user);
    await ask('LoginAccount', login);
    await stream.first(3);
    await ask('DeliverMessages', user);
    await ask('DeleteAccount', user);
    expect(answers).toEqual([
      'CreateAccount true: account created, and logged in',
      'DeliverMessages true: undelivered messages come on the next stream',
      'SendMessage true: message sent',
      'SendMessage true: message sent',
      'LogoutAccount true: logged out',
      'LoginAccount true: logged in; 2 undelivered messages follow',
      'Ack true: acknowledged',
      'LogoutAccount true: logged out',
      'LoginAccount true: logged in; 1 undelivered message follows',
      'DeliverMessages true: no undelivered messages',
      'DeleteAccount true: account deleted',
    ]);
  });
});

describe('CreateAccount', () => {
  test('makes an account and logs in to it', async () => {
    const caller = stage.connect();
    const stream = await caller.stream().opened();
    expect(await caller.ask('CreateAccount', { username: 'Dora', password: 'open sesame' })).toEqual({
      success: true,
      message: expect.any(String),
      undelivered: 0,
    });
    expect(await caller.ask('SendMessage', { fromUsername: 'Dora', toUsername: 'Dora', message: 'me' })).toEqual({
      success: true,
      message: expect.any(String),
      seq: 1,
    });
    expect(texts(await stream.first(1))).toEqual(['me']);
  });

  test.each([
    ['a name that is taken', { username: 'BOB', password }, 'name_taken'],
    ['what is no name', { username: 'b b', password }, 'name_invalid'],
    ['a reserved name', { username: 'server', password }, 'name_reserved'],
    ['an empty password', { username: 'dora', password: '' }, 'password_invalid'],
    ['a password that is too long', { username: 'dora', password: 'x'.repeat(73) }, 'password_invalid'],
    ['what is no device', { username: 'dora', password, device: 'a b' }, 'device_invalid'],
  ])('refuses %s', async (_, request, code) => {
    stage.account('bob');
    const answer = await stage.connect().ask('CreateAccount', request);
    expect(answer).toEqual({ success: false, code, message: expect.stringMatching(/\w/) });
  });

  test('makes nothing where somebody is logged in', async () => {
    const bob = await stage.enter('bob');
    expect(await bob.caller.ask('CreateAccount', { username: 'dora', password })).toMatchObject({
      code: 'already_logged_in',
      message: 'this connection is logged in as bob; log out first',
    });
    expect(await stage.world.chat.accounts.exists('dora')).toBe(false);
  });
});

describe('LoginAccount', () => {
  beforeEach(() => stage.account('bob'));

  test.each([
    ['a wrong password', { username: 'bob', password: 'wrong' }, 'credentials_wrong'],
    ['an unknown name alike', { username: 'nobody', password }, 'credentials_wrong'],
    ['what is no device', { username: 'bob', password, device: '!' }, 'device_invalid'],
  ])('refuses %s', async (_, request, code) => {
    expect(await stage.connect().ask('LoginAccount', request)).toMatchObject({ code });
  });

  test('refuses an account that is logged in elsewhere, unless it is to be taken over', async () => {
    const first = await stage.enter('bob');
    const second = stage.connect();
    expect(await second.ask('LoginAccount', { username: 'bob', password })).toMatchObject({
      code: 'logged_in_elsewhere',
    });
    expect(await second.ask('LoginAccount', { username: 'bob', password, takeover: true })).toEqual({
      success: true,
      message: expect.any(String),
    });
    await first.stream.all();
    expect(first.stream.error).toMatchObject({ code: 10, details: 'taken over' });
    expect(await first.caller.ask('LogoutAccount', { username: 'bob' })).toMatchObject({ code: 'not_logged_in' });
  });

  test('refuses a second login on the connection, also while the first is being checked', async () => {
    stage.account('alice');
    const caller = stage.connect();
    stage.world.hasher.gate.close();
    const first = caller.ask('LoginAccount', { username: 'bob', password });
    expect(await caller.ask('LoginAccount', { username: 'alice', password })).toMatchObject({
      code: 'already_logged_in',
    });
    stage.world.hasher.gate.open();
    expect(await first).toEqual({ success: true, message: expect.any(String) });
    expect(await caller.ask('LoginAccount', { username: 'alice', password })).toMatchObject({
      code: 'already_logged_in',
    });
  });

  test('tells of too many logins in progress', async () => {
    stage.world.hasher.failNext('busy');
    expect(await stage.connect().ask('LoginAccount', { username: 'bob', password })).toMatchObject({ code: 'busy' });
  });

  test('is over when what is undelivered cannot be counted, and may be tried again', async () => {
    const caller = stage.connect();
    const stream = await caller.stream().opened();
    stage.world.store.failNextRead('backlog');
    expect(await caller.ask('LoginAccount', { username: 'bob', password })).toMatchObject({ code: 'store_failed' });
    expect(await caller.ask('LoginAccount', { username: 'bob', password })).toEqual({
      success: true,
      message: expect.any(String),
      undelivered: 0,
    });
    expect(stream.isOver).toBe(false);
  });
});

describe('LogoutAccount', () => {
  test('leaves the stream open for whoever logs in next', async () => {
    const bob = await stage.enter('bob');
    stage.account('alice');
    expect(await bob.caller.ask('LogoutAccount', { username: 'BOB' })).toEqual({
      success: true,
      message: expect.any(String),
    });
    expect(await bob.caller.ask('LoginAccount', { username: 'alice', password })).toEqual({
      success: true,
      message: expect.any(String),
      undelivered: 0,
    });
    const carol = await stage.enter('carol');
    await stage.send(carol, 'bob', 'for bob');
    await stage.send(carol, 'alice', 'for alice');
    expect(await bob.stream.first(1)).toMatchObject([{ toUsername: 'alice', message: 'for alice' }]);
  });

  test('is refused without a login and for another', async () => {
    const bob = await stage.enter('bob');
    expect(await stage.connect().ask('LogoutAccount', { username: 'bob' })).toMatchObject({ code: 'not_logged_in' });
    expect(await bob.caller.ask('LogoutAccount', { username: 'alice' })).toMatchObject({ code: 'already_logged_in' });
    expect(await bob.caller.ask('LogoutAccount', { username: '' })).toMatchObject({ code: 'already_logged_in' });
    expect(stage.world.chat.accounts.who(undefined).names).toEqual(['bob']);
  });
});

describe('SendMessage', () => {
  test('is answered once the message is on disk, and not before', async () => {
    const alice = await stage.enter('alice');
    stage.account('bob');
    const { store } = stage.world;
    store.autoCommit = false;
    let answered = false;
    const sending = stage.send(alice, 'bob', 'hi').finally(() => {
      answered = true;
    });
    while (store.gatheringCount === 0) await new Promise(setImmediate);
    // Another call of the same connection is answered meanwhile: this one waits for its commit.
    expect(await alice.caller.ask('Ack', { log: 'alice', seq: 0 })).toEqual({
      success: true,
      message: expect.any(String),
    });
    expect(answered).toBe(false);
    store.commit();
    expect(await sending).toBe(1);
  });

  test('arrives with who it is from, where it went, its place, its time and its log', async () => {
    const alice = await stage.enter('alice');
    const bob = await stage.enter('Bob');
    await stage.send(alice, 'bob', 'naïve 😀\r\n\\n');
    expect(await bob.stream.first(1)).toEqual([
      {
        fromUsername: 'alice',
        toUsername: 'Bob',
        message: 'naïve 😀\r\n\\n',
        seq: 1,
        time: stage.world.clock.now(),
        log: 'Bob',
      },
    ]);
  });

  test('goes to a room its sender is a member of, and is not written back to the sender', async () => {
    const alice = await stage.enter('alice');
    const bob = await stage.enter('bob');
    const carol = await stage.enter('carol');
    const { rooms } = stage.world.chat;
    const account = stage.world.store.tables.account('alice' as never)!;
    await rooms.create({ id: account.id, name: account.name }, '#Garden', ['bob']);
    await stage.send(alice, '#garden', 'to all');
    await stage.send(bob, 'alice', 'only this');
    expect(await bob.stream.first(1)).toMatchObject([{ toUsername: 'bob', log: '#Garden', message: 'to all' }]);
    expect(texts(await alice.stream.first(1))).toEqual(['only this']);
    expect(
      await carol.caller.ask('SendMessage', { fromUsername: 'carol', toUsername: '#garden', message: 'x' }),
    ).toMatchObject({ code: 'not_a_member' });
  });

  test('takes a repetition with the same key for the same message', async () => {
    const alice = await stage.enter('alice');
    stage.account('bob');
    const request = { fromUsername: 'alice', toUsername: 'bob', message: 'once', key: 'k1' };
    expect(await alice.caller.ask('SendMessage', request)).toEqual({
      success: true,
      message: expect.any(String),
      seq: 1,
    });
    expect(await alice.caller.ask('SendMessage', request)).toEqual({
      success: true,
      message: expect.any(String),
      seq: 1,
    });
    expect(await alice.caller.ask('SendMessage', { ...request, message: 'twice' })).toMatchObject({
      code: 'key_reused',
    });
  });

  test.each([
    ['an unknown recipient', { toUsername: 'nobody' }, 'recipient_unknown'],
    ['what is no name', { toUsername: 'b b' }, 'name_invalid'],
    ['no name at all', { toUsername: '' }, 'name_invalid'],
    ['what is no room', { toUsername: '#' }, 'room_name_invalid'],
    ['an empty message', { message: '' }, 'body_empty'],
    ['a NUL', { message: 'a\0b' }, 'body_invalid'],
    ['a message that is too long', { message: 'x'.repeat(limits.bodyBytesMax + 1) }, 'body_too_long'],
    ['what is no key', { key: 'a b' }, 'key_invalid'],
    ['a sender who is somebody else', { fromUsername: 'bob' }, 'already_logged_in'],
    ['no sender', { fromUsername: '' }, 'already_logged_in'],
  ])('refuses %s, and goes on', async (_, wrong, code) => {
    const alice = await stage.enter('alice');
    stage.account('bob');
    const right = { fromUsername: 'alice', toUsername: 'bob', message: 'hi' };
    expect(await alice.caller.ask('SendMessage', { ...right, ...wrong })).toMatchObject({ code });
    expect(await alice.caller.ask('SendMessage', right)).toEqual({
      success: true,
      message: expect.any(String),
      seq: 1,
    });
  });

  test('takes the longest message there is', async () => {
    const alice = await stage.enter('alice');
    const longest = 'x'.repeat(limits.bodyBytesMax);
    await stage.send(alice, 'alice', longest);
    expect(texts(await alice.stream.first(1))).toEqual([longest]);
  });

  test('refuses a request that is too long to be read, and goes on', async () => {
    const alice = await stage.enter('alice');
    const message = 'x'.repeat(3 * limits.bodyBytesMax);
    await expect(
      alice.caller.ask('SendMessage', { fromUsername: 'alice', toUsername: 'alice', message }),
    ).rejects.toMatchObject({ code: 8 });
    expect(await stage.send(alice, 'alice', 'short')).toBe(1);
  });

  test('waits while the store is behind', async () => {
    stage.close();
    stage = await GrpcStage.open({ draftsMax: 1 });
    const alice = await stage.enter('alice');
    const { store } = stage.world;
    store.autoCommit = false;
    const sends = ['one', 'two', 'three'].map((text) => stage.send(alice, 'alice', text));
    for (let done = 1; done <= 3; done += 1) {
      while (store.gatheringCount === 0) await new Promise(setImmediate);
      expect(await alice.caller.ask('Ack', { log: 'alice', seq: 0 })).toEqual({
        success: true,
        message: expect.any(String),
      });
      expect(store.gatheringCount).toBe(1);
      store.commit();
      await Promise.race(sends);
    }
    expect((await Promise.all(sends)).sort()).toEqual([1, 2, 3]);
  });

  test('tells its sender that a mailbox is full or the store has failed', async () => {
    stage.close();
    stage = await GrpcStage.open({ mailboxMessagesMax: 1 });
    const alice = await stage.enter('alice');
    stage.account('bob');
    const request = { fromUsername: 'alice', toUsername: 'bob', message: 'hi' };
    stage.world.store.failNextCommit();
    expect(await alice.caller.ask('SendMessage', request)).toMatchObject({ code: 'store_failed' });
    expect(await alice.caller.ask('SendMessage', request)).toEqual({
      success: true,
      message: expect.any(String),
      seq: 1,
    });
    expect(await alice.caller.ask('SendMessage', request)).toMatchObject({ code: 'mailbox_full' });
  });
});

describe('ListAccounts', () => {
  test('streams every account in order, without passwords, logged in or not', async () => {
    const names = Array.from({ length: 2_500 }, (_, index) => `user${String(index).padStart(4, '0')}`);
    for (const name of names) stage.account(name);
    const listed = await stage.connect().list().all();
    expect(listed).toEqual(names.map((username) => ({ username })));
    expect(stage.world.store.readCount('list')).toBe(3);
  });

  test('streams those whose names hold the search term', async () => {
    for (const name of ['alice', 'Malice', 'bob']) stage.account(name);
    const caller = stage.connect();
    expect(await caller.list('LIC').all()).toEqual([{ username: 'alice' }, { username: 'Malice' }]);
    expect(await caller.list('').all()).toHaveLength(3);
    expect(await caller.list('nobody').all()).toEqual([]);
  });

  test('ends with a status when the store fails', async () => {
    stage.world.store.failNextRead('list');
    const reader = stage.connect().list();
    await reader.all();
    expect(reader.error).toMatchObject({ code: 13, details: expect.stringContaining('the store failed') });
  });

  test('stops reading pages when its client has gone', async () => {
    for (let index = 0; index < 5_000; index += 1) stage.account(`user${index}`);
    const caller = stage.connect();
    const reader = caller.list();
    await reader.first(1);
    reader.call.cancel();
    await reader.all();
    expect(await caller.list('user4999').all()).toHaveLength(1);
    // Of five pages, and one for the second listing.
    expect(stage.world.store.readCount('list')).toBeLessThan(5);
  });
});

test('a failure that is nobody’s fault but ours is logged and told as no more than that', async () => {
  const alice = await stage.enter('alice');
  stage.world.chat.messages.send = () => {
    throw new TypeError('secret detail');
  };
  expect(await alice.caller.ask('SendMessage', { fromUsername: 'alice', toUsername: 'alice', message: 'hi' })).toEqual({
    success: false,
    message: 'an error on the server',
    code: 'internal',
  });
  expect(stage.world.logger.errors).toHaveLength(1);
});
