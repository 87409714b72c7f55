/** Who is there: `list` with patterns and pages, `who`, over more accounts than one reply holds. */

import { ServerProcess } from '../harness/server-process';
import { People } from './people';

let server: ServerProcess;
const people = new People(() => server);

const accountCount = 1_103;
const connectionCount = 8;
/** In the order of their keys, though not of their letters. */
const names = Array.from({ length: accountCount }, (_, index) => {
  const number = String(index).padStart(4, '0');
  return index % 2 === 0 ? `Crowd${number}` : `crowd${number}`;
});

async function createSome(part: number): Promise<void> {
  const client = await people.connect();
  const own = names.filter((_, index) => index % connectionCount === part);
  client.send(own.map((name) => `0 ${name} pw\n`).join(''));
  expect(await client.lines(own.length)).toEqual(own.map((name) => `201 ${name}`));
}

beforeAll(async () => {
  server = await ServerProcess.start();
  await Promise.all(Array.from({ length: connectionCount }, (_, part) => createSome(part)));
  // Threads that hash have the lowest priority: beside other tests so many passwords may take minutes.
}, 900_000);
afterEach(() => people.leave());
afterAll(() => server.stop());

describe('list', () => {
  test.each(['list', '1', 'list ', 'list *', 'list crowd', '1 CROWD', 'list c*d*', 'list crowd????'])(
    '%j gives the first thousand names in the order of their keys, and says that there are more',
    async (request) => {
      const client = await people.connect();
      await client.ask('ping');
      const [status, ...listed] = await client.askBlock(request);
      expect(status).toBe('200 1000 1');
      expect(listed).toEqual(names.slice(0, 1_000));
    },
  );

  test('pages on after a name, in any case, until there are no more', async () => {
    const client = await people.connect();
    const [status, ...listed] = await client.askBlock(`list crowd ${names[999]?.toUpperCase()}`);
    expect(status).toBe(`200 ${accountCount - 1_000} 0`);
    expect(listed).toEqual(names.slice(1_000));
    expect(await client.askBlock(`list * ${names.at(-1)}`)).toEqual(['200 0 0']);
    expect(await client.askBlock('list * crowd1100zzz')).toEqual(['200 2 0', ...names.slice(-2)]);
  });

  test('of exactly a thousand says that there are no more', async () => {
    const client = await people.connect();
    const [status, ...listed] = await client.askBlock(`list crowd ${names[accountCount - 1_001]}`);
    expect(status).toBe('200 1000 0');
    expect(listed).toEqual(names.slice(-1_000));
  });

  test.each([
    ['a part of the name', 'list wd110', ['Crowd1100', 'crowd1101', 'Crowd1102']],
    ['a part in other case', 'list ROWD0007', ['crowd0007']],
    ['a whole-name pattern with *', 'list c*0999', ['crowd0999']],
    [
      'a whole-name pattern with ?',
      'list crowd01?5 crowd0150',
      ['crowd0155', 'crowd0165', 'crowd0175', 'crowd0185', 'crowd0195'],
    ],
    ['a pattern that would match a part only', 'list rowd0?', []],
    ['an underscore, which is no wildcard', 'list crowd000_', []],
    ['a percent sign, which is none either', 'list %', []],
    ['a bracket, which is none either', 'list crowd000[12]', []],
    ['nothing that there is', 'list zzz', []],
  ])('takes %s', async (_, request, expected) => {
    const client = await people.connect();
    await client.ask('ping');
    expect(await client.askBlock(request)).toEqual([`200 ${expected.length} 0`, ...expected]);
  });
});

describe('who', () => {
  test('gives the names that are online in the order of their keys, and follows logins and logouts', async () => {
    const clients = [];
    for (const name of ['crowd0003', 'Crowd0002', 'Crowd0100']) {
      const client = await people.connect();
      expect(await client.askBlock(`login ${name} pw`)).toEqual([`200 ${name} 0`]);
      clients.push(client);
    }
    const [first, second] = clients;
    expect(await first?.askBlock('who')).toEqual(['200 3 0', 'Crowd0002', 'crowd0003', 'Crowd0100']);
    expect(await first?.askBlock('11 00?0')).toEqual(['200 0 0']);
    expect(await first?.askBlock('11 *00?')).toEqual(['200 2 0', 'Crowd0002', 'crowd0003']);
    expect(await second?.ask('logout')).toBe('200');
    expect(await first?.askBlock('who crowd')).toEqual(['200 2 0', 'crowd0003', 'Crowd0100']);
  });
});
