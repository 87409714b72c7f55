import * as readline from 'node:readline';
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import type { ClientOptions } from '../core/client';
import { turn } from '../core/fake-clock';
import { MemoryJournals } from '../core/memory-journal';
import { connectedScene, type Scene, setScene } from '../core/scripted-server';
import { noColours } from './colours';
import { mayBeKept } from './history';
import type { TypedPassword } from './password';
import { Prompt } from './prompt';
import { Screen } from './screen';
import { ScreenText } from './screen-text';
import { SeenNames } from './seen-names';

interface Seat {
  readonly scene: Scene;
  readonly line: readline.Interface;
  readonly exits: number[];
  readonly history: () => readonly string[];
  type(keys: string): Promise<void>;
  /** What was said since the last call, line by line, without what was typed. */
  shown(): string[];
}

/** What a terminal can do that a stream cannot, when nothing is wrapped. */
class FakeTerminal extends PassThrough {
  columns = 80;
  /** Too low for anything to be written again in its place. */
  rows = 1;
  text = '';

  moveCursor(): boolean {
    return true;
  }
  cursorTo(): boolean {
    this.text += '\n';
    return true;
  }
  clearScreenDown(): boolean {
    return true;
  }
}

async function takeSeat(passwords: TypedPassword[] = [], options: Partial<ClientOptions> = {}): Promise<Seat> {
  return seatAt(await connectedScene(undefined, options), passwords);
}

function seatAt(scene: Scene, passwords: TypedPassword[] = []): Seat {
  const input = new PassThrough();
  const output = new FakeTerminal();
  output.on('data', (chunk) => {
    output.text += stripVTControlCharacters(String(chunk));
  });
  const line = readline.createInterface({ input, output, terminal: true });
  let kept: readonly string[] = [];
  const exits: number[] = [];
  const prompt = new Prompt({
    client: scene.client,
    line,
    screen: new Screen(line, output as unknown as NodeJS.WriteStream),
    text: new ScreenText({ colours: noColours, now: () => new Date(1_000), columns: () => 80 }),
    seen: new SeenNames(),
    askPassword: () => passwords.shift() ?? { kind: 'interrupted' },
    notReached: (reason) => `no server: ${reason}`,
    nextTurn: (task) => void setImmediate(task),
    clock: scene.clock,
    leave: (exitCode) => exits.push(exitCode),
  });
  line.on('history', (history: string[]) => {
    if (history[0] !== undefined && (prompt.isAsking || !mayBeKept(history[0]))) history.shift();
    kept = history;
  });
  return {
    scene,
    line,
    exits,
    history: () => kept,
    async type(keys) {
      input.write(keys);
      await turn();
      await turn();
      await turn();
    },
    shown() {
      const lines = output.text.split(/[\r\n]+/).filter((each) => /^([…✓✗·]|\d\d)/.test(each));
      output.text = '';
      return lines;
    },
  };
}

async function logIn(seat: Seat): Promise<void> {
  await seat.type('login alice pw\r');
  await seat.scene.server.latest.say(['200 alice 0', '']);
  seat.scene.server.latest.lines();
  seat.shown();
}

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

test('what becomes of a message is told: stored for somebody who is away, and delivered when it is', async () => {
  const seat = await takeSeat();
  const { server, clock } = seat.scene;
  await logIn(seat);
  await seat.type('send bob one\rsend bob two\rsend carol live\r');
  await server.latest.say(['202 1 queued', '202 2 queued', '200 1 live', '! 250 carol 1']);
  await clock.advance(50);
  expect(seat.shown()).toEqual(['✓ bob (2 messages) – away', '✓✓ carol']);
  await server.latest.say(['! 250 bob 1', '! 250 bob 2']);
  await clock.advance(50);
  expect(seat.shown()).toEqual(['✓✓ bob (2 messages)']);
});

test('a message drawn for somebody is followed to them, and a refusal says why', async () => {
  const seat = await takeSeat();
  const { server, clock } = seat.scene;
  await logIn(seat);
  await seat.type('random hello\rsend nobody hi\r');
  await server.latest.say(['200 4 dave', '404 no account or room nobody', '! 250 dave 4']);
  await clock.advance(200);
  expect(seat.shown()).toEqual(['✗ no account or room nobody', '✓✓ dave']);
});

test('a server that goes and comes back is told of once, and what is sent meanwhile is kept', async () => {
  const seat = await takeSeat();
  const { server, clock } = seat.scene;
  await logIn(seat);
  // The scene was online before the prompt was there to hear of it.
  await server.latest.drop('gone');
  await server.nextAttempt(clock);
  await server.latest.drop('gone');
  await seat.type('send bob later\r');
  await server.nextAttempt(clock);
  await server.latest.greet();
  await server.latest.say(['200 alice 0', '']);
  await server.latest.say(['202 3 queued']);
  await clock.advance(50);
  expect(seat.shown()).toEqual([
    '✗ no server: gone',
    '… bob – kept until the server is back',
    '· back',
    '✓ bob – away',
  ]);
  await server.latest.drop('gone again');
  expect(seat.shown()).toEqual(['· server gone, retrying (gone again)']);
  expect(seat.line.getPrompt()).toBe('alice (offline)> ');
});

test('what an earlier session has left is told with its text, and followed to its recipient', async () => {
  const journals = new MemoryJournals();
  journals.leave('alice', { key: 'old-1', to: 'bob', body: `hi\n${'x'.repeat(60)}` });
  journals.leave('alice', { key: 'old-2', to: 'nobody', body: 'you' });
  const seat = await takeSeat([], { journal: journals.open });
  const { server, clock } = seat.scene;
  await seat.type('login alice pw\r');
  await server.latest.say(['200 alice 0', '']);
  await server.latest.say(['202 9 queued', '404 no account or room nobody', '! 250 bob 9']);
  await clock.advance(50);
  expect(seat.shown()).toEqual([
    '✓ logged in as alice',
    `✓ bob: hi ${'x'.repeat(37)}… (kept from before)`,
    '✗ nobody: you (kept from before): no account or room nobody',
    '✓✓ bob',
  ]);
});

test('a journal that cannot be written is told once, and a message that is left in one is no failure', async () => {
  const journals = new MemoryJournals();
  const seat = await takeSeat([], { journal: journals.open });
  await logIn(seat);
  await seat.scene.server.latest.drop('gone');
  await seat.type('send bob kept\r');
  journals.unwritable = 'no space left';
  await seat.type('send bob lost\rsend bob lost too\r');
  await seat.scene.client.close();
  await turn();
  expect(seat.shown().filter((line) => !line.startsWith('…'))).toEqual([
    '✗ no server: gone',
    '✗ unsent messages would not survive a crash of this client (no space left)',
    '· the client was closed; the message is kept, and sent at the next login',
    '✗ the client was closed',
    '✗ the client was closed',
  ]);
});
