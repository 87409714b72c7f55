/** Whose call it is: a login belongs to its connection, or to its token. */

import { credentials } from '@grpc/grpc-js';
import { bounds } from '../../shared/limits';
import { password } from '../harness/world';
import type { Caller } from './grpc-caller';
import { GrpcStage, texts } from './grpc-stage';

let stage: GrpcStage;

beforeEach(async () => {
  stage = await GrpcStage.open();
  for (const name of ['alice', 'bob', 'carol']) stage.account(name);
});

afterEach(() => stage.close());

/** Logs in, and gives the token. */
async function logIn(caller: Caller, username: string, extras: object = {}): Promise<string> {
  const { answer, token } = await caller.askFully('LoginAccount', { username, password, ...extras });
  expect(answer.success).toBe(true);
  return token as string;
}

/** Resolves once the server knows that somebody is online no more. */
async function offline(name: string): Promise<void> {
  while (stage.world.chat.accounts.who(name).names.length > 0) await new Promise(setImmediate);
}

describe('a connection', () => {
  test('that opened its stream before anybody logged in gets the messages of whoever then does, and no others', async () => {
    const [a, b] = [stage.connect(), stage.connect()];
    const streamA = await a.stream().opened();
    const streamB = await b.stream().opened();
    await logIn(a, 'alice');
    await logIn(b, 'bob');
    const carol = await stage.enter('carol');
    for (let count = 1; count <= 20; count += 1) {
      await stage.send(carol, 'alice', `alice ${count}`);
      await stage.send(carol, 'bob', `bob ${count}`);
    }
    for (const message of await streamA.first(20)) expect(message).toMatchObject({ toUsername: 'alice', log: 'alice' });
    for (const message of await streamB.first(20)) expect(message).toMatchObject({ toUsername: 'bob', log: 'bob' });
    expect([streamA.items.length, streamB.items.length]).toEqual([20, 20]);
  });

  test('is written to under the name that its client goes by: a client drops what is addressed to any other', async () => {
    const bob = await stage.enter('bob');
    const alice = stage.connect();
    const stream = await alice.stream().opened();
    await logIn(alice, 'ALICE');
    const { rooms } = stage.world.chat;
    await rooms.create(stage.world.store.tables.account('bob' as never) as never, '#garden', ['alice']);
    await stage.send(bob, 'alice', 'to her');
    await stage.send(bob, '#garden', 'to all');
    expect(await stream.first(2)).toMatchObject([
      { toUsername: 'ALICE', log: 'alice' },
      { toUsername: 'ALICE', log: '#garden' },
    ]);
  });

  test('without a login gets nothing and may do nothing', async () => {
    const bystander = stage.connect();
    const stream = await bystander.stream().opened();
    const alice = await stage.enter('alice');
    await stage.send(alice, 'alice', 'private');
    await alice.stream.first(1);
    for (const [name, request] of [
      ['SendMessage', { fromUsername: 'alice', toUsername: 'bob', message: 'forged' }],
      ['DeliverMessages', { username: 'alice' }],
      ['LogoutAccount', { username: 'alice' }],
      ['DeleteAccount', { username: 'alice' }],
      ['Ack', { log: 'alice', seq: 1 }],
    ] as const) {
      expect(await bystander.ask(name, request)).toMatchObject({ code: 'not_logged_in' });
    }
    expect(stream.items).toEqual([]);
  });

  test('may not act for anybody but its own', async () => {
    const alice = await stage.enter('alice');
    await stage.enter('bob');
    for (const [name, request] of [
      ['SendMessage', { fromUsername: 'bob', toUsername: 'alice', message: 'forged' }],
      ['DeliverMessages', { username: 'bob' }],
      ['LogoutAccount', { username: 'bob' }],
      ['DeleteAccount', { username: 'bob' }],
    ] as const) {
      expect(await alice.caller.ask(name, request)).toMatchObject({ code: 'already_logged_in' });
    }
    expect(stage.world.chat.accounts.who(undefined).names).toEqual(['alice', 'bob']);
  });

  test('that is cut frees its login at once', async () => {
    const alice = await stage.enter('alice');
    alice.caller.close();
    alice.stream.call.cancel();
    await offline('alice');
    await stage.enter('alice');
  });

  test('that goes while its password is being checked leaves nobody logged in', async () => {
    const caller = stage.connect();
    stage.world.hasher.gate.close();
    const asked = caller.ask('LoginAccount', { username: 'alice', password }).catch(() => undefined);
    while (stage.world.hasher.verified.length === 0) await new Promise(setImmediate);
    stage.listener.destroy();
    await asked;
    stage.world.hasher.gate.open();
    await new Promise(setImmediate);
    expect(stage.world.chat.accounts.who(undefined).names).toEqual([]);
  });

  test('that has gone is not mistaken for one that comes after it', async () => {
    for (let round = 1; round <= 20; round += 1) {
      const alice = stage.connect();
      await logIn(alice, 'alice');
      alice.close();
      await offline('alice');
      const other = stage.connect();
      expect(await other.ask('LogoutAccount', { username: 'alice' })).toMatchObject({ code: 'not_logged_in' });
      other.close();
    }
  });
});

describe('a token', () => {
  test('makes another connection the login’s own', async () => {
    const home = stage.connect();
    const elsewhere = stage.connect();
    elsewhere.token = await logIn(home, 'alice');
    const stream = await elsewhere.stream().opened();
    expect(await elsewhere.ask('SendMessage', { fromUsername: 'alice', toUsername: 'alice', message: 'hi' })).toEqual({
      success: true,
      message: expect.any(String),
      seq: 1,
    });
    expect(texts(await stream.first(1))).toEqual(['hi']);
    expect(await home.ask('SendMessage', { fromUsername: 'alice', toUsername: 'bob', message: 'hi' })).toMatchObject({
      success: true,
    });
  });

  test('counts for more than who is logged in on the connection', async () => {
    const home = stage.connect();
    const token = await logIn(home, 'alice');
    const bob = await stage.enter('bob');
    bob.caller.token = token;
    expect(await bob.caller.ask('SendMessage', { fromUsername: 'bob', toUsername: 'bob', message: 'x' })).toMatchObject(
      { code: 'already_logged_in' },
    );
    expect(
      await bob.caller.ask('SendMessage', { fromUsername: 'alice', toUsername: 'bob', message: 'from alice' }),
    ).toMatchObject({ success: true });
    expect(await bob.stream.first(1)).toMatchObject([{ fromUsername: 'alice', toUsername: 'bob' }]);
  });

  test('is good for nothing after its login has ended, however it did', async () => {
    const home = stage.connect();
    const elsewhere = stage.connect();
    const send = { fromUsername: 'alice', toUsername: 'alice', message: 'x' };
    elsewhere.token = await logIn(home, 'alice');
    const stream = await elsewhere.stream().opened();
    expect(await home.ask('LogoutAccount', { username: 'alice' })).toEqual({
      success: true,
      message: expect.any(String),
    });
    await stream.all();
    expect(stream.error).toBeUndefined();
    expect(await elsewhere.ask('SendMessage', send)).toMatchObject({ code: 'not_logged_in' });

    elsewhere.token = await logIn(home, 'alice');
    home.close();
    await offline('alice');
    expect(await elsewhere.ask('SendMessage', send)).toMatchObject({ code: 'not_logged_in' });
  });

  test('is a new one with every login', async () => {
    const caller = stage.connect();
    const first = await logIn(caller, 'alice');
    await caller.ask('LogoutAccount', { username: 'alice' });
    const second = await logIn(caller, 'alice');
    expect(second).not.toBe(first);
    const elsewhere = stage.connect();
    elsewhere.token = first;
    expect(await elsewhere.ask('DeliverMessages', { username: 'alice' })).toMatchObject({ code: 'not_logged_in' });
  });

  test.each(['Bearer', 'Bearer x', 'Basic YWxpY2U6cHc=', 'Bearer ../..', '', `Bearer ${'x'.repeat(4_000)}`])(
    'that is none, such as "%.20s", refuses the call though its connection has a login',
    async (token) => {
      const alice = await stage.enter('alice');
      alice.caller.token = token;
      expect(await alice.caller.ask('DeliverMessages', { username: 'alice' })).toMatchObject({
        code: 'not_logged_in',
      });
      const stream = alice.caller.stream();
      await stream.all();
      expect(stream.error).toMatchObject({ code: 16 });
    },
  );

  test('can be all that a login is known by: then its connection is nobody’s', async () => {
    const shared = stage.connect();
    const bystander = await shared.stream().opened();
    const token = await logIn(shared, 'alice', { token_only: true });
    expect(await shared.ask('DeliverMessages', { username: 'alice' })).toMatchObject({ code: 'not_logged_in' });
    const bobsToken = await logIn(shared, 'bob', { token_only: true });
    shared.token = token;
    const aliceStream = await shared.stream().opened();
    shared.token = bobsToken;
    const bobStream = await shared.stream().opened();
    await shared.ask('SendMessage', { fromUsername: 'bob', toUsername: 'alice', message: 'to alice' });
    await shared.ask('SendMessage', { fromUsername: 'bob', toUsername: 'bob', message: 'to bob' });
    expect(texts(await aliceStream.first(1))).toEqual(['to alice']);
    expect(texts(await bobStream.first(1))).toEqual(['to bob']);
    expect(bystander.items).toEqual([]);
  });

  test('that is all a login is known by outlives the connection, and ends after ten minutes without use', async () => {
    const first = stage.connect();
    const token = await logIn(first, 'alice', { token_only: true });
    first.close();
    const second = stage.connect();
    second.token = token;
    const stream = await second.stream().opened();
    stage.world.clock.advance(2 * bounds.idleTimeoutMs);
    expect(await second.ask('DeliverMessages', { username: 'alice' })).toMatchObject({ success: true });
    stream.call.cancel();
    // The server has seen the stream go when the next one, on the same connection, is there and gone.
    const last = await second.stream().opened();
    last.call.cancel();
    expect(await second.ask('DeliverMessages', { username: 'alice' })).toMatchObject({ success: true });
    stage.world.clock.advance(bounds.idleTimeoutMs + bounds.sweepMs);
    expect(stage.world.chat.accounts.who(undefined).names).toEqual([]);
  });
});

test('two channels that share a connection share its login, as they share everything', async () => {
  const options = { 'grpc.use_local_subchannel_pool': 0, 'grpc.primary_user_agent': 'shared' };
  const first = stage.connect(credentials.createInsecure(), options);
  const second = stage.connect(credentials.createInsecure(), options);
  await logIn(first, 'alice');
  expect(await second.ask('SendMessage', { fromUsername: 'alice', toUsername: 'bob', message: 'x' })).toMatchObject({
    success: true,
  });
});
