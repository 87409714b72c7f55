/** `history`: both sides of a conversation, and rooms, page by page. */

import { ServerProcess } from '../harness/server-process';
import { bodyOf, People, type Person, password, withoutTimes } from './people';

let server: ServerProcess;
const people = new People(() => server);

beforeAll(async () => {
  server = await ServerProcess.start();
});
afterEach(() => people.leave());
afterAll(() => server.stop());

async function bodies(person: Person, request: string): Promise<string[]> {
  const [, ...messages] = await person.client.askBlock(request);
  return messages.map(bodyOf);
}

/** Sends bodies to `to`, one answer after another. */
async function say(person: Person, to: string, ...texts: string[]): Promise<void> {
  for (const text of texts) expect(await person.client.ask(`send ${to} ${text}`)).toMatch(/^20[02] \d+ /);
}

test('a conversation shows both sides in the order in which they were said, to both alike', async () => {
  const [a, b] = [await people.online(), await people.online()];
  await say(a, b.name, 'a1');
  await b.client.line();
  await say(b, a.name, 'b1', 'b2');
  await a.client.lines(2);
  await say(a, b.name, 'a2');
  await b.client.line();
  a.client.send(`history ${b.name}\n`);
  expect(withoutTimes(await a.client.until('\r\n\r\n'))).toBe(
    [
      `200 ${b.name} 4`,
      `* 1 TIME ${a.name} ${b.name} a1`,
      `* 1 TIME ${b.name} ${a.name} b1`,
      `* 2 TIME ${b.name} ${a.name} b2`,
      `* 2 TIME ${a.name} ${b.name} a2`,
      '',
      '',
    ].join('\r\n'),
  );
  expect(await bodies(b, `history ${a.name}`)).toEqual(['a1', 'b1', 'b2', 'a2']);
});

test('a conversation holds nothing of other conversations', async () => {
  const [a, b, c] = [await people.online(), await people.online(), await people.online()];
  await say(c, a.name, 'from c');
  await a.client.line();
  await say(a, b.name, 'to b');
  await b.client.line();
  expect(await bodies(a, `history ${b.name}`)).toEqual(['to b']);
  expect(await bodies(a, `history ${c.name}`)).toEqual(['from c']);
  expect(await bodies(b, `history ${c.name}`)).toEqual([]);
});

test('a conversation with oneself shows each message once', async () => {
  const a = await people.online();
  await say(a, a.name, 'note');
  await a.client.line();
  expect(await bodies(a, `history ${a.name}`)).toEqual(['note']);
});

test('the newest 50 come unless a limit says more, which is 200 at most, and `before` pages back to the first', async () => {
  const [a, b] = [await people.online(), await people.account()];
  const sent = Array.from({ length: 230 }, (_, index) => `${index + 1}`);
  for (const text of sent) a.client.send(`send ${b} ${text}\n`);
  await a.client.lines(sent.length);
  const reader = { name: b, client: await people.connect() };
  expect(await reader.client.askBlock(`login ${b} ${password}`)).toHaveLength(231);
  const history = `history ${a.name}`;
  expect(await bodies(reader, history)).toEqual(sent.slice(-50));
  expect(await bodies(reader, `${history} 181`)).toEqual(sent.slice(130, 180));
  expect(await bodies(reader, `${history} 181 3`)).toEqual(['178', '179', '180']);
  expect(await bodies(reader, `${history} 231 1000`)).toEqual(sent.slice(-200));
  expect(await bodies(reader, `${history} 31 1000`)).toEqual(sent.slice(0, 30));
  expect(await bodies(reader, `${history} 1`)).toEqual([]);
  expect(await bodies(reader, `${history} 0`)).toEqual([]);
  expect(await bodies(reader, `${history} 999999`)).toEqual(sent.slice(-50));
});

test('a room shows every side, own messages too, and pages back', async () => {
  const [a, b] = [await people.online(), await people.online()];
  await a.client.ask(`room #talk ${b.name}`);
  await say(a, '#talk', '1', '2');
  await b.client.lines(2);
  await say(b, '#talk', '3');
  await a.client.line();
  a.client.send('10 #talk\n');
  expect(withoutTimes(await a.client.until('\r\n\r\n'))).toBe(
    `200 #talk 3\r\n* 1 TIME ${a.name} #talk 1\r\n* 2 TIME ${a.name} #talk 2\r\n* 3 TIME ${b.name} #talk 3\r\n\r\n`,
  );
  expect(await bodies(b, 'history #talk 3 1')).toEqual(['2']);
});

test('history is read without being delivered, and delivered without being lost', async () => {
  const [a, name] = [await people.online(), await people.account()];
  await say(a, name, 'kept');
  const b = { name, client: await people.connect() };
  expect(await b.client.askBlock(`login ${name} ${password}`)).toHaveLength(2);
  expect(await bodies(b, `history ${a.name}`)).toEqual(['kept']);
  expect(await bodies(b, `history ${a.name}`)).toEqual(['kept']);
});

test.each([
  ['history nobody', '404 no account nobody'],
  ['history #nowhere', '404 no room #nowhere'],
  ['history -', '400 a name is 1 to 32 letters, digits, _ . or -, and starts with a letter or digit'],
  ['history #', '400 a room is # and 1 to 254 letters, digits, _ . or -, the first a letter or digit, such as #garden'],
])('%j is refused, as a block', async (request, status) => {
  const { client } = await people.online();
  expect(await client.askBlock(request)).toEqual([status]);
});
