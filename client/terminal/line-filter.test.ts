import { turn } from '../core/fake-clock';
import { connectedScene, type Scene } from '../core/scripted-server';
import { LineFilter } from './line-filter';

interface Run {
  readonly scene: Scene;
  readonly out: string[];
  readonly errors: string[];
  readonly failures: Promise<number>;
}

async function run(lines: readonly string[]): Promise<Run> {
  const scene = await connectedScene();
  const out: string[] = [];
  const errors: string[] = [];
  async function* input(): AsyncGenerator<string> {
    yield* lines;
  }
  const filter = new LineFilter({
    client: scene.client,
    lines: input(),
    print: (line) => out.push(line),
    printError: (line) => errors.push(line),
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

test('a session that is taken over is a failure', async () => {
  const { scene, errors, failures } = await run(['login bob pw', 'ping']);
  await scene.server.latest.say(['200 bob 0', '']);
  await scene.server.latest.say(['! 409 taken over', '200']);
  expect(await failures).toBe(1);
  expect(errors).toEqual(['logged out: taken over by another login']);
});
