/** What one client of the WebSocket wire sees, in either dialect. */

import { wireBounds } from '../../server/protocols/chateau/limits';
import { limits } from '../../shared/limits';
import { ChateauStage } from './chateau-stage';

let stage: ChateauStage;

beforeEach(async () => {
  stage = await ChateauStage.open();
});
afterEach(() => stage.close());

describe('registering', () => {
  test('with a password makes an account, and enters it the next time', async () => {
    const first = await stage.connect();
    const request = { type: 'RegisterRequest', username: 'Alice', password: 'pw', id: 1 };
    const response = { type: 'RegisterResponse', status: 200, username: 'Alice', undelivered: 0, id: 1 };
    expect(await first.ask(request)).toEqual(response);
    expect(await first.ask({ type: 'LogoutRequest' })).toEqual({ type: 'LogoutResponse', status: 200 });
    expect(await first.ask({ ...request, username: 'alice' })).toEqual(response);
    const wrong = await (await stage.connect()).ask({ ...request, password: 'other' });
    expect(wrong).toMatchObject({ type: 'ErrorResponse', status: 400, code: 'credentials_wrong', id: 1 });
  });

  test('without one makes a guest, whose name is free again when it has gone', async () => {
    const guest = await stage.register('gast');
    const other = await stage.connect();
    const request = { type: 'RegisterRequest', username: 'GAST' };
    expect(await other.ask(request)).toMatchObject({ type: 'ErrorResponse', status: 302, code: 'name_taken' });
    expect(await other.ask({ type: 1, username: 'gast' })).toEqual({ status: 302 });
    expect(await other.ask({ ...request, password: 'pw' })).toMatchObject({ status: 302, code: 'name_taken' });
    expect(await guest.ask({ type: 'LogoutRequest' })).toMatchObject({ status: 200 });
    expect(await other.ask({ type: 1, username: 'gast' })).toEqual({ status: 200 });
  });

  test('as a guest with the name of an account is refused', async () => {
    stage.world.account('alice');
    const guest = await stage.connect();
    expect(await guest.ask({ type: 'RegisterRequest', username: 'alice' })).toMatchObject({ status: 302 });
    expect(await guest.ask({ type: 1, username: 'alice' })).toEqual({ status: 302 });
  });

  test('a second time on one connection is refused', async () => {
    const numeric = await stage.registerNumerically('alice');
    expect(await numeric.ask({ type: 1, username: 'bob' })).toEqual({ status: 302 });
    const named = await stage.register('carol');
    expect(await named.ask({ type: 'RegisterRequest', username: 'dave' })).toMatchObject({
      status: 302,
      code: 'already_logged_in',
    });
  });

  test('with what is no name is refused', async () => {
    const client = await stage.connect();
    expect(await client.ask({ type: 1, username: 'a b' })).toEqual({ status: 400 });
    expect(await client.ask({ type: 'RegisterRequest', username: 'server' })).toMatchObject({
      status: 400,
      code: 'name_reserved',
      message: 'the name server is reserved',
    });
  });
});

test('a client must register before anything else', async () => {
  const client = await stage.connect();
  for (const frame of [
    { type: 'SingleMessageRequest', recipient: 'bob', content: 'hi' },
    { type: 'RandomMessageRequest', content: 'hi' },
    { type: 'GroupMessageInitRequest', chatname: 'c', recipients: ['bob'], content: 'hi' },
    { type: 'GroupMessageRequest', chatname: 'c', content: 'hi' },
    { type: 'ClientListRequest' },
    { type: 'ListRequest' },
    { type: 'Ack', log: 'bob', seq: 1 },
  ]) {
    expect(await client.ask(frame)).toMatchObject({ type: 'ErrorResponse', status: 301, code: 'not_logged_in' });
  }
  for (const frame of [{ type: 3, clients: ['bob'], content: 'hi' }, { type: 4 }, { type: 5, content: 'hi' }]) {
    expect(await client.ask(frame)).toEqual({ status: 400 });
  }
});

describe('a frame that is no request is answered and the connection stays', () => {
  test.each([
    ['what is not JSON', 'hello', 'frame_invalid'],
    ['an unknown type', '{"type":"Jump"}', 'command_unknown'],
    ['a missing argument', '{"type":"RegisterRequest"}', 'arguments_missing'],
  ])('%s', async (_, text, code) => {
    const client = await stage.connect();
    expect(await client.ask(text)).toEqual({ type: 'ErrorResponse', status: 400, message: expect.any(String), code });
    expect(await client.ask({ type: 'RegisterRequest', username: 'alice' })).toMatchObject({ status: 200 });
  });

  test('a binary one, in the dialect of the frame before', async () => {
    const client = await stage.registerNumerically('alice');
    client.socket.send(Buffer.from('{"type":4}'), { binary: true });
    expect(await client.next()).toEqual({ status: 400 });
    expect(await client.ask({ type: 4 })).toEqual({ status: 200, clients: ['alice'] });
  });

  test('the text keep alive is left out, whatever stands around it', async () => {
    const client = await stage.connect();
    client.send('keep alive');
    client.send('keep alive\n');
    await client.expectSilence();
  });
});

test('a frame that is too large closes the connection with 1009', async () => {
  const client = await stage.register('alice');
  client.send('x'.repeat(1_000_000));
  expect(await client.closed()).toMatchObject({ code: 1_009 });
});

describe('until somebody has registered', () => {
  /** A login of the longest name, password and device, with every character escaped, in so many bytes. */
  function login(frameBytes: number): string {
    const { usernameLengthMax, passwordBytesMax, deviceLengthMax } = limits;
    const names = `"username":"${'\\u006e'.repeat(usernameLengthMax)}","device":"${'\\u0064'.repeat(deviceLengthMax)}"`;
    const rest = `"password":"${'\\u0070'.repeat(passwordBytesMax)}","takeover":false,"ack":false,"receipts":false`;
    return `{"type":"LoginRequest",${names},${rest}}`.padEnd(frameBytes);
  }

  test('a frame may be as long as any login, and one that is longer closes the connection with 1009', async () => {
    const { strangerFrameBytesMax } = wireBounds;
    const client = await stage.connect();
    const [username, password] = ['n'.repeat(limits.usernameLengthMax), 'p'.repeat(limits.passwordBytesMax)];
    expect(await client.ask({ type: 'CreateRequest', username, password })).toMatchObject({ status: 200 });
    expect(await client.ask(login(strangerFrameBytesMax))).toMatchObject({ type: 'LoginResponse', status: 200 });
    const other = await stage.connect();
    other.send(login(strangerFrameBytesMax + 1));
    expect(await other.closed()).toEqual({ code: 1_009, reason: '' });
  });

  test('a long message is not waited for, whatever stands between its fragments', async () => {
    const client = await stage.connect();
    for (let sentBytes = 0; sentBytes <= wireBounds.strangerPartBytesMax; sentBytes += 1_000) {
      client.socket.send('x'.repeat(1_000), { fin: false });
      client.socket.ping();
    }
    expect(await client.closed()).toEqual({ code: 1_009, reason: '' });
  });

  test('what still comes of a message that is too long is thrown away, and the connection closes in good order', async () => {
    const client = await stage.connect();
    for (let fragment = 0; fragment < 4; fragment += 1) client.socket.send('x'.repeat(100_000), { fin: false });
    expect(await client.closed()).toEqual({ code: 1_009, reason: '' });
  });

  test('a long message may stand right behind the registration, and is taken once that is through', async () => {
    const client = await stage.connect();
    const content = 'x'.repeat(limits.bodyBytesMax);
    client.send({ type: 'RegisterRequest', username: 'alice', password: 'pw' });
    client.send({ type: 'SingleMessageRequest', recipient: 'alice', content });
    expect(await client.take(2)).toMatchObject([{ type: 'RegisterResponse' }, { type: 'SingleMessageResponse' }]);
    expect((await client.next()).content).toBe(content);
    // Whoever was there once need not be there any more.
    expect(await client.ask({ type: 'LogoutRequest' })).toMatchObject({ status: 200 });
    expect(await client.ask({ type: 'SingleMessageRequest', recipient: 'alice', content })).toMatchObject({
      code: 'not_logged_in',
    });
  });
});

test('a body of as many bytes as may be arrives, however its JSON writes them; one more is refused', async () => {
  const alice = await stage.register('alice');
  const longest = '\u0001'.repeat(limits.bodyBytesMax);
  expect(await alice.ask({ type: 'SingleMessageRequest', recipient: 'alice', content: longest })).toMatchObject({
    status: 200,
  });
  expect((await alice.next()).content).toBe(longest);
  const tooLong = { type: 'SingleMessageRequest', recipient: 'alice', content: `${longest}x` };
  expect(await alice.ask(tooLong)).toMatchObject({ status: 400, code: 'body_too_long' });
  expect(await alice.ask({ ...tooLong, content: '' })).toMatchObject({ status: 400, code: 'body_empty' });
});

test('a chat may begin with the longest name, body and list of members at once', async () => {
  const others = Array.from({ length: limits.roomMembersMax - 1 }, (_, i) =>
    `${i}`.padEnd(limits.usernameLengthMax, 'n'),
  );
  const frame = [
    `{"type":"GroupMessageInitRequest","id":"${'\\u0069'.repeat(64)}"`,
    `"chatname":"${'\\u0063'.repeat(limits.roomNameLengthMax)}"`,
    `"recipients":${JSON.stringify(others)}`,
    `"content":"${'\\u0001'.repeat(limits.bodyBytesMax)}"}`,
  ].join(',');
  const alice = await stage.register('alice', 'pw');
  expect(await alice.ask(frame)).toMatchObject({ status: 404, code: 'account_unknown', id: 'i'.repeat(64) });
  for (const name of others) stage.world.account(name);
  expect(await alice.ask(frame)).toMatchObject({
    status: 200,
    log: `#${'c'.repeat(limits.roomNameLengthMax)}`,
    seq: 1,
  });
});

test('answers keep the order of the requests, also when they are sent all at once', async () => {
  const alice = await stage.connect();
  await stage.register('bob');
  alice.send({ type: 'RegisterRequest', username: 'alice', id: 0 });
  for (let id = 1; id <= 3_000; id += 1) {
    if (id % 100 === 0) alice.send({ type: 'ClientListRequest', id });
    else if (id % 7 === 0) alice.send({ type: 'SingleMessageRequest', recipient: 'nobody', content: 'hi', id });
    else alice.send({ type: 'SingleMessageRequest', recipient: 'bob', content: `${id}`, id });
  }
  const answers = await alice.take(3_001);
  expect(answers.map(({ id }) => id)).toEqual(answers.map((_, index) => index));
});

test('a name that is nobody is told with 404, or 400 in the numeric dialect, and an impossible one too', async () => {
  const named = await stage.register('alice');
  for (const recipient of ['nobody', 'no body', '#garden', '']) {
    expect(await named.ask({ type: 'SingleMessageRequest', recipient, content: 'hi' })).toMatchObject({ status: 404 });
    const recipients = ['alice', recipient];
    expect(
      await named.ask({ type: 'GroupMessageInitRequest', chatname: 'none', recipients, content: 'hi' }),
    ).toMatchObject({ status: 404, code: 'account_unknown' });
  }
  expect(await named.ask({ type: 'GroupMessageRequest', chatname: 'none', content: 'hi' })).toMatchObject({
    status: 404,
  });
  const numeric = await stage.registerNumerically('bob');
  expect(await numeric.ask({ type: 3, clients: ['nobody'], content: 'hi' })).toEqual({ status: 400 });
});

test('of a name that nobody can have no more is given back than a name may need', async () => {
  const alice = await stage.register('alice');
  const recipient = 'x'.repeat(100_000);
  expect(await alice.ask({ type: 'SingleMessageRequest', recipient, content: 'hi' })).toMatchObject({
    message: `no account or room ${'x'.repeat(64)}`,
  });
});

test('a random message with nobody else there is refused', async () => {
  const named = await stage.register('alice');
  expect(await named.ask({ type: 'RandomMessageRequest', content: 'hi' })).toMatchObject({
    status: 400,
    code: 'nobody_online',
  });
});

test('more recipients than may be at once, or none, are refused', async () => {
  const alice = await stage.registerNumerically('alice');
  const clients = Array.from({ length: limits.recipientsMax + 1 }, (_, index) => `user${index}`);
  expect(await alice.ask({ type: 3, clients, content: 'hi' })).toEqual({ status: 400 });
  expect(await alice.ask({ type: 3, clients: [], content: 'hi' })).toEqual({ status: 400 });
});
