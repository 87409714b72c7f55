/** What the WebSocket wire offers beyond its two dialects' own requests. */

import { ChateauStage } from './chateau-stage';
import { comesTrue } from './comes-true';

let stage: ChateauStage;

beforeEach(async () => {
  stage = await ChateauStage.open();
});
afterEach(() => stage.close());

test('an account is made without being entered, and entered, taken over, left', async () => {
  const first = await stage.connect();
  const create = { type: 'CreateRequest', username: 'alice', password: 'pw' };
  expect(await first.ask(create)).toEqual({ type: 'CreateResponse', status: 200, username: 'alice' });
  expect(await first.ask(create)).toMatchObject({ status: 302, code: 'name_taken' });
  const login = { type: 'LoginRequest', username: 'alice', password: 'pw' };
  expect(await first.ask(login)).toMatchObject({ type: 'LoginResponse', status: 200 });
  const second = await stage.connect();
  expect(await second.ask(login)).toMatchObject({ status: 302, code: 'logged_in_elsewhere' });
  expect(await second.ask({ ...login, device: 'a b' })).toMatchObject({ status: 400, code: 'device_invalid' });
  expect(await second.ask({ ...login, takeover: true })).toMatchObject({ status: 200 });
  expect(await first.next()).toEqual({ type: 'NoticeEvent', status: 302, message: 'taken over', code: 'taken_over' });
  expect(await first.ask({ type: 'ClientListRequest' })).toMatchObject({ status: 301 });
});

test('a password is changed', async () => {
  const alice = await stage.register('alice', 'pw');
  const change = { type: 'PasswordRequest', password: 'wrong', newPassword: 'new' };
  expect(await alice.ask(change)).toMatchObject({ status: 400, code: 'credentials_wrong' });
  expect(await alice.ask({ ...change, password: 'pw' })).toEqual({ type: 'PasswordResponse', status: 200 });
  await alice.ask({ type: 'LogoutRequest' });
  expect(await alice.ask({ type: 'LoginRequest', username: 'alice', password: 'new' })).toMatchObject({ status: 200 });
});

test('an account is deleted by its own password, and is gone', async () => {
  const alice = await stage.register('alice', 'pw');
  expect(await alice.ask({ type: 'DeleteRequest', password: 'wrong' })).toMatchObject({ code: 'credentials_wrong' });
  expect(await alice.ask({ type: 'DeleteRequest', password: 'pw', id: 1 })).toEqual({
    type: 'DeleteResponse',
    status: 200,
    id: 1,
  });
  expect(await alice.ask({ type: 'ClientListRequest' })).toMatchObject({ status: 301 });
  expect(await alice.ask({ type: 'LoginRequest', username: 'alice', password: 'pw' })).toMatchObject({
    code: 'credentials_wrong',
  });
});

describe('a deletion whose account somebody else takes over is refused, and the account stays', () => {
  const remove = { type: 'DeleteRequest', password: 'pw', id: 1 };
  const refused = { type: 'ErrorResponse', status: 302, message: 'taken over', code: 'taken_over', id: 1 };

  test.each(['first', 'last'])('while the password is being checked, asked %s', async (turn) => {
    const [alice, other] = [await stage.register('alice', 'pw'), await stage.connect()];
    const { gate } = stage.world.hasher;
    gate.close();
    const asks = [
      () => alice.send(remove),
      () => other.send({ type: 'LoginRequest', username: 'alice', password: 'pw', takeover: true }),
    ];
    if (turn === 'last') asks.reverse();
    for (const [index, ask] of asks.entries()) {
      ask();
      await comesTrue(() => gate.waitingCount === index + 1);
    }
    gate.open();
    expect(await other.next()).toMatchObject({ type: 'LoginResponse', status: 200 });
    expect(await alice.next()).toMatchObject({ type: 'NoticeEvent', code: 'taken_over' });
    expect(await alice.next()).toEqual(refused);
    expect(await other.ask({ type: 'ListRequest' })).toMatchObject({ names: ['alice'] });
  });

  test('while what is undelivered is being written', async () => {
    const { world } = stage;
    world.account('alice');
    const alice = await stage.connect();
    await alice.ask({ type: 'LoginRequest', username: 'alice', password: 'pw', ack: true });
    await alice.ask({ type: 'SingleMessageRequest', recipient: 'alice', content: 'hi' });
    await alice.next();
    const reads = world.store.gate('read');
    world.store.readOneByOne();
    reads.close();
    alice.send(remove);
    await comesTrue(() => reads.waitingCount === 1);
    await world.enter('alice', { takeover: true });
    expect(await alice.next()).toMatchObject({ type: 'NoticeEvent', code: 'taken_over' });
    expect(await alice.next()).toEqual(refused);
    reads.open();
    expect(await world.chat.accounts.exists('alice')).toBe(true);
  });
});

test('accounts are looked up by pattern and page, and those online among them', async () => {
  for (const name of ['anna', 'bert', 'berta']) stage.world.account(name);
  const zoe = await stage.register('zoe', 'pw');
  await stage.register('gast');
  expect(await zoe.ask({ type: 'ListRequest', pattern: 'ber*' })).toEqual({
    type: 'ListResponse',
    status: 200,
    names: ['bert', 'berta'],
    more: false,
  });
  expect(await zoe.ask({ type: 'ListRequest', after: 'bert' })).toMatchObject({ names: ['berta', 'zoe'] });
  expect(await zoe.ask({ type: 'WhoRequest' })).toMatchObject({ names: ['gast', 'zoe'], more: false });
  expect(await zoe.ask({ type: 'WhoRequest', pattern: 'z' })).toMatchObject({ names: ['zoe'] });
});

test('chats are made, joined, listed and left', async () => {
  const alice = await stage.register('alice', 'pw');
  const bob = await stage.register('bob', 'pw');
  const chat = { chatname: 'Tea & cake' };
  const made = { ...chat, log: '#0_Tea_20_26_20cake', status: 200 };
  expect(await alice.ask({ type: 'ChatCreateRequest', ...chat })).toEqual({ type: 'ChatCreateResponse', ...made });
  expect(await bob.ask({ type: 'ChatCreateRequest', ...chat })).toMatchObject({ status: 302, code: 'name_taken' });
  expect(await bob.ask({ type: 'ChatJoinRequest', ...chat })).toEqual({ type: 'ChatJoinResponse', ...made });
  expect(await bob.ask({ type: 'ChatMembersRequest', ...chat })).toEqual({
    type: 'ChatMembersResponse',
    status: 200,
    ...chat,
    members: ['alice', 'bob'],
  });
  expect(await bob.ask({ type: 'ChatLeaveRequest', ...chat })).toMatchObject({ type: 'ChatLeaveResponse', ...made });
  expect(await bob.ask({ type: 'ChatLeaveRequest', ...chat })).toMatchObject({ status: 400, code: 'not_a_member' });
  expect(await bob.ask({ type: 'ChatJoinRequest', chatname: 'none' })).toMatchObject({ status: 404 });
});

test('history is read back, of a person and of a chat', async () => {
  const alice = await stage.register('alice', 'pw');
  await stage.register('bob', 'pw');
  for (const content of ['1', '2', '3']) {
    await alice.ask({ type: 'SingleMessageRequest', recipient: 'bob', content });
  }
  expect(await alice.ask({ type: 'HistoryRequest', with: 'bob', limit: 2 })).toEqual({
    type: 'HistoryResponse',
    status: 200,
    with: 'bob',
    messages: [
      { sender: 'alice', recipient: 'bob', content: '2', log: 'bob', seq: 2, time: expect.any(Number) },
      { sender: 'alice', recipient: 'bob', content: '3', log: 'bob', seq: 3, time: expect.any(Number) },
    ],
  });
  await alice.ask({ type: 'GroupMessageInitRequest', chatname: 'a b', recipients: [], content: 'hi' });
  expect(await alice.ask({ type: 'HistoryRequest', chatname: 'a b' })).toMatchObject({
    messages: [{ sender: 'alice', content: 'hi', chatname: 'a b', seq: 1 }],
  });
  expect(await alice.ask({ type: 'HistoryRequest' })).toMatchObject({ status: 400, code: 'arguments_missing' });
  expect(await alice.ask({ type: 'HistoryRequest', with: 'nobody' })).toMatchObject({ status: 404 });
});

test('a receipt comes once the recipient has acknowledged, to who asked for receipts', async () => {
  stage.world.account('alice');
  stage.world.account('bob');
  const alice = await stage.connect();
  await alice.ask({ type: 'LoginRequest', username: 'alice', password: 'pw', receipts: true });
  const bob = await stage.connect();
  await bob.ask({ type: 'LoginRequest', username: 'bob', password: 'pw', ack: true });
  await alice.ask({ type: 'SingleMessageRequest', recipient: 'bob', content: 'hi' });
  await bob.next();
  await alice.expectSilence();
  bob.send({ type: 'Ack', log: 'bob', seq: 1 });
  expect(await alice.next()).toEqual({ type: 'ReceiptEvent', status: 200, recipient: 'bob', seq: 1 });
});

test('who is blocked cannot send, until it is unblocked', async () => {
  const alice = await stage.register('alice', 'pw');
  const bob = await stage.register('bob', 'pw');
  const message = { type: 'SingleMessageRequest', recipient: 'alice', content: 'hi' };
  expect(await alice.ask({ type: 'BlockRequest', username: 'bob' })).toEqual({
    type: 'BlockResponse',
    status: 200,
    username: 'bob',
  });
  expect(await bob.ask(message)).toMatchObject({ status: 400, code: 'blocked' });
  expect(await alice.ask({ type: 'UnblockRequest', username: 'bob' })).toMatchObject({ type: 'UnblockResponse' });
  expect(await bob.ask(message)).toMatchObject({ status: 200 });
});
