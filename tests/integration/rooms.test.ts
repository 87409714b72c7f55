/** Rooms: made, joined, left, and what their members hear. */

import { ServerProcess } from '../harness/server-process';
import { bodyOf, expectSilence, People, password, withoutTimes } from './people';

let server: ServerProcess;
const people = new People(() => server);

beforeAll(async () => {
  server = await ServerProcess.start();
});
afterEach(() => people.leave());
afterAll(() => server.stop());

describe.each([
  ['word', { room: 'room', join: 'join', leave: 'leave', members: 'members' }],
  ['opcode', { room: '12', join: '13', leave: '14', members: '15' }],
])('by %s', (_, op) => {
  test('a room is made with members, joined, left and shown', async () => {
    const room = `#${people.name('room')}`;
    const [founder, member, guest] = [await people.online('b'), await people.account('C'), await people.online('a')];
    expect(await founder.client.ask(`${op.room} ${room} ${member}`)).toBe(`201 ${room}`);
    founder.client.send(`${op.members} ${room}\n`);
    expect(await founder.client.until('\r\n\r\n')).toBe(`200 2 0\r\n${founder.name}\r\n${member}\r\n\r\n`);
    expect(await guest.client.ask(`${op.join} ${room}`)).toBe(`200 ${room}`);
    expect(await guest.client.askBlock(`${op.members} ${room}`)).toEqual(['200 3 0', guest.name, founder.name, member]);
    expect(await founder.client.ask(`${op.leave} ${room}`)).toBe(`200 ${room}`);
    expect(await guest.client.askBlock(`${op.members} ${room}`)).toEqual(['200 2 0', guest.name, member]);
  });
});

test('a message to a room reaches every other member, and not its sender', async () => {
  const [one, two, three] = [await people.online(), await people.online(), await people.online()];
  expect(await one.client.ask(`room #all-three ${two.name} ${three.name}`)).toBe('201 #all-three');
  expect(await one.client.ask('send #ALL-three hi all')).toBe('200 1 live');
  expect(withoutTimes(await two.client.until('\r\n'))).toBe(`* 1 TIME ${one.name} #all-three hi all\r\n`);
  expect(withoutTimes(await three.client.until('\r\n'))).toBe(`* 1 TIME ${one.name} #all-three hi all\r\n`);
  await expectSilence(one.client);
});

test('a message to a room where nobody else is connected is queued', async () => {
  const { client } = await people.online();
  const other = await people.account();
  expect(await client.ask('room #alone')).toBe('201 #alone');
  expect(await client.ask('send #alone hi')).toBe('202 1 queued');
  expect(await client.ask(`room #asleep ${other}`)).toBe('201 #asleep');
  expect(await client.ask('send #asleep hi')).toBe('202 1 queued');
});

test('a burst holds the mailbox and the rooms, without own messages', async () => {
  const name = await people.account();
  const { name: from, client } = await people.online();
  expect(await client.ask(`room #mixed ${name}`)).toBe('201 #mixed');
  for (const request of ['send #mixed room 1', `send ${name} direct`, 'send #mixed room 2']) await client.ask(request);
  const reader = await people.connect();
  const [status, ...messages] = await reader.askBlock(`login ${name} ${password}`);
  expect(status).toBe(`200 ${name} 3`);
  expect(messages.map((line) => line.replace(/ \d{13} /, ' TIME '))).toEqual([
    `* 1 TIME ${from} ${name} direct`,
    `* 1 TIME ${from} #mixed room 1`,
    `* 2 TIME ${from} #mixed room 2`,
  ]);
  expect(await reader.ask('send #mixed an answer')).toBe('200 3 live');
  expect(await reader.askBlock('deliver')).toEqual([`200 ${name} 0`]);
});

test('one who joins later reads what comes from then on', async () => {
  const [early, late] = [await people.online(), await people.online()];
  await early.client.ask('room #open');
  await early.client.ask('send #open before');
  expect(await late.client.ask('join #open')).toBe('200 #open');
  expect(await early.client.ask('send #open after')).toBe('200 2 live');
  expect(bodyOf(await late.client.line())).toBe('after');
  expect(await late.client.askBlock('deliver')).toEqual([`200 ${late.name} 0`]);
});

test('one who has left hears no more, and may not send', async () => {
  const [stays, leaves] = [await people.online(), await people.online()];
  await stays.client.ask(`room #left ${leaves.name}`);
  expect(await leaves.client.ask('leave #left')).toBe('200 #left');
  expect(await stays.client.ask('send #left bye')).toBe('202 1 queued');
  expect(await leaves.client.ask('send #left me too')).toBe('403 you are not a member of #left');
  expect(await leaves.client.ask('leave #left')).toBe('403 you are not a member of #left');
  expect(await leaves.client.askBlock('history #left')).toEqual(['403 you are not a member of #left']);
});

test('one who was added is a member at once, on a connection that was there before', async () => {
  const [founder, added] = [await people.online(), await people.online()];
  await founder.client.ask(`room #surprise ${added.name}`);
  expect(await added.client.ask('send #surprise thanks')).toBe('200 1 live');
  expect(bodyOf(await founder.client.line())).toBe('thanks');
});

describe('is refused:', () => {
  test.each([
    ['room #taken', '409 the name #taken is taken'],
    ['room #with nobody', '404 no account nobody'],
    ['room #with -', '400 a name is 1 to 32 letters, digits, _ . or -, and starts with a letter or digit'],
    [
      'room taken',
      '400 a room is # and 1 to 254 letters, digits, _ . or -, the first a letter or digit, such as #garden',
    ],
    [
      `room #${'r'.repeat(255)}`,
      '400 a room is # and 1 to 254 letters, digits, _ . or -, the first a letter or digit, such as #garden',
    ],
    ['join #nowhere', '404 no room #nowhere'],
    [
      'join nowhere',
      '400 a room is # and 1 to 254 letters, digits, _ . or -, the first a letter or digit, such as #garden',
    ],
    ['leave #nowhere', '404 no room #nowhere'],
    ['leave #taken', '403 you are not a member of #taken'],
    ['send #taken hi', '403 you are not a member of #taken'],
  ])('%s', async (request, reply) => {
    const founder = await people.online();
    expect(await founder.client.ask('room #taken')).toMatch(/^(201|409) /);
    const { client } = await people.online();
    expect(await client.ask(request)).toBe(reply);
  });

  test('members of a room that is not there, as a block', async () => {
    const { client } = await people.online();
    expect(await client.askBlock('members #nowhere')).toEqual(['404 no room #nowhere']);
  });

  test('a room with a member that is not there is not made', async () => {
    const { client } = await people.online();
    await client.ask('room #never nobody');
    expect(await client.ask('join #never')).toBe('404 no room #never');
  });
});
