/** `hello` and what it grants: own acknowledgement, keys, receipts, devices. */

import { ServerProcess } from '../harness/server-process';
import { bodyOf, expectSilence, People, password } from './people';

let server: ServerProcess;
const people = new People(() => server);

beforeAll(async () => {
  server = await ServerProcess.start(['--sessions-per-account', '2']);
});
afterEach(() => people.leave());
afterAll(() => server.stop());

/** An account with messages `1` to `count` in its mailbox. */
async function accountWithMail(count: number): Promise<string> {
  const name = await people.account();
  const { client } = await people.online('sender');
  for (let seq = 1; seq <= count; seq += 1) client.send(`send ${name} ${seq}\n`);
  await client.lines(count);
  return name;
}

describe('hello', () => {
  test.each([
    ['7 2', 'body=65536'],
    ['hello 2', 'body=65536'],
    ['hello 2 ack', 'ack body=65536'],
    ['hello 2 receipts keys ack', 'ack keys receipts body=65536'],
    ['hello 2 ack ack', 'ack body=65536'],
    ['hello 2 compress ACK x=1  telepathy client=me/1', 'body=65536'],
    ['hello 2 device=phone_1 ack', 'ack device=phone_1 body=65536'],
  ])('%j grants what it knows and ignores the rest', async (request, granted) => {
    const client = await people.connect();
    expect(await client.ask(request)).toBe(`200 chateau/1.0 ${granted}`);
  });

  test.each(['1.0', '3', '02', 'x', ''])('with version %j is answered 505, and version 2 goes on', async (version) => {
    const client = await people.connect();
    expect(await client.ask(`hello ${version} ack`)).toBe(`505 version ${version} is not spoken here; using 2`);
    expect(await client.ask(`create ${people.name()} pw`)).toMatch(/^201 /);
  });

  test.each(['device=', 'device=a.b', `device=${'d'.repeat(33)}`])('with %s is refused', async (device) => {
    const client = await people.connect();
    expect(await client.ask(`hello 2 ${device}`)).toBe('400 a device is 1 to 32 letters, digits, _ or -');
  });

  test('counts anew each time, and not after login', async () => {
    const name = await people.account();
    const client = await people.connect();
    await client.ask('hello 2 ack keys');
    expect(await client.ask('hello 2')).toBe('200 chateau/1.0 body=65536');
    await client.askBlock(`login ${name} ${password}`);
    expect(await client.ask('hello 2 ack')).toBe(`409 this connection is logged in as ${name}; log out first`);
    expect(await client.ask(`ack ${name} 1`)).toBe('! 403 ask for the capability ack with hello first');
  });
});

describe('with the capability ack', () => {
  test('what was not acknowledged comes again, at deliver and at the next login', async () => {
    const name = await accountWithMail(3);
    const client = await people.connect();
    await client.ask('hello 2 ack');
    const burst = await client.askBlock(`login ${name} ${password}`);
    expect(burst.slice(1).map(bodyOf)).toEqual(['1', '2', '3']);
    expect(await client.askBlock('deliver')).toEqual(burst);
    client.send(`ack ${name} 2\n`);
    expect(await client.askBlock('deliver')).toEqual([`200 ${name} 1`, burst[3]]);
    expect(await client.ask('logout')).toBe('200');
    expect(await client.askBlock(`login ${name} ${password}`)).toEqual([`200 ${name} 1`, burst[3]]);
    client.send(`9 ${name.toUpperCase()} 3\n`);
    expect(await client.askBlock('deliver')).toEqual([`200 ${name} 0`]);
  });

  test('an ack has no reply, counts for all before it, and never goes back', async () => {
    const name = await accountWithMail(3);
    const client = await people.connect();
    await client.ask('hello 2 ack');
    await client.askBlock(`login ${name} ${password}`);
    client.send(`ack ${name} 3\nack ${name} 1\nack ${name} 0\nack #nowhere 5\nack nobody 5\n`);
    await expectSilence(client);
    expect(await client.askBlock('deliver')).toEqual([`200 ${name} 0`]);
  });

  test('an ack of what was not written yet does not count for what comes', async () => {
    const name = await people.account();
    const client = await people.login(name, 'ack');
    client.send(`ack ${name} 1000\n`);
    const sender = await people.online();
    expect(await sender.client.ask(`send ${name} first`)).toBe('200 1 live');
    expect(bodyOf(await client.line())).toBe('first');
    expect(await client.askBlock('deliver')).toHaveLength(2);
  });

  test('an ack of a room counts for that room only', async () => {
    const name = await people.account();
    const sender = await people.online();
    await sender.client.ask(`room #acked ${name}`);
    for (const to of [name, '#acked', '#acked']) await sender.client.ask(`send ${to} hi`);
    const client = await people.connect();
    await client.ask('hello 2 ack');
    expect(await client.askBlock(`login ${name} ${password}`)).toHaveLength(4);
    client.send('ack #ACKED 2\n');
    expect((await client.askBlock('deliver')).slice(1).map((line) => line.split(' ')[4])).toEqual([name]);
  });

  test('an ack of a name that is none is told as a notice', async () => {
    const client = await people.login(await people.account(), 'ack');
    expect(await client.ask('ack # 1')).toBe(
      '! 400 a room is # and 1 to 254 letters, digits, _ . or -, the first a letter or digit, such as #garden',
    );
  });
});

describe('with the capability keys', () => {
  test('the same key and body again is the same message, sent once', async () => {
    const { client } = await people.online('sender', 'keys');
    const to = await people.online();
    expect(await client.ask(`send ${to.name} k1 hello you`)).toBe('200 1 live');
    expect(await client.ask(`send ${to.name} k1 hello you`)).toBe('200 1 live');
    expect(await client.ask(`send ${to.name} k2 hello you`)).toBe('200 2 live');
    expect(await to.client.lines(2)).toHaveLength(2);
    await expectSilence(to.client);
  });

  test('the same key on a new connection is still the same message', async () => {
    const to = await people.account();
    const name = await people.account();
    const first = await people.login(name, 'keys');
    expect(await first.ask(`send ${to} retry hello`)).toBe('202 1 queued');
    first.close();
    const second = await people.login(name, 'keys');
    expect(await second.ask(`send ${to} retry hello`)).toBe('202 1 queued');
  });

  test('the same key with another body is refused; to somebody else or from somebody else it is another', async () => {
    const [a, b] = [await people.online('a', 'keys'), await people.online('b', 'keys')];
    const to = await people.account();
    expect(await a.client.ask(`send ${to} k hello`)).toBe('202 1 queued');
    expect(await a.client.ask(`send ${to} k Hello`)).toBe('409 this key was used for another message');
    expect(await a.client.ask(`send ${b.name} k Hello`)).toBe('200 1 live');
    expect(await b.client.line()).toMatch(/ Hello$/);
    expect(await b.client.ask(`send ${to} k Hello`)).toBe('202 2 queued');
  });

  test('a send without one, or with a bad one, is refused', async () => {
    const { name, client } = await people.online('user', 'keys');
    const usage = '400 an argument is missing: send <to> <key> <body>';
    expect(await client.ask(`send ${name} key`)).toBe(usage);
    expect(await client.ask(`send ${name}  hi`)).toBe('400 a key is 1 to 64 visible ASCII characters');
    expect(await client.ask(`send ${name} ${'k'.repeat(65)} hi`)).toBe('400 a key is 1 to 64 visible ASCII characters');
    expect(await client.ask(`send ${name} kéy hi`)).toBe('400 a key is 1 to 64 visible ASCII characters');
    expect(await client.ask(`send ${name} ${'k'.repeat(64)} hi`)).toBe('200 1 live');
  });
});

describe('with the capability receipts', () => {
  test('the sender hears when the recipient has acknowledged', async () => {
    const sender = await people.online('sender', 'receipts');
    const to = await people.account();
    const client = await people.login(to, 'ack');
    expect(await sender.client.ask(`send ${to} one`)).toBe('200 1 live');
    expect(await sender.client.ask(`send ${to} two`)).toBe('200 2 live');
    await client.lines(2);
    await expectSilence(sender.client);
    client.send(`ack ${to} 2\n`);
    expect(await sender.client.lines(2)).toEqual([`! 250 ${to} 1`, `! 250 ${to} 2`]);
  });

  test('an implicit acknowledgement is one too', async () => {
    const sender = await people.online('sender', 'receipts');
    const { name } = await people.online();
    expect(await sender.client.ask(`send ${name} hi`)).toBe('200 1 live');
    expect(await sender.client.line()).toBe(`! 250 ${name} 1`);
  });

  test('a receipt never stands inside a block', async () => {
    const [a, b] = [await people.online('a', 'ack receipts'), await people.online('b', 'ack')];
    const sender = await people.online();
    // One at a time: a reader that is always in time keeps the buffers of its connection small.
    const [count, receipts] = [120, 60];
    for (let seq = 1; seq <= count; seq += 1) {
      expect(await sender.client.ask(`send ${a.name} ${'x'.repeat(60_000)}`)).toBe(`200 ${seq} live`);
      await a.client.line();
    }
    for (let seq = 1; seq <= receipts; seq += 1) await a.client.ask(`send ${b.name} ${seq}`);
    await b.client.lines(receipts);

    a.client.send('deliver\n');
    expect(await a.client.line()).toBe(`200 ${a.name} ${count}`);
    a.client.pause();
    b.client.send(`ack ${b.name} ${receipts}\n`);
    await expectSilence(b.client);
    a.client.resume();
    for (const line of await a.client.lines(count)) expect(line[0]).toBe('*');
    expect(await a.client.lines(1 + receipts)).toEqual([
      '',
      ...Array.from({ length: receipts }, (_, index) => `! 250 ${b.name} ${index + 1}`),
    ]);
  });
});

describe('with a device', () => {
  test('each has a cursor of its own, and a new one starts where the account stands', async () => {
    const name = await accountWithMail(2);
    const phone = await people.connect();
    await phone.ask('hello 2 ack device=phone');
    expect(await phone.askBlock(`login ${name} ${password}`)).toHaveLength(3);
    phone.send(`ack ${name} 1\n`);
    await phone.ask('logout');
    const laptop = await people.connect();
    await laptop.ask('hello 2 ack device=laptop');
    expect((await laptop.askBlock(`login ${name} ${password}`)).slice(1).map(bodyOf)).toEqual(['2']);
    laptop.send(`ack ${name} 2\n`);
    await laptop.ask('logout');
    expect((await phone.askBlock(`login ${name} ${password}`)).slice(1).map(bodyOf)).toEqual(['2']);
    expect(await laptop.askBlock(`login ${name} ${password}`)).toEqual([`200 ${name} 0`]);
  });

  test('two at once both hear everything, and the same one twice is refused', async () => {
    const name = await people.account();
    const phone = await people.login(name, 'device=phone');
    const laptop = await people.login(name, 'device=laptop');
    const other = await people.connect();
    await other.ask('hello 2 device=phone');
    expect(await other.askBlock(`login ${name} ${password}`)).toEqual([
      `409 ${name} is logged in on another connection`,
    ]);
    expect(await other.askBlock(`takeover ${name} ${password}`)).toEqual([`200 ${name} 0`]);
    expect(await phone.line()).toBe('! 409 taken over');
    const sender = await people.online();
    await sender.client.ask(`send ${name} to both`);
    expect(bodyOf(await other.line())).toBe('to both');
    expect(bodyOf(await laptop.line())).toBe('to both');
  });
});
