/** Version 1 as clients that exist already speak it: one request a packet, no line ends, exact bytes. */

import { RawClient } from '../harness/raw-client';
import { ServerProcess } from '../harness/server-process';
import { People, password, settle } from './people';

let server: ServerProcess;
const people = new People(() => server);

beforeAll(async () => {
  server = await ServerProcess.start(['--bcrypt-cost', '6']);
});
afterEach(() => people.leave());
afterAll(() => server.stop());

const usage = [
  'create <username> <password>',
  'ls [part of a name]',
  'login <username> <password>',
  'send <username> <message>',
  'deliver <username> <password>',
  'delete <username> <password>',
  'help',
].join('\n');

const noBurst = 'Login successful\n\r\n\r\n';

/** Sends a request as one packet and expects just these bytes to come back: replies have no end of their own. */
async function exchange(client: RawClient, request: string, reply: string): Promise<void> {
  await client.sendNow(request);
  await expectBytes(client, reply);
}

async function expectBytes(client: RawClient, bytes: string): Promise<void> {
  await client.received(Buffer.byteLength(bytes));
  expect(client.takeAll()).toBe(bytes);
}

/** A new account, logged in over version 1. */
async function online(stem?: string): Promise<{ name: string; client: RawClient }> {
  const name = await people.account(stem);
  const client = await people.connect();
  await exchange(client, `1 2 ${name} ${password}`, noBurst);
  return { name, client };
}

describe('create', () => {
  test('makes an account, once', async () => {
    const client = await people.connect();
    await exchange(client, '1 0 classic pw', 'Account successfully created');
    await exchange(client, '1 0 Classic pw', 'Account with username already exists. Try again');
  });

  test('makes an account for a client that is logged in, which stays logged in as before', async () => {
    const { name, client } = await online();
    const made = people.name();
    await exchange(client, `1 0 ${made} pw`, 'Account successfully created');
    await exchange(client, `1 0 ${name} pw`, 'Account with username already exists. Try again');
    await exchange(client, `1 5 ${name} ${password}`, '\r\n\r\n');
    await exchange(await people.connect(), `1 2 ${made} pw`, noBurst);
  });

  test('with a bad name or password is told what they must be', async () => {
    const client = await people.connect();
    await exchange(
      client,
      '1 0 -x pw',
      'a name is 1 to 32 letters, digits, _ . or -, and starts with a letter or digit',
    );
    await exchange(client, '1 0 system pw', 'the name system is reserved');
    await exchange(client, `1 0 ${people.name()} ${'p'.repeat(73)}`, 'a password is 1 to 72 bytes, without NUL');
  });
});

describe('list', () => {
  test('gives the names that hold a part, in order', async () => {
    const client = await people.connect();
    for (const name of ['listed-b', 'Listed-a', 'listed-c'])
      await exchange(client, `1 0 ${name} pw`, 'Account successfully created');
    await exchange(client, '1 1 ISTED-', 'Listed-a\nlisted-b\nlisted-c');
    await exchange(client, '1 1 listed-c', 'listed-c');
    await exchange(client, '1 1 unlisted', 'No matching accounts');
  });

  test.each(['1 1', '1 1 '])('%j, without a part, gives all names', async (request) => {
    const name = await people.account('zzz');
    const client = await people.connect();
    await client.sendNow(request);
    expect((await client.until(name)).split('\n')).toContain(name);
  });
});

describe('login', () => {
  test('without anything undelivered, and again on the same connection', async () => {
    const { name, client } = await online();
    await exchange(client, `1 2 ${name} ${password}`, 'You are already logged into an account!\r\n\r\n');
  });

  test('with something undelivered ends in its messages', async () => {
    const name = await people.account();
    const sender = await online();
    await exchange(sender.client, `1 3 ${name} first`, 'Recipient not online. Will deliver on demand :)');
    await exchange(sender.client, `1 3 ${name} the  second one`, 'Recipient not online. Will deliver on demand :)');
    await exchange(
      await people.connect(),
      `1 2 ${name} ${password}`,
      'Login successful\nAccount has undelivered messages: ' +
        `\nFrom ${sender.name}: Message: first\n\nFrom ${sender.name}: Message: the  second one\n\r\n\r\n`,
    );
  });

  test('with a wrong password, a name that is not there, or an account that is logged in elsewhere', async () => {
    const { name } = await online();
    const client = await people.connect();
    for (const credentials of [`${name} no`, 'nobody pw', `${name} ${password}`]) {
      await exchange(client, `1 2 ${credentials}`, 'Login unsuccessful\r\n\r\n');
    }
  });

  test('that was taken over since is over', async () => {
    const { name, client } = await online();
    const other = await people.connect();
    expect(await other.askBlock(`takeover ${name} ${password}`)).toEqual([`200 ${name} 0`]);
    await exchange(client, `1 5 ${name} ${password}`, 'Please login to receive messages\r\n\r\n');
    await exchange(client, `1 3 ${name} hi`, 'Please login to send a message');
  });
});

describe('send', () => {
  test('to one who is online is delivered at once', async () => {
    const [a, b] = [await online(), await online()];
    await exchange(a.client, `1 3 ${b.name} hi there`, 'Message delivered!');
    await expectBytes(b.client, `\nFrom ${a.name}: Message: hi there`);
  });

  test('to oneself is answered, then arrives', async () => {
    const { name, client } = await online();
    await exchange(client, `1 3 ${name} me`, `Message delivered!\nFrom ${name}: Message: me`);
  });

  test('to nobody, or without a login, is refused', async () => {
    const { client } = await online();
    await exchange(client, '1 3 nobody hi', 'Invalid: user not found');
    await exchange(client, '1 3 ä hi', 'Invalid: user not found');
    await exchange(await people.connect(), '1 3 nobody hi', 'Please login to send a message');
  });
});

describe('deliver', () => {
  test('gives nothing but the end of a burst when all was delivered', async () => {
    const { name, client } = await online();
    await exchange(client, `1 5 ${name} ${password}`, '\r\n\r\n');
  });

  test('is refused with wrong credentials, and for an account that is not logged in here', async () => {
    const other = await people.account();
    const { name, client } = await online();
    await exchange(client, `1 5 ${name} no`, 'Nonexistent account or wrong password\r\n\r\n');
    await exchange(client, '1 5 nobody pw', 'Nonexistent account or wrong password\r\n\r\n');
    await exchange(client, `1 5 ${other} ${password}`, 'Please login to receive messages\r\n\r\n');
    await exchange(await people.connect(), `1 5 ${name} ${password}`, 'Please login to receive messages\r\n\r\n');
  });
});

describe('delete', () => {
  test('of an account without messages, which is gone then', async () => {
    const name = await people.account();
    const client = await people.connect();
    await exchange(client, `1 4 ${name} no`, 'Account not found or incorrect password\r\n\r\n');
    await exchange(client, `1 4 ${name} ${password}`, 'Successfully deleted account\n\r\n\r\n');
    await exchange(client, `1 4 ${name} ${password}`, 'Account not found or incorrect password\r\n\r\n');
  });

  test('of an account with messages gives them first', async () => {
    const name = await people.account();
    const sender = await online();
    await exchange(sender.client, `1 3 ${name} last words`, 'Recipient not online. Will deliver on demand :)');
    await exchange(
      await people.connect(),
      `1 4 ${name} ${password}`,
      `Successfully deleted account\nAccount had undelivered messages: \n\nFrom ${sender.name}: Message: last words\n\r\n\r\n`,
    );
    await exchange(sender.client, `1 3 ${name} hi`, 'Invalid: user not found');
  });

  test('is refused while another client is logged in to it, first of all reasons', async () => {
    const sentence = 'Another client is logged into this account!\r\n\r\n';
    const elsewhere = await people.online();
    const { client } = await online();
    for (const name of [elsewhere.name, elsewhere.name.toUpperCase()]) {
      await exchange(client, `1 4 ${name} ${password}`, sentence);
      await exchange(await people.connect(), `1 4 ${name} ${password}`, sentence);
    }
    expect(await elsewhere.client.ask('logout')).toBe('200');
    await exchange(
      client,
      `1 4 ${elsewhere.name} ${password}`,
      'You are logged into a different account. Unable to delete\r\n\r\n',
    );
  });

  test('with a wrong password does not reveal whether another client is logged in', async () => {
    const elsewhere = await online();
    const { client } = await online();
    for (const credentials of [`${elsewhere.name} no`, 'nobody pw', `- ${password}`]) {
      await exchange(client, `1 4 ${credentials}`, 'You are logged into a different account. Unable to delete\r\n\r\n');
      await exchange(await people.connect(), `1 4 ${credentials}`, 'Account not found or incorrect password\r\n\r\n');
    }
  });

  test('is refused while somebody is logged in to it, and to one who is logged in', async () => {
    const { name, client } = await online();
    const other = await people.account();
    await exchange(
      await people.connect(),
      `1 4 ${name} ${password}`,
      'Another client is logged into this account!\r\n\r\n',
    );
    await exchange(
      client,
      `1 4 ${name} ${password}`,
      'You are logged into the account to be deleted. Logout first\r\n\r\n',
    );
    await exchange(
      client,
      `1 4 ${other} ${password}`,
      'You are logged into a different account. Unable to delete\r\n\r\n',
    );
  });
});

test('delete reports another client of the own account first, where an account may have several', async () => {
  const several = await ServerProcess.start(['--sessions-per-account', '2']);
  try {
    const [client, other] = [await RawClient.connect(several.port), await RawClient.connect(several.port)];
    await exchange(client, '1 0 alice pw', 'Account successfully created');
    await exchange(client, '1 2 alice pw', noBurst);
    expect(await other.askBlock('login alice pw')).toEqual(['200 alice 0']);
    await exchange(client, '1 4 alice pw', 'Another client is logged into this account!\r\n\r\n');
    expect(await other.ask('logout')).toBe('200');
    await exchange(client, '1 4 alice pw', 'You are logged into the account to be deleted. Logout first\r\n\r\n');
    client.close();
    other.close();
  } finally {
    await several.stop();
  }
});

describe('what is no request', () => {
  test.each([
    ['1 0 alice', usage],
    ['1 0 alice pw more', usage],
    ['1 1 a b', usage],
    ['1 3 alice', usage],
    ['1 6', usage],
    ['1 6 send', usage],
    ['1 2 alice', `${usage}\r\n\r\n`],
    ['1 4', `${usage}\r\n\r\n`],
    ['1 5 alice pw more', `${usage}\r\n\r\n`],
  ])('%j is answered with the usage', async (request, reply) => {
    await exchange(await people.connect(), request, reply);
  });

  test.each(['1 7', '1 9 x', '1 22', '1 help', '1'])('%j is an invalid command', async (request) => {
    const client = await people.connect();
    await exchange(client, '1 6', usage);
    await exchange(client, request, `Invalid command\n${usage}`);
  });

  test.each(['1 7', '1 7 ', '1 7 x', '1 8\n', '1 9 a b', '1 10', '1 22'])(
    '%j is an invalid command as the first request too, and the next one is answered',
    async (request) => {
      const client = await people.connect();
      await exchange(client, request, `Invalid command\n${usage}`);
      await exchange(client, '1 6', usage);
    },
  );

  test.each(['2 0 a b', '2 6', '0 1', '3 3 bob hi', '11 6', '1.0 6'])(
    '%j is of another version as the first request too, and the connection is closed',
    async (request) => {
      const client = await people.connect();
      await client.sendNow(request);
      expect(await client.closed()).toBe('Incorrect client software version. Please use an updated version!');
      expect(client.failure).toBeUndefined();
    },
  );

  test.each(['2 6', '0 6', 'help', '11 6', ' 1 6'])(
    '%j is of another version, and the connection is closed',
    async (request) => {
      const client = await people.connect();
      await exchange(client, '1 6', usage);
      await client.sendNow(`${request}\n1 6`);
      expect(await client.closed()).toBe('Incorrect client software version. Please use an updated version!');
      expect(client.failure).toBeUndefined();
    },
  );

  test('bytes that are no UTF-8 are refused in their turn, and the connection goes on', async () => {
    const client = await people.connect();
    const observer = await people.connect();
    await client.sendNow(`1 0 ${people.name()} pw`);
    await settle(observer);
    await client.sendNow(Uint8Array.of(0x31, 0x20, 0x31, 0x20, 0xff));
    await expectBytes(client, 'Account successfully createda request must be UTF-8 without NUL');
    await exchange(client, '1 6', usage);
  });

  test.each(['1 2', '1 4', '1 5'])('%j that cannot be read is answered with what ends its replies', async (head) => {
    const client = await people.connect();
    await client.sendNow(Buffer.from(`${head} al\xefce pw\n1 1 al\xefce\n1 6`, 'latin1'));
    const refusal = 'a request must be UTF-8 without NUL';
    await expectBytes(client, `${refusal}\r\n\r\n${refusal}${usage}`);
    await client.sendNow(`${head} ${'a'.repeat(1_100)} pw`);
    expect(await client.closed()).toBe('this line is too long\r\n\r\n');
  });
});

describe('packets', () => {
  test('of several requests with a line end after each are several requests, answered in order', async () => {
    const [name, to] = [people.name(), await people.account()];
    const client = await people.connect();
    await exchange(
      client,
      `1 0 ${name} pw\n1 2 ${name} pw\r\n1 3 ${to} hi\n\n1 1 ${name}\n`,
      `Account successfully created${noBurst}Recipient not online. Will deliver on demand :)${name}`,
    );
  });

  test('that come while another request is being answered are answered in order', async () => {
    const observer = await people.connect();
    const client = await people.connect();
    const name = people.name();
    for (const request of [`1 0 ${name} pw`, `1 2 ${name} pw`, `1 1 ${name}`]) {
      await client.sendNow(request);
      await settle(observer);
    }
    await expectBytes(client, `Account successfully created${noBurst}${name}`);
  });

  test('of one byte decide together which version it is', async () => {
    const observer = await people.connect();
    const client = await people.connect();
    await client.sendNow('1');
    await settle(observer);
    await client.sendNow(' ');
    await settle(observer);
    await client.sendNow('6');
    await expectBytes(client, usage);
  });

  test.each([
    ['1 a', 'bc', '200 0 0'],
    ['2 ', '0 pw', '401 wrong name or password'],
    ['2 nob', 'ody pw', '401 wrong name or password'],
    ['2 nobody pw', '', '401 wrong name or password'],
    ['7 2 ack', ' keys', '200 chateau/'],
    ['7 2', ' ack', '200 chateau/'],
    ['18 7', '', '200 7'],
  ])('of %j and %j and a line feed are a first line of version 2', async (first, second, reply) => {
    const observer = await people.connect();
    const client = await people.connect();
    await client.sendNow(first);
    await settle(observer);
    await client.sendNow(`${second}\n`);
    expect(await client.until(reply)).toBe(reply);
  });

  test('then nothing more: a half-closed connection gets its answers and is closed', async () => {
    const client = await people.connect();
    const name = people.name();
    client.send(`1 0 ${name} pw\n1 2 ${name} pw\n1 1 ${name}`);
    client.endInput();
    expect(await client.closed()).toBe(`Account successfully created${noBurst}${name}`);
  });
});
