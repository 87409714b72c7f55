/** The commands about accounts, messages and the connection, by word and by opcode, with what they refuse. */

import { version } from '../../package.json';
import { ServerProcess } from '../harness/server-process';
import { bodyOf, expectSilence, People, password, withoutTimes } from './people';

let server: ServerProcess;
const people = new People(() => server);

beforeAll(async () => {
  server = await ServerProcess.start(['--mailbox-messages', '100']);
});
afterEach(() => people.leave());
afterAll(() => server.stop());

const wrong = '401 wrong name or password';

describe.each([
  ['word', 'create', 'login', 'takeover', 'delete'],
  ['word in capitals', 'CREATE', 'Login', 'TakeOver', 'DELETE'],
  ['opcode', '0', '2', '20', '4'],
])('by %s', (_, create, login, takeover, remove) => {
  test('an account is made, entered, taken over and deleted', async () => {
    const name = people.name();
    const [client, other] = [await people.connect(), await people.connect()];
    expect(await client.ask(`${create} ${name} ${password}`)).toBe(`201 ${name}`);
    expect(await client.ask(`${create} ${name} ${password}`)).toBe(`409 the name ${name} is taken`);
    client.send(`${login} ${name} ${password}\n`);
    expect(await client.until('\r\n\r\n')).toBe(`200 ${name} 0\r\n\r\n`);
    other.send(`${takeover} ${name} ${password}\n`);
    expect(await other.until('\r\n\r\n')).toBe(`200 ${name} 0\r\n\r\n`);
    expect(await client.line()).toBe('! 409 taken over');
    other.send(`${remove} ${name} ${password}\n`);
    expect(await other.until('\r\n\r\n')).toBe(`200 ${name} 0\r\n\r\n`);
    expect(await other.askBlock(`${login} ${name} ${password}`)).toEqual([wrong]);
  });
});

describe.each([
  ['word', 'send', 'deliver', 'history', 'logout'],
  ['opcode', '3', '5', '10', '8'],
])('by %s', (_, send, deliver, history, logout) => {
  test('a message is sent, delivered and looked up', async () => {
    const { name, client } = await people.online();
    const other = await people.online();
    expect(await client.ask(`${send} ${other.name} hi there`)).toBe('200 1 live');
    expect(withoutTimes(await other.client.until('\r\n'))).toBe(`* 1 TIME ${name} ${other.name} hi there\r\n`);
    expect(await other.client.ask(logout)).toBe('200');
    expect(await client.ask(`${send} ${other.name} still there?`)).toBe('202 2 queued');
    client.send(`${deliver}\n`);
    expect(await client.until('\r\n\r\n')).toBe(`200 ${name} 0\r\n\r\n`);
    client.send(`${history} ${other.name}\n`);
    expect(withoutTimes(await client.until('\r\n\r\n'))).toBe(
      `200 ${other.name} 2\r\n* 1 TIME ${name} ${other.name} hi there\r\n` +
        `* 2 TIME ${name} ${other.name} still there?\r\n\r\n`,
    );
  });
});

test('create does not log in', async () => {
  const client = await people.connect();
  await client.ask(`create ${people.name()} ${password}`);
  expect(await client.ask('send somebody hi')).toBe('403 log in first');
});

test('login answers with what is undelivered, as one block, then messages are events', async () => {
  const name = await people.account();
  const sender = await people.online();
  for (const body of ['1', 'two\\nlines', '3 ']) sender.client.send(`send ${name} ${body}\n`);
  await sender.client.lines(3);
  const client = await people.connect();
  client.send(`login ${name} ${password}\n`);
  const head = `${sender.name} ${name}`;
  expect(withoutTimes(await client.until('\r\n\r\n'))).toBe(
    `200 ${name} 3\r\n* 1 TIME ${head} 1\r\n* 2 TIME ${head} two\\nlines\r\n* 3 TIME ${head} 3 \r\n\r\n`,
  );
  expect(await sender.client.ask(`send ${name} 4`)).toBe('200 4 live');
  expect(withoutTimes(await client.until('\r\n'))).toBe(`* 4 TIME ${head} 4\r\n`);
});

test('the time of a message is that of its sending, in milliseconds', async () => {
  const { name, client } = await people.online();
  const before = Date.now();
  await client.ask(`send ${name} now`);
  const at = Number((await client.line()).split(' ')[2]);
  expect(at).toBeGreaterThanOrEqual(before);
  expect(at).toBeLessThanOrEqual(Date.now());
});

test.each(['send a b', 'logout', 'room #a', 'join #a', 'leave #a', 'random hi', 'passwd a b', 'block a', 'unblock a'])(
  'without a login %j is refused',
  async (request) => {
    const client = await people.connect();
    expect(await client.ask(request)).toBe('403 log in first');
  },
);

test('without a login an ack is refused with a notice', async () => {
  const client = await people.connect();
  expect(await client.ask('ack alice 1')).toBe('! 403 log in first');
});

test('help lists every command, or one', async () => {
  const client = await people.connect();
  const [status, ...lines] = await client.askBlock('help');
  expect(status).toBe('200 23');
  expect(lines.map((line) => line.trim().split(' ')[0])).toEqual(
    Array.from({ length: 23 }, (_, opcode) => `${opcode}`),
  );
  expect(await client.askBlock('6 send')).toEqual(['200 1', lines[3]]);
  expect(await client.askBlock('HELP 3')).toEqual(['200 1', lines[3]]);
  expect(lines[3]).toBe(' 3 send <to> <body>                   send a message to a username or a #room');
  expect(await client.askBlock('help 23')).toEqual(['404 no command 23']);
});

test('ping gives back its token', async () => {
  const client = await people.connect();
  expect(await client.ask('ping')).toBe('200');
  expect(await client.ask('18 some token')).toBe('200 some token');
});

test.each(['quit', '19'])('%s is answered, and nothing after it is', async (request) => {
  const client = await people.connect();
  client.send(`ping a\n${request}\nping b\n`);
  expect(await client.closed()).toBe('200 a\r\n200\r\n');
  expect(client.failure).toBeUndefined();
});

test('quit comes after the answers to the sends before it', async () => {
  const { client } = await people.online();
  const to = await people.account();
  client.send(`send ${to} 1\nsend ${to} 2\nquit\n`);
  expect(await client.closed()).toBe('202 1 queued\r\n202 2 queued\r\n200\r\n');
});

describe('random', () => {
  test.each(['random', '16'])('draws somebody else who is online: %s', async (request) => {
    const { name, client } = await people.online();
    const other = await people.online();
    const [status = '', seq = '', to = ''] = (await client.ask(`${request} hello you`)).split(' ');
    expect([status, seq]).toEqual(['200', '1']);
    expect(to).toBe(other.name);
    expect(await other.client.line()).toMatch(new RegExp(`^\\* 1 \\d+ ${name} ${other.name} hello you$`));
    await expectSilence(client);
  });

  test('reaches everybody sooner or later', async () => {
    const { client } = await people.online();
    const others = await Promise.all([people.online(), people.online(), people.online()]);
    const drawn = new Set<string>();
    while (drawn.size < others.length) drawn.add((await client.ask('random hi')).replace(/^200 \d+ /, ''));
    expect([...drawn].sort()).toEqual(others.map((other) => other.name).sort());
  });

  test('is refused when nobody else is online', async () => {
    const { client } = await people.online();
    expect(await client.ask('random hi')).toBe('404 nobody else is online');
  });
});

describe('passwd', () => {
  test.each(['passwd', '17'])('changes the password: %s', async (request) => {
    const { name, client } = await people.online();
    expect(await client.ask(`${request} ${password} new pass word`)).toBe('200');
    expect(await client.ask('logout')).toBe('200');
    expect(await client.askBlock(`login ${name} ${password}`)).toEqual([wrong]);
    expect(await client.askBlock(`login ${name} new pass word`)).toEqual([`200 ${name} 0`]);
  });

  test('with a wrong old password, or a bad new one, changes nothing', async () => {
    const { name, client } = await people.online();
    expect(await client.ask('passwd no new')).toBe(wrong);
    expect(await client.ask(`passwd ${password} `)).toBe('400 a password is 1 to 72 bytes, without NUL');
    expect(await client.askBlock(`deliver ${name} ${password}`)).toEqual([`200 ${name} 0`]);
  });
});

describe('block', () => {
  test.each([
    ['block', 'unblock'],
    ['21', '22'],
  ])('refuses direct messages from an account until it is taken back: %s and %s', async (block, unblock) => {
    const { name, client } = await people.online();
    const other = await people.online();
    expect(await client.ask(`${block} ${other.name}`)).toBe(`200 ${other.name}`);
    expect(await client.ask(`${block} ${other.name}`)).toBe(`200 ${other.name}`);
    expect(await other.client.ask(`send ${name} hi`)).toBe(`403 ${name} does not take messages from you`);
    expect(await client.ask(`send ${other.name} hi`)).toBe('200 1 live');
    expect(await client.ask(`${unblock} ${other.name}`)).toBe(`200 ${other.name}`);
    expect(await client.ask(`${unblock} ${other.name}`)).toBe(`200 ${other.name}`);
    expect(await other.client.lines(1)).toHaveLength(1);
    expect(await other.client.ask(`send ${name} hi again`)).toBe('200 1 live');
    expect(bodyOf(await client.line())).toBe('hi again');
  });

  test('does not count in rooms', async () => {
    const { client } = await people.online();
    const other = await people.online();
    expect(await client.ask(`room #with-${other.name} ${other.name}`)).toBe(`201 #with-${other.name}`);
    expect(await client.ask(`block ${other.name}`)).toBe(`200 ${other.name}`);
    expect(await other.client.ask(`send #with-${other.name} hi`)).toBe('200 1 live');
    expect(await client.line()).toMatch(new RegExp(`^\\* 1 \\d+ ${other.name} #with-${other.name} hi$`));
  });

  test('of an account that is not there, or a name that is none, is refused', async () => {
    const { client } = await people.online();
    for (const request of ['block', 'unblock']) {
      expect(await client.ask(`${request} nobody`)).toBe('404 no account nobody');
      expect(await client.ask(`${request} #room`)).toMatch(/^400 a name is /);
    }
  });
});

describe('a mailbox', () => {
  test('that is full refuses the next message, and takes one again when it was emptied', async () => {
    const name = await people.account();
    const { client } = await people.online();
    for (let seq = 1; seq <= 101; seq += 1) client.send(`send ${name} ${seq}\n`);
    const replies = await client.lines(101);
    expect(replies.slice(-2)).toEqual(['202 100 queued', `507 ${name} has too many unread messages`]);
    const reader = await people.connect();
    expect(await reader.askBlock(`login ${name} ${password}`)).toHaveLength(101);
    // The room that was made counts once the cursor is stored: at the latest when the account logs in again.
    expect(await reader.ask('logout')).toBe('200');
    expect(await reader.askBlock(`login ${name} ${password}`)).toEqual([`200 ${name} 0`]);
    expect(await client.ask(`send ${name} 101`)).toBe('200 101 live');
  });
});

test('the version that hello tells is that of the package', async () => {
  const client = await people.connect();
  const [major, minor] = version.split('.');
  expect(await client.ask('7 2')).toBe(`200 chateau/${major}.${minor} body=65536`);
});
