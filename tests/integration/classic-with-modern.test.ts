/** Version 1 and version 2 on one port: accounts, messages and sessions are the same. */

import { ServerProcess } from '../harness/server-process';
import { bodyOf, People, password } from './people';

let server: ServerProcess;
const people = new People(() => server);

beforeAll(async () => {
  server = await ServerProcess.start();
});
afterEach(() => people.leave());
afterAll(() => server.stop());

test('an account made over version 1 is entered over version 2, and messages go both ways', async () => {
  const [a, b] = [people.name(), await people.account()];
  const classic = await people.connect();
  await classic.sendNow(`1 0 ${a} ${password}`);
  await classic.until('created');
  await classic.sendNow(`1 2 ${a} ${password}`);
  await classic.until('\r\n\r\n');
  const modern = await people.login(b);
  await classic.sendNow(`1 3 ${b} from one`);
  expect(bodyOf(await modern.line())).toBe('from one');
  expect(await classic.until('!')).toBe('Message delivered!');
  expect(await modern.ask(`send ${a} from two`)).toBe('200 1 live');
  expect(await classic.until('from two')).toBe(`\nFrom ${b}: Message: from two`);
});

test('line breaks in a body become spaces for version 1, live and in a burst', async () => {
  const { name, client } = await people.online();
  const to = await people.account();
  expect(await client.ask(`send ${to} one\\ntwo\\r\\nthree`)).toBe('202 1 queued');
  const classic = await people.connect();
  await classic.sendNow(`1 2 ${to} ${password}`);
  expect(await classic.until('\r\n\r\n')).toBe(
    `Login successful\nAccount has undelivered messages: \nFrom ${name}: Message: one two three\n\r\n\r\n`,
  );
  expect(await client.ask(`send ${to} \\r\\n\\r\\nno end`)).toBe('200 2 live');
  expect(await classic.until('no end')).toBe(`\nFrom ${name}: Message:  no end`);
});

test('a backslash in a body is one over version 1, and an escaped one over version 2', async () => {
  const from = await people.account();
  const { name, client } = await people.online();
  const classic = await people.connect();
  await classic.sendNow(`1 2 ${from} ${password}`);
  await classic.until('\r\n\r\n');
  await classic.sendNow(`1 3 ${name} C:\\new`);
  expect(bodyOf(await client.line())).toBe('C:\\\\new');
  await classic.until('!');
  expect(await client.ask(`send ${from} a\\\\n`)).toBe('200 1 live');
  expect(await classic.until('a\\n')).toBe(`\nFrom ${name}: Message: a\\n`);
});

test('what version 1 has read is not undelivered for version 2', async () => {
  const { client } = await people.online();
  const to = await people.account();
  await client.ask(`send ${to} once`);
  const classic = await people.connect();
  await classic.sendNow(`1 2 ${to} ${password}`);
  await classic.until('\r\n\r\n');
  const again = await people.connect();
  expect(await again.askBlock(`takeover ${to} ${password}`)).toEqual([`200 ${to} 0`]);
});

test('an account is logged in once, whatever it speaks', async () => {
  const { name } = await people.online();
  const classic = await people.connect();
  await classic.sendNow(`1 2 ${name} ${password}`);
  expect(await classic.until('\r\n\r\n')).toBe('Login unsuccessful\r\n\r\n');
});

test('a room reaches a member who speaks version 1', async () => {
  const to = await people.account();
  const classic = await people.connect();
  await classic.sendNow(`1 2 ${to} ${password}`);
  await classic.until('\r\n\r\n');
  const { name, client } = await people.online();
  await client.ask(`room #both ${to}`);
  expect(await client.ask('send #both hi all')).toBe('200 1 live');
  expect(await classic.until('hi all')).toBe(`\nFrom ${name}: Message: hi all`);
  await classic.sendNow('1 3 #both hi back');
  expect(await classic.until('!')).toBe('Message delivered!');
  expect(bodyOf(await client.line())).toBe('hi back');
});

test('an account deleted over version 2 ends what version 1 has of it', async () => {
  const name = await people.account();
  const classic = await people.connect();
  await classic.sendNow(`1 2 ${name} ${password}`);
  await classic.until('\r\n\r\n');
  const modern = await people.connect();
  expect(await modern.askBlock(`takeover ${name} ${password}`)).toEqual([`200 ${name} 0`]);
  expect(await modern.askBlock(`delete ${name} ${password}`)).toEqual([`200 ${name} 0`]);
  await classic.sendNow(`1 2 ${name} ${password}`);
  expect(await classic.until('\r\n\r\n')).toBe('Login unsuccessful\r\n\r\n');
});

test.each([
  ['GET /', 200],
  ['HEAD /', 200],
  ['POST /x', 405],
  ['OPTIONS *', 405],
])('HTTP is answered as HTTP: %s', async (request, status) => {
  const client = await people.connect();
  client.send(`${request} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  expect(await client.closed()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
});
