import { turn } from '../core/fake-clock';
import { setScene } from '../core/scripted-server';
import { logIn, seatAt, takeSeat } from './prompt-seat';

test('a login shows who is logged in, what was missed, and the name in the prompt', async () => {
  const seat = await takeSeat();
  await seat.type('login alice pw\r');
  await seat.scene.server.latest.say(['200 alice 2', '* 1 1000 bob alice hi', '* 2 1000 bob alice you', '']);
  const time = seat.shown();
  expect(time.map((each) => each.replace(/^\d\d:\d\d /, ''))).toEqual([
    '✓ logged in as alice',
    '· 2 messages while you were away',
    'bob: hi',
    'bob: you',
  ]);
  expect(seat.line.getPrompt()).toBe('alice> ');
});

test('a message that comes does not disturb the line that is half typed', async () => {
  const seat = await takeSeat();
  await logIn(seat);
  await seat.type('send bob I am wri');
  await seat.scene.server.latest.say(['* 1 1000 bob alice hi']);
  expect(seat.line.line).toBe('send bob I am wri');
  await seat.type('ting\r');
  expect(seat.scene.server.latest.lines()).toEqual(['3 bob key-0 I am writing']);
});

test('a password is asked for when it is left out, and corrected twice for a new account', async () => {
  const seat = await takeSeat([
    { kind: 'password', password: 'pw' },
    { kind: 'password', password: 'a' },
    { kind: 'password', password: 'b' },
  ]);
  await seat.type('login alice\r');
  expect(seat.scene.server.latest.lines()).toEqual(['2 alice pw']);
  await seat.type('create zoe\r');
  expect(seat.scene.server.latest.lines()).toEqual([]);
  expect(seat.shown()).toContain('✗ these two passwords differ');
});

test('a password that is pasted together with its command is taken, and never kept', async () => {
  const seat = await takeSeat();
  await seat.type('login alice\rsecret\rlist\r');
  expect(seat.scene.server.latest.lines()).toEqual(['2 alice secret', '1']);
  expect(seat.history()).toEqual(['login alice']);
});

test('what is pasted before there is a connection waits for it, and is not kept', async () => {
  const scene = setScene();
  const seat = seatAt(scene);
  void scene.client.connect();
  await seat.type('login alice\rsecret\rlist\r');
  await scene.server.latest.greet();
  await turn();
  expect(scene.server.latest.lines()).toEqual(['2 alice secret', '1']);
  expect([seat.shown(), seat.history()]).toEqual([[], []]);
});

test('what is typed before there turns out to be no server is told so', async () => {
  const scene = setScene();
  const seat = seatAt(scene);
  void scene.client.connect({ keepTrying: true });
  await seat.type('list\r');
  await scene.server.latest.drop('gone');
  await turn();
  expect(seat.shown()).toEqual(['✗ no server: gone', '✗ not connected; try again when the server is back']);
});

test('passwords that are pasted together with a new account are taken, and never kept', async () => {
  const seat = await takeSeat();
  await seat.type('create zoe\rsecret\rsecret\rsend bob\rhi\r.\rlist\r');
  expect(seat.scene.server.latest.lines()).toEqual(['0 zoe secret', '3 bob key-0 hi', '1']);
  expect(seat.history()).not.toContain('secret');
});

test('Ctrl-C at a password leaves with 130', async () => {
  const seat = await takeSeat([{ kind: 'interrupted' }]);
  await seat.type('login alice\r');
  expect(seat.exits).toEqual([130]);
});

test('Ctrl-C clears what is typed, then leaves; Ctrl-D leaves', async () => {
  const seat = await takeSeat();
  await seat.type('send bob');
  await seat.type('\x03');
  expect([seat.line.line, seat.exits]).toEqual(['', []]);
  await seat.type('\x03');
  expect(seat.exits).toEqual([0]);
  const other = await takeSeat();
  await other.type('\x04');
  expect(other.exits).toEqual([0]);
});

test('logout ends the client once the server has logged out, and a refused one does not', async () => {
  const seat = await takeSeat();
  const { server } = seat.scene;
  await seat.type('logout\r');
  await server.latest.say(['403 log in first']);
  expect([seat.shown(), seat.exits]).toEqual([['✗ log in first: login <name>'], []]);
  await logIn(seat);
  await seat.type('logout\r');
  expect([server.latest.lines(), seat.exits]).toEqual([['8'], []]);
  await server.latest.say(['200']);
  expect([seat.shown(), seat.exits]).toEqual([['✓ logged out'], [0]]);
});

test.each([
  ['delete account\r', [{ kind: 'password', password: 'pw' }]],
  ['delete\r', [{ kind: 'password', password: 'pw' }]],
  ['Delete Account pw\r', []],
  ['delete ALICE pw\r', []],
] as const)(
  '%j shows what is undelivered, deletes the account that is logged in, and ends the client',
  async (typed, passwords) => {
    const seat = await takeSeat([...passwords]);
    const { server } = seat.scene;
    await logIn(seat);
    await seat.type(typed);
    const [request] = server.latest.lines();
    expect(request?.toLowerCase()).toBe('4 alice pw');
    await server.latest.say(['200 alice 1', '* 1 1000 bob alice hi']);
    expect(seat.exits).toEqual([]);
    await server.latest.say(['']);
    const shown = seat.shown().map((line) => line.replace(/^\d\d:\d\d /, '').toLowerCase());
    expect(shown).toEqual(['· 1 message while you were away', 'bob: hi', '✓ account alice is deleted']);
    expect(seat.exits).toEqual([0]);
  },
);

test('a deletion that is refused does not end the client, nor does one before a login', async () => {
  const seat = await takeSeat();
  const { server } = seat.scene;
  await seat.type('delete bob pw\r');
  await server.latest.say(['200 bob 0', '']);
  await logIn(seat);
  await seat.type('delete account wrong\r');
  await server.latest.say(['401 wrong name or password', '']);
  expect(seat.shown()).toEqual(['✗ wrong name or password']);
  expect(seat.exits).toEqual([]);
});

test('a body of several lines ends with a dot, and Ctrl-C gives it up', async () => {
  const seat = await takeSeat();
  await logIn(seat);
  await seat.type('send bob\rone\r\rlogin x y\r.\r');
  expect(seat.scene.server.latest.lines()).toEqual(['3 bob key-0 one\\n\\nlogin x y']);
  await seat.type('send bob\rnever mind\r');
  await seat.type('\x03');
  await seat.type('ping\r');
  expect(seat.scene.server.latest.lines()).toEqual(['18']);
  expect(seat.exits).toEqual([]);
});
