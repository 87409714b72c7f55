/** Well-formed requests whose names, passwords, bodies or destinations are not: over version 2. */

import { ServerProcess } from '../harness/server-process';
import { bodyOf, expectSilence, People, password } from './people';

let server: ServerProcess;
const people = new People(() => server);

beforeAll(async () => {
  server = await ServerProcess.start();
});
afterEach(() => people.leave());
afterAll(() => server.stop());

const nameInvalid = '400 a name is 1 to 32 letters, digits, _ . or -, and starts with a letter or digit';
const passwordInvalid = '400 a password is 1 to 72 bytes, without NUL';
const wrong = '401 wrong name or password';

describe('names', () => {
  test('of 32 characters are taken, of 33 refused', async () => {
    const client = await people.connect();
    const name = 'n'.repeat(32);
    expect(await client.ask(`create ${name} pw`)).toBe(`201 ${name}`);
    expect(await client.ask(`create ${name}n pw`)).toBe(nameInvalid);
    expect(await client.askBlock(`login ${name} pw`)).toEqual([`200 ${name} 0`]);
  });

  test.each(['', '_a', '.a', '-a', '#a', 'a#', 'a*', 'a/b', 'älice', 'a\u0301', 'a\x1b', 'a\t', 'ａ', 'a\u200d'])(
    'such as %j are refused',
    async (name) => {
      const client = await people.connect();
      expect(await client.ask(`create ${name} pw`)).toBe(nameInvalid);
      expect(await client.askBlock(`login ${name} pw`)).toEqual([wrong]);
    },
  );

  test.each(['server', 'system', 'Server', 'SYSTEM'])('that are reserved are refused: %s', async (name) => {
    const client = await people.connect();
    expect(await client.ask(`create ${name} pw`)).toBe(`400 the name ${name} is reserved`);
    expect(await client.askBlock(`login ${name} pw`)).toEqual([wrong]);
  });

  test('that differ only in case are one name, shown as it was created', async () => {
    const client = await people.connect();
    expect(await client.ask('create MixedCase pw')).toBe('201 MixedCase');
    expect(await client.ask('create mixedcase other')).toBe('409 the name mixedcase is taken');
    expect(await client.askBlock('login MIXEDCASE pw')).toEqual(['200 MixedCase 0']);
    expect(await client.ask('send mixedCASE hi')).toBe('200 1 live');
    expect(await client.line()).toMatch(/^\* 1 \d+ MixedCase MixedCase hi$/);
    expect(await client.askBlock('list mixedcas?')).toEqual(['200 1 0', 'MixedCase']);
  });

  test('that differ only in case are one room, shown as it was created', async () => {
    const { name, client } = await people.online();
    expect(await client.ask('room #Garden')).toBe('201 #Garden');
    expect(await client.ask('room #gARDEN')).toBe('409 the name #gARDEN is taken');
    expect(await client.ask('join #garden')).toBe('200 #Garden');
    expect(await client.askBlock('members #GARDEN')).toEqual(['200 1 0', name]);
  });

  test('asked for by many connections at once are given to one', async () => {
    const clients = await Promise.all(Array.from({ length: 8 }, () => people.connect()));
    const replies = await Promise.all(clients.map((client) => client.ask('create wanted pw')));
    expect(replies.sort()).toEqual(['201 wanted', ...Array(7).fill('409 the name wanted is taken')]);
  });
});

describe('passwords', () => {
  test('of 0 bytes are refused, and never right', async () => {
    const name = await people.account();
    const client = await people.connect();
    expect(await client.ask(`create ${people.name()} `)).toBe(passwordInvalid);
    expect(await client.askBlock(`login ${name} `)).toEqual([wrong]);
  });

  test.each([
    ['ASCII', 'p'.repeat(72)],
    ['three bytes a character', '€'.repeat(24)],
    ['spaces', ` ${'p '.repeat(35)} `],
  ])('of 72 bytes are taken, and every byte counts: %s', async (_, longest) => {
    const name = people.name();
    const client = await people.connect();
    expect(await client.ask(`create ${name} ${longest}`)).toBe(`201 ${name}`);
    expect(await client.askBlock(`login ${name} ${longest.slice(0, -1)}`)).toEqual([wrong]);
    expect(await client.askBlock(`login ${name} ${longest.slice(0, -1)}q`)).toEqual([wrong]);
    expect(await client.askBlock(`login ${name} ${longest}`)).toEqual([`200 ${name} 0`]);
  });

  test.each([
    ['ASCII', 'p'.repeat(73)],
    ['25 characters', `${'€'.repeat(24)}p`],
  ])('of 73 bytes are refused, never cut: %s', async (_, tooLong) => {
    const { name, client } = await people.online();
    expect(await client.ask(`create ${people.name()} ${tooLong}`)).toBe(passwordInvalid);
    expect(await client.ask(`passwd ${password} ${tooLong}`)).toBe(passwordInvalid);
    expect(await client.ask(`passwd ${password} ${tooLong.slice(0, -1)}`)).toBe('200');
    expect(await client.ask('logout')).toBe('200');
    expect(await client.askBlock(`login ${name} ${tooLong}`)).toEqual([wrong]);
    expect(await client.askBlock(`login ${name} ${tooLong.slice(0, -1)}`)).toEqual([`200 ${name} 0`]);
  });
});

describe('bodies', () => {
  test('of 0 bytes are refused', async () => {
    const { name, client } = await people.online();
    expect(await client.ask(`send ${name} `)).toBe('400 a message must not be empty');
    expect(await client.ask('random ')).toBe('400 a message must not be empty');
    await expectSilence(client);
  });

  test.each([
    ['ASCII', 'b'.repeat(65_536)],
    ['three bytes a character', `${'€'.repeat(21_845)}b`],
    ['escapes', '\\n'.repeat(32_768)],
  ])('of 65,536 bytes as they stand in the line arrive whole: %s', async (_, body) => {
    const { name, client } = await people.online();
    expect(await client.ask(`send ${name} ${body}`)).toBe('200 1 live');
    expect(bodyOf(await client.line())).toBe(body);
  });

  test('that double when they are escaped arrive whole', async () => {
    const { name, client } = await people.online();
    expect(await client.ask(`send ${name} ${'\r'.repeat(65_535)}x`)).toBe('200 1 live');
    expect(bodyOf(await client.line())).toBe(`${'\\r'.repeat(65_535)}x`);
  });

  test.each([
    ['ASCII', 'b'.repeat(65_537)],
    ['two bytes a character', 'é'.repeat(32_769)],
  ])('of one byte more are answered 413, and the connection is closed: %s', async (_, body) => {
    const { name, client } = await people.online();
    client.send(`send ${name} ${body}\nping late\n`);
    expect(await client.closed()).toBe('413 a message is at most 65536 bytes\r\n');
    const again = await people.connect();
    expect(await again.askBlock(`login ${name} ${password}`)).toEqual([`200 ${name} 0`]);
  });

  test.each(['a\\', 'a\\t', '\\x41', '\\N'])('with an unknown escape are refused: %s', async (body) => {
    const { name, client } = await people.online();
    expect(await client.ask(`send ${name} ${body}`)).toBe(
      '400 in a body a backslash is written \\\\, a line feed \\n, a carriage return \\r',
    );
    await expectSilence(client);
  });
});

describe('a send', () => {
  test('to oneself is answered, then arrives', async () => {
    const { name, client } = await people.online();
    expect(await client.ask(`send ${name} to myself`)).toBe('200 1 live');
    expect(bodyOf(await client.line())).toBe('to myself');
  });

  test.each([
    ['nobody', '404 no account or room nobody'],
    ['#nowhere', '404 no account or room #nowhere'],
    ['-', nameInvalid],
    ['#', '400 a room is # and 1 to 254 letters, digits, _ . or -, the first a letter or digit, such as #garden'],
    ['##', '400 a room is # and 1 to 254 letters, digits, _ . or -, the first a letter or digit, such as #garden'],
  ])('to %s is refused', async (to, reply) => {
    const { client } = await people.online();
    expect(await client.ask(`send ${to} hi`)).toBe(reply);
  });

  test('to a deleted account is refused, and its room goes on', async () => {
    const { name, client } = await people.online();
    const gone = await people.online();
    expect(await gone.client.ask(`room #left-by-${gone.name} ${name}`)).toBe(`201 #left-by-${gone.name}`);
    expect(await gone.client.askBlock(`delete ${gone.name} ${password}`)).toEqual([`200 ${gone.name} 0`]);
    expect(await client.ask(`send ${gone.name} hi`)).toBe(`404 no account or room ${gone.name}`);
    expect(await client.ask(`send #left-by-${gone.name} hi`)).toBe('202 1 queued');
    expect(await client.askBlock(`members #left-by-${gone.name}`)).toEqual(['200 1 0', name]);
  });

  test('to a room one is not in is refused, and reaches nobody', async () => {
    const member = await people.online();
    const stranger = await people.online();
    expect(await member.client.ask(`room #of-${member.name}`)).toBe(`201 #of-${member.name}`);
    expect(await stranger.client.ask(`send #of-${member.name} hi`)).toBe(
      `403 you are not a member of #of-${member.name}`,
    );
    await expectSilence(member.client);
  });
});

describe('a command with a block fails as a block:', () => {
  test.each([
    ['login nobody pw', wrong],
    ['takeover nobody pw', wrong],
    ['delete nobody pw', wrong],
    ['deliver', '403 log in first'],
    ['history nobody', '403 log in first'],
    ['who', '403 log in first'],
    ['members #nowhere', '403 log in first'],
    ['help nonsense', '404 no command nonsense'],
    ['list \0', '400 a request must be UTF-8 without NUL'],
  ])('%j', async (request, status) => {
    const client = await people.connect();
    client.send(`${request}\n`);
    expect(await client.until('\r\n\r\n')).toBe(`${status}\r\n\r\n`);
    await expectSilence(client);
  });
});
