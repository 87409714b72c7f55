/** Logging in, out, over and away: who holds an account, and what that means for its messages. */

import { ServerProcess } from '../harness/server-process';
import { bodyOf, expectSilence, People, password } from './people';

let server: ServerProcess;
const people = new People(() => server);

beforeAll(async () => {
  server = await ServerProcess.start();
});
afterEach(() => people.leave());
afterAll(() => server.stop());

const wrong = '401 wrong name or password';

/** An account that is not logged in, with messages `1` to `count` in its mailbox. */
async function accountWithMail(count: number): Promise<string> {
  const name = await people.account();
  const { client } = await people.online('sender');
  for (let seq = 1; seq <= count; seq += 1) client.send(`send ${name} ${seq}\n`);
  for (let seq = 1; seq <= count; seq += 1) expect(await client.line()).toBe(`202 ${seq} queued`);
  return name;
}

describe('a second login', () => {
  test('on the same connection is refused, and the first holds', async () => {
    const { name, client } = await people.online();
    expect(await client.askBlock(`login ${name} ${password}`)).toEqual([
      `409 this connection is logged in as ${name}; log out first`,
    ]);
    expect(await client.ask(`send ${name} hi`)).toBe('200 1 live');
  });

  test('on another connection is refused, and the first hears nothing of it', async () => {
    const { name, client } = await people.online();
    const other = await people.connect();
    expect(await other.askBlock(`login ${name} ${password}`)).toEqual([
      `409 ${name} is logged in on another connection`,
    ]);
    expect(await other.ask(`send ${name} hi`)).toBe('403 log in first');
    await expectSilence(client);
  });

  test('at the same time as the first: one of the two is in', async () => {
    const name = await people.account();
    const clients = [await people.connect(), await people.connect()];
    const replies = await Promise.all(clients.map((client) => client.askBlock(`login ${name} ${password}`)));
    expect(replies.flat().sort()).toEqual([`200 ${name} 0`, `409 ${name} is logged in on another connection`]);
  });

  test('with a wrong password is told no more than that it is wrong', async () => {
    const { name } = await people.online();
    const other = await people.connect();
    expect(await other.askBlock(`login ${name} no`)).toEqual([wrong]);
  });
});

describe('a takeover', () => {
  test('ends the other session, whose connection is told and goes on', async () => {
    const { name, client } = await people.online();
    const other = await people.connect();
    expect(await other.askBlock(`takeover ${name} ${password}`)).toEqual([`200 ${name} 0`]);
    expect(await client.line()).toBe('! 409 taken over');
    expect(await client.ask(`send ${name} hi`)).toBe('403 log in first');
    expect(await client.askBlock(`takeover ${name} ${password}`)).toEqual([`200 ${name} 0`]);
    expect(await other.line()).toBe('! 409 taken over');
    await expectSilence(client);
  });

  test('of an account nobody is logged in to is a login', async () => {
    const name = await accountWithMail(2);
    const client = await people.connect();
    const [status, ...messages] = await client.askBlock(`takeover ${name} ${password}`);
    expect(status).toBe(`200 ${name} 2`);
    expect(messages.map(bodyOf)).toEqual(['1', '2']);
  });

  test('with a wrong password ends nothing', async () => {
    const { name, client } = await people.online();
    const other = await people.connect();
    expect(await other.askBlock(`takeover ${name} no`)).toEqual([wrong]);
    expect(await client.ask(`send ${name} hi`)).toBe('200 1 live');
  });
});

describe('a deletion', () => {
  test('while the account is logged in elsewhere is refused, and changes nothing', async () => {
    const { name, client } = await people.online();
    const other = await people.connect();
    expect(await other.askBlock(`delete ${name} ${password}`)).toEqual([
      `409 ${name} is logged in on another connection`,
    ]);
    expect(await client.ask(`send ${name} hi`)).toBe('200 1 live');
  });

  test('by the session itself ends the session and leaves the connection', async () => {
    const { name, client } = await people.online();
    expect(await client.askBlock(`delete ${name} ${password}`)).toEqual([`200 ${name} 0`]);
    expect(await client.ask(`send ${name} hi`)).toBe('403 log in first');
    expect(await client.askBlock(`login ${name} ${password}`)).toEqual([wrong]);
    expect(await client.askBlock(`list ${name}`)).toEqual(['200 0 0']);
  });

  test('without a login delivers what is undelivered first', async () => {
    const name = await accountWithMail(3);
    const client = await people.connect();
    const [status, ...messages] = await client.askBlock(`delete ${name} ${password}`);
    expect(status).toBe(`200 ${name} 3`);
    expect(messages.map(bodyOf)).toEqual(['1', '2', '3']);
    expect(await client.askBlock(`delete ${name} ${password}`)).toEqual([wrong]);
  });

  test('of another account than the one that is logged in is refused', async () => {
    const other = await people.account();
    const { name, client } = await people.online();
    expect(await client.askBlock(`delete ${other} ${password}`)).toEqual([
      `409 this connection is logged in as ${name}; log out first`,
    ]);
    expect(await client.askBlock(`list ${other}`)).toEqual(['200 1 0', other]);
  });

  test('with a wrong password is refused, and the session goes on', async () => {
    const { name, client } = await people.online();
    expect(await client.askBlock(`delete ${name} no`)).toEqual([wrong]);
    expect(await client.ask(`send ${name} hi`)).toBe('200 1 live');
    expect(bodyOf(await client.line())).toBe('hi');
  });

  test('leaves nothing to an account that takes the name later', async () => {
    const name = await accountWithMail(2);
    const client = await people.connect();
    await client.askBlock(`delete ${name} ${password}`);
    expect(await client.ask(`create ${name} other`)).toBe(`201 ${name}`);
    expect(await client.askBlock(`login ${name} ${password}`)).toEqual([wrong]);
    expect(await client.askBlock(`login ${name} other`)).toEqual([`200 ${name} 0`]);
  });

  test('leaves its messages with those it wrote to', async () => {
    const to = await people.account();
    const { name, client } = await people.online();
    await client.ask(`send ${to} before I go`);
    await client.askBlock(`delete ${name} ${password}`);
    const [, message] = await client.askBlock(`login ${to} ${password}`);
    expect(message).toMatch(new RegExp(`^\\* 1 \\d+ ${name} ${to} before I go$`));
  });
});

describe('deliver', () => {
  test.each(['deliver', '5', `deliver nobody ${password}`])('without a login is refused: %s', async (request) => {
    const client = await people.connect();
    expect(await client.askBlock(request)).toEqual(['403 log in first']);
  });

  test('with own credentials, in any case, or with none delivers', async () => {
    const { name, client } = await people.online();
    for (const request of ['deliver', `deliver ${name} ${password}`, `5 ${name.toUpperCase()} ${password}`]) {
      expect(await client.askBlock(request)).toEqual([`200 ${name} 0`]);
    }
  });

  test('with foreign or wrong credentials is refused, and the session goes on', async () => {
    const other = await accountWithMail(1);
    const { name, client } = await people.online();
    expect(await client.askBlock(`deliver ${other} ${password}`)).toEqual([wrong]);
    expect(await client.askBlock(`deliver ${name} no`)).toEqual([wrong]);
    expect(await client.askBlock(`deliver nobody ${password}`)).toEqual([wrong]);
    expect(await client.askBlock(`deliver ${name}`)).toEqual([
      '400 an argument is missing: deliver [username password]',
    ]);
    expect(await client.ask(`send ${name} hi`)).toBe('200 1 live');
    expect(bodyOf(await client.line())).toBe('hi');
  });

  test('gives nothing again that was delivered, and later messages still come', async () => {
    const name = await accountWithMail(2);
    const client = await people.connect();
    expect(await client.askBlock(`login ${name} ${password}`)).toHaveLength(3);
    expect(await client.askBlock('deliver')).toEqual([`200 ${name} 0`]);
    expect(await client.ask(`send ${name} live`)).toBe('200 3 live');
    expect(bodyOf(await client.line())).toBe('live');
    expect(await client.askBlock('deliver')).toEqual([`200 ${name} 0`]);
  });
});

describe('logout', () => {
  test('ends the session, and frees the account at once', async () => {
    const { name, client } = await people.online();
    expect(await client.ask('logout')).toBe('200');
    expect(await client.ask('logout')).toBe('403 log in first');
    expect(await client.ask(`send ${name} hi`)).toBe('403 log in first');
    expect(await client.askBlock(`login ${name} ${password}`)).toEqual([`200 ${name} 0`]);
  });

  test('right behind a login does not undo its delivery', async () => {
    const name = await accountWithMail(2);
    const client = await people.connect();
    client.send(`login ${name} ${password}\nlogout\n`);
    expect(await client.block()).toHaveLength(3);
    expect(await client.line()).toBe('200');
    expect(await client.askBlock(`login ${name} ${password}`)).toEqual([`200 ${name} 0`]);
  });

  test('ends events: what comes later waits for the next login', async () => {
    const { name, client } = await people.online();
    const sender = await people.online();
    expect(await client.ask('logout')).toBe('200');
    expect(await sender.client.ask(`send ${name} later`)).toBe('202 1 queued');
    await expectSilence(client);
    const [, message = ''] = await client.askBlock(`login ${name} ${password}`);
    expect(bodyOf(message)).toBe('later');
  });
});
