/** Bytes and lines that are no request, over version 2. */

import { ServerProcess } from '../harness/server-process';
import { expectSilence, People, settle } from './people';

let server: ServerProcess;
const people = new People(() => server);

beforeAll(async () => {
  server = await ServerProcess.start();
});
afterEach(() => people.leave());
afterAll(() => server.stop());

const missing = 'an argument is missing: ';
const notUtf8 = '400 a request must be UTF-8 without NUL';

test('a conversation cut in two at any byte is answered as if it came in one piece', async () => {
  const observer = await people.connect();
  const other = await people.account();
  const template = `create NAME pä ss\r\n2 NAME pä ss\n3 ${other} a\\\\b é\nhistory ${other}\r\nquit\n`;
  const names = Array.from(
    { length: Buffer.byteLength(template) - 1 },
    (_, index) => `cut${String(index + 1).padStart(3, '0')}`,
  );
  for (const name of names) {
    const bytes = Buffer.from(template.replaceAll('NAME', name));
    const at = Number(name.slice(3));
    const client = await people.connect();
    await client.sendNow(bytes.subarray(0, at));
    await settle(observer);
    client.send(bytes.subarray(at));
    const replies = (await client.closed()).replace(/\* \d+ \d{13} /, '* SEQ TIME ').replace(/^202 \d+/m, '202 SEQ');
    expect(replies).toBe(
      `201 ${name}\r\n200 ${name} 0\r\n\r\n202 SEQ queued\r\n` +
        `200 ${other} 1\r\n* SEQ TIME ${name} ${other} a\\\\b é\r\n\r\n200\r\n`,
    );
  }
});

test('requests of one byte a packet are answered', async () => {
  const observer = await people.connect();
  const client = await people.connect();
  for (const byte of Buffer.from('create bytewise pw\r\nlist bytewise\nquit\n')) {
    await client.sendNow(Uint8Array.of(byte));
    await settle(observer);
  }
  expect(await client.closed()).toBe('201 bytewise\r\n200 1 0\r\nbytewise\r\n\r\n200\r\n');
});

test('many requests in one packet are answered in their order, sends too', async () => {
  const { name, client } = await people.online();
  const to = await people.account();
  client.send(
    `send ${to} 1\nping a\nsend nobody 2\nsend ${to} 3\nlist ${to}\nnonsense\nsend ${to} 4\nsend\nlogout\nsend ${to} 5\nping b\n`,
  );
  expect(await client.until('200 b\r\n')).toBe(
    [
      '202 1 queued',
      '200 a',
      '404 no account or room nobody',
      '202 2 queued',
      '200 1 0',
      to,
      '',
      '400 no such command; 6 lists them',
      '202 3 queued',
      `400 ${missing}send <to> <body>`,
      '200',
      '403 log in first',
      '200 b',
      '',
    ].join('\r\n'),
  );
  expect((await people.login(name)).failure).toBeUndefined();
});

describe('1 MB without a newline', () => {
  const megabyte = Buffer.alloc(1_048_576, 'x');

  test('is answered 413 and closed in good order before login', async () => {
    const client = await people.connect();
    client.send(megabyte);
    expect(await client.closed()).toBe('413 this line is too long\r\n');
    expect(client.failure).toBeUndefined();
  });

  test('is answered 413 and closed in good order after login', async () => {
    const { client } = await people.online();
    client.send('send ');
    client.send(megabyte);
    expect(await client.closed()).toBe('413 this line is too long\r\n');
    expect(client.failure).toBeUndefined();
  });

  test('and 32 MB of it too, however long they take to come', async () => {
    const client = await people.connect();
    for (let count = 0; count < 32; count += 1) client.send(megabyte);
    expect(await client.closed()).toBe('413 this line is too long\r\n');
    expect(client.failure).toBeUndefined();
  });

  test('is answered with a block where it began as a command with one', async () => {
    const client = await people.connect();
    client.send('login ');
    client.send(megabyte);
    expect(await client.closed()).toBe('413 this line is too long\r\n\r\n');
  });

  test('is answered after the sends before it', async () => {
    const { client } = await people.online();
    const to = await people.account();
    client.send(Buffer.concat([Buffer.from(`send ${to} 1\nsend ${to} 2\n`), megabyte]));
    expect(await client.closed()).toBe('202 1 queued\r\n202 2 queued\r\n413 this line is too long\r\n');
  });
});

test('a line of 1,024 bytes is read before login, one of 1,025 is too long', async () => {
  const client = await people.connect();
  const token = 'x'.repeat(1_024 - 'ping '.length);
  expect(await client.ask(`ping ${token}\r`)).toBe(`200 ${token}`);
  client.send(`ping ${token}x\n`);
  expect(await client.closed()).toBe('413 this line is too long\r\n');
});

describe('bytes that are no plain UTF-8', () => {
  test.each([
    ['a stray continuation byte', [0x85]],
    ['a C1 byte as it stands in Latin-1', [0x9b]],
    ['0xFF', [0xff]],
    ['a character that is cut short', [0xe2, 0x82]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['half a surrogate pair', [0xed, 0xa0, 0x80]],
    ['a code point beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
    ['NUL', [0x00]],
  ])('%s is answered 400, in the shape of the command, and the connection goes on', async (_, bytes) => {
    const client = await people.connect();
    const bad = Buffer.from(bytes);
    client.send(
      Buffer.concat([
        Buffer.from('ping '),
        bad,
        Buffer.from('\nlist a'),
        bad,
        Buffer.from('\n'),
        bad,
        Buffer.from('\n'),
      ]),
    );
    expect(await client.lines(4)).toEqual([notUtf8, notUtf8, '', notUtf8]);
    await expectSilence(client);
  });

  test('a send that holds them is refused and nothing is sent', async () => {
    const { name, client } = await people.online();
    client.send(Buffer.concat([Buffer.from(`send ${name} a`), Buffer.from([0xc3, 0x28]), Buffer.from('\n')]));
    expect(await client.line()).toBe(notUtf8);
    client.send(`send ${name} a\0b\n`);
    expect(await client.line()).toBe(notUtf8);
    await expectSilence(client);
  });
});

test.each([
  ['C0 bytes', '\x01\x07\x08\x1b[31m\x7f\t'],
  ['C1 characters', '\u0085\u009b2J\u2028\u2029'],
  ['a byte order mark', '\ufeffx'],
  ['a bidirectional override', 'a\u202eb'],
])('%s in a body arrive as they were sent', async (_, text) => {
  const { name, client } = await people.online();
  expect(await client.ask(`send ${name} ${text}`)).toBe('200 1 live');
  expect((await client.line()).replace(/ \d{13} /, ' TIME ')).toBe(`* 1 TIME ${name} ${name} ${text}`);
});

test('a carriage return in the middle of a line belongs to the body and arrives escaped', async () => {
  const { name, client } = await people.online();
  expect(await client.ask(`send ${name} a\rb\r`)).toBe('200 1 live');
  expect(await client.line()).toMatch(/ a\\rb$/);
});

test.each([
  '23',
  '99',
  '-1',
  '00',
  '003',
  '3.0',
  '0x3',
  'foo',
  'sendx',
  '',
  ' ping',
  '２',
  'constructor',
  '__proto__',
  'x'.repeat(900),
])('the opcode %j is unknown, and the connection goes on', async (opcode) => {
  const client = await people.connect();
  expect(await client.ask(opcode)).toBe('400 no such command; 6 lists them');
  await expectSilence(client);
});

describe('a missing argument', () => {
  test.each([
    ['create', 'create <username> <password>'],
    ['0 alice', 'create <username> <password>'],
    ['send', 'send <to> <body>'],
    ['3 alice', 'send <to> <body>'],
    ['hello', 'hello <version> [capability ...]'],
    ['room', 'room <#room> [member ...]'],
    ['join', 'join <#room>'],
    ['leave', 'leave <#room>'],
    ['random', 'random <body>'],
    ['passwd', 'passwd <old> <new>'],
    ['passwd old', 'passwd <old> <new>'],
    ['block', 'block <username>'],
    ['unblock', 'unblock <username>'],
  ])('%j is answered 400 with its usage', async (request, usage) => {
    const client = await people.connect();
    expect(await client.ask(request)).toBe(`400 ${missing}${usage}`);
    await expectSilence(client);
  });

  test.each([
    ['login', 'login <username> <password>'],
    ['2 alice', 'login <username> <password>'],
    ['takeover alice', 'takeover <username> <password>'],
    ['delete alice', 'delete <username> <password>'],
    ['history', 'history <with> [before [limit]]'],
    ['members', 'members <#room>'],
  ])('%j is answered 400 with its usage, as a block', async (request, usage) => {
    const client = await people.connect();
    expect(await client.askBlock(request)).toEqual([`400 ${missing}${usage}`]);
    await expectSilence(client);
  });

  test('of an ack is told as a notice', async () => {
    const client = await people.connect();
    expect(await client.ask('ack alice')).toBe(`! 400 ${missing}ack <log> <seq>`);
    expect(await client.ask('ack alice x')).toBe('! 400 seq must be a whole number');
    await expectSilence(client);
  });
});

test.each([
  ['quit now', '400 too many arguments: quit'],
  ['logout alice', '400 too many arguments: logout'],
  ['8 ', '400 too many arguments: logout'],
  [
    'join #a #b',
    '400 a room is # and 1 to 254 letters, digits, _ . or -, the first a letter or digit, such as #garden',
  ],
  ['block alice bob', '400 a name is 1 to 32 letters, digits, _ . or -, and starts with a letter or digit'],
])('the surplus argument of %j is answered 400, and the connection goes on', async (request, reply) => {
  const { client } = await people.online();
  expect(await client.ask(request)).toBe(reply);
  await expectSilence(client);
});

test.each([
  ['history alice x', 'before must be a whole number'],
  ['history alice -1', 'before must be a whole number'],
  ['history alice 99999999999999999', 'before must be a whole number'],
  ['history alice 1 2 3', 'limit must be a whole number'],
])('%j is answered 400, as a block', async (request, sentence) => {
  const { client } = await people.online();
  expect(await client.askBlock(request)).toEqual([`400 ${sentence}`]);
});
