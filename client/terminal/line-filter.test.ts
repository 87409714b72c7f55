import type { ClientOptions } from '../core/client';
import { turn } from '../core/fake-clock';
import { MemoryJournals } from '../core/memory-journal';
import { connectedScene, type Scene } from '../core/scripted-server';
import { LineFilter } from './line-filter';
import { notText, type ScriptLine } from './script-lines';

interface Run {
  readonly scene: Scene;
  readonly out: string[];
  readonly errors: string[];
  readonly failures: Promise<number>;
}

async function run(
  lines: Iterable<ScriptLine>,
  options: Partial<ClientOptions> = {},
  room: () => Promise<void> = () => Promise.resolve(),
): Promise<Run> {
  const scene = await connectedScene(undefined, options);
  const out: string[] = [];
  const errors: string[] = [];
  async function* input(): AsyncGenerator<ScriptLine> {
    yield* lines;
  }
  const filter = new LineFilter({
    client: scene.client,
    lines: input(),
    print: (line) => out.push(line),
    printError: (line) => errors.push(line),
    room,
  });
  const failures = filter.run();
  await turn();
  return { scene, out, errors, failures };
}

test('results come in the order of the lines, messages as they come, and the end waits for all', async () => {
  const { scene, out, errors, failures } = await run(['login bob pw', 'list']);
  const { latest } = scene.server;
  expect(latest.lines()).toEqual(['2 bob pw']);
  await latest.say(['200 bob 1', '* 1 1000 alice bob hi', '']);
  expect(latest.lines()).toEqual(['1']);
  await latest.say(['200 1 0', 'bob', '']);
  expect(await failures).toBe(0);
  expect(out).toEqual(['message 1970-01-01T00:00:01.000Z 1 alice bob hi', 'ok login bob 1', 'name bob', 'ok list 1']);
  expect(errors).toEqual([]);
});

test('sends that follow each other do not wait, what follows them does', async () => {
  const { scene, out, failures } = await run(['send a 1', 'send b 2', 'ping']);
  const { latest } = scene.server;
  expect(latest.lines()).toEqual(['3 a key-0 1', '3 b key-1 2']);
  await latest.say(['200 1 live']);
  expect(latest.lines()).toEqual([]);
  await latest.say(['202 1 queued']);
  expect(latest.lines()).toEqual(['18']);
  await latest.say(['200']);
  expect(await failures).toBe(0);
  expect(out).toEqual(['ok send a 1 live', 'ok send b 1 queued', 'ok ping 0 ms']);
});

test('each failure is told with its line and counted, and the lines after it are carried out', async () => {
  const { scene, out, errors, failures } = await run(['sned a 1', '', 'send a 1', 'login', 'ping']);
  await scene.server.latest.say(['404 no account or room a']);
  await scene.server.latest.say(['200']);
  expect(await failures).toBe(3);
  expect(errors).toEqual([
    'line 1: there is no command sned; did you mean send?',
    'line 3: send: 404 no account or room a',
    'line 4: login needs a username: login <username> <password>',
  ]);
  expect(out).toEqual(['ok ping 0 ms']);
});

test('a password that is left out is the next line, a body the lines up to a dot', async () => {
  const { scene, failures } = await run(['login bob', 'pass word', 'send alice', 'one', ' two', '.']);
  const { latest } = scene.server;
  expect(latest.lines()).toEqual(['2 bob pass word']);
  await latest.say(['200 bob 0', '']);
  expect(latest.lines()).toEqual(['3 alice key-0 one\\n two']);
  await latest.say(['200 1 live']);
  expect(await failures).toBe(0);
});

test('an input that ends amid a command is a failure', async () => {
  const { errors, failures } = await run(['login bob']);
  expect(await failures).toBe(1);
  expect(errors).toEqual(['line 1: login: the input ended before it was complete']);
});

test('quit ends it, whatever follows', async () => {
  const { scene, out, failures } = await run(['quit', 'ping']);
  expect(await failures).toBe(0);
  expect(out).toEqual(['ok quit']);
  expect(scene.server.latest.lines()).toEqual([]);
});

test('logout and the deletion of an account end the session, and the lines after them are carried out', async () => {
  const lines = ['login bob pw', 'logout', 'login eve pw', 'delete account', 'pw', 'ping'];
  const { scene, out, failures } = await run(lines);
  const { latest } = scene.server;
  await latest.say(['200 bob 0', '']);
  await latest.say(['200']);
  await latest.say(['200 eve 0', '']);
  expect(latest.lines()).toEqual(['2 bob pw', '8', '2 eve pw', '4 eve pw']);
  await latest.say(['200 eve 0', '']);
  await latest.say(['200']);
  expect(await failures).toBe(0);
  expect(out).toEqual(['ok login bob 0', 'ok logout', 'ok login eve 0', 'ok delete eve 0', 'ok ping 0 ms']);
});

test('before a login delete account means the account of that name', async () => {
  const { scene, failures } = await run(['delete account pw']);
  expect(scene.server.latest.lines()).toEqual(['4 account pw']);
  await scene.server.latest.say(['401 wrong name or password', '']);
  expect(await failures).toBe(1);
});

test('a session that is taken over is a failure', async () => {
  const { scene, errors, failures } = await run(['login bob pw', 'ping']);
  await scene.server.latest.say(['200 bob 0', '']);
  await scene.server.latest.say(['! 409 taken over', '200']);
  expect(await failures).toBe(1);
  expect(errors).toEqual(['logged out: taken over by another login']);
});

test('what an earlier run has left is sent first, told beside the results, and waited for', async () => {
  const journals = new MemoryJournals();
  journals.leave('bob', { key: 'old-1', to: 'alice', body: 'hi' });
  journals.leave('bob', { key: 'old-2', to: 'nobody', body: 'hi' });
  const { scene, out, errors, failures } = await run(['login bob pw'], { journal: journals.open });
  await scene.server.latest.say(['200 bob 0', '']);
  expect(scene.server.latest.lines()).toEqual(['2 bob pw', '3 alice old-1 hi', '3 nobody old-2 hi']);
  await scene.server.latest.say(['202 7 queued']);
  await scene.server.latest.say(['404 no account or room nobody']);
  expect(await failures).toBe(1);
  expect(out).toEqual(['ok login bob 0']);
  expect(errors).toEqual(['resent: alice 7 queued', 'resent: nobody: 404 no account or room nobody']);
});

test('what the server says about its going cannot move the cursor', async () => {
  const { scene, errors } = await run(['login bob pw']);
  await scene.server.latest.say(['200 bob 0', '']);
  await scene.server.latest.drop();
  await scene.server.nextAttempt(scene.clock);
  scene.server.latest.open();
  await scene.server.latest.say(['503 too \x1b[2Jmany']);
  expect(errors).toEqual(['server gone (dropped), retrying', 'server gone (the server says: too many), retrying']);
});

test('a journal that cannot be written is a notice, not a failure', async () => {
  const journals = new MemoryJournals();
  journals.unreadable = 'permission denied';
  const { scene, errors, failures } = await run(['login bob pw'], { journal: journals.open });
  await scene.server.latest.say(['200 bob 0', '']);
  expect(await failures).toBe(0);
  expect(errors).toEqual(['notice: unsent messages would not survive a crash of this client (permission denied)']);
});

test('no line is read while there is no room for what it might bring', async () => {
  let makeRoom = (): void => {};
  const room = new Promise<void>((resolve) => {
    makeRoom = resolve;
  });
  const { out, failures } = await run(['help send'], {}, () => room);
  expect(out).toEqual([]);
  makeRoom();
  expect(await failures).toBe(0);
  expect(out.at(-1)).toBe('ok help');
});

test('the end waits until its reader has taken everything', async () => {
  let makeRoom = (): void => {};
  let room = Promise.resolve();
  const { scene, failures } = await run(['login bob pw', 'send alice hi'], {}, () => room);
  await scene.server.latest.say(['200 bob 0', '']);
  room = new Promise((resolve) => {
    makeRoom = resolve;
  });
  let hasEnded = false;
  void failures.then(() => {
    hasEnded = true;
  });
  await scene.server.latest.say(['200 1 live', '* 1 1000 alice bob hi']);
  await turn();
  expect(hasEnded).toBe(false);
  makeRoom();
  expect(await failures).toBe(0);
});

test('a logout waits until what was printed is taken, and acknowledged in the session', async () => {
  let open = (): void => {};
  let room = Promise.resolve();
  function* lines(): Generator<string> {
    yield 'login bob pw';
    room = new Promise((resolve) => {
      open = resolve;
    });
    yield 'logout';
  }
  const { scene, failures } = await run(lines(), {}, () => room);
  const { latest } = scene.server;
  expect(latest.lines()).toEqual(['2 bob pw']);
  await latest.say(['200 bob 0', '']);
  expect(latest.lines()).toEqual([]);
  open();
  await turn();
  expect(latest.lines()).toEqual(['8']);
  await latest.say(['200']);
  expect(await failures).toBe(0);
});

test('what is not UTF-8 is not sent, and all of a body that holds it is left out', async () => {
  const lines: ScriptLine[] = [notText, 'send a', 'one', notText, 'quit', '.', 'create bob', notText, 'ping'];
  const { scene, errors, failures } = await run(lines);
  const { latest } = scene.server;
  expect(latest.lines()).toEqual(['18']);
  await latest.say(['200']);
  expect(await failures).toBe(3);
  expect(errors).toEqual([
    'line 1: it is not UTF-8',
    'line 2: send: line 4 is not UTF-8',
    'line 7: create: line 8 is not UTF-8',
  ]);
});
