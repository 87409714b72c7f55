import { turn } from './fake-clock';
import { clientLimits } from './limits';
import { connectedScene, loggedInScene, logIn, logOut, type Scene } from './scripted-server';

async function resumeWith({ server, clock }: Scene, lines: readonly string[]): Promise<void> {
  await server.latest.drop();
  await server.nextAttempt(clock);
  await server.latest.greet();
  await server.latest.say(lines);
  server.latest.lines();
}

function messages({ events }: Scene): string[] {
  return events.filter((event) => event.startsWith('message'));
}

describe('acknowledgement', () => {
  test('many messages are acknowledged once for each log, a few milliseconds later', async () => {
    const { server, clock } = await loggedInScene();
    await server.latest.say([
      '* 1 1000 bob alice a',
      '* 2 1001 bob alice b',
      '* 5 1002 bob #garden c',
      '* 3 1003 bob alice d',
    ]);
    expect(server.latest.lines()).toEqual([]);
    await clock.advance(clientLimits.ackDelayMs);
    expect(server.latest.lines()).toEqual(['9 alice 3', '9 #garden 5']);
  });

  test('what was handed out is acknowledged before the session ends', async () => {
    const { server, client, clock } = await loggedInScene();
    await server.latest.say(['* 1 1000 bob alice a']);
    const logout = client.logout();
    await turn();
    expect(server.latest.lines()).toEqual(['9 alice 1', '8']);
    await server.latest.say(['200']);
    await logout;
    await clock.advance(1_000);
    expect(server.latest.lines()).toEqual([]);
  });

  test('the last messages of a deleted account are handed out and not acknowledged', async () => {
    const scene = await loggedInScene();
    const deleted = scene.client.delete('ALICE', 'secret');
    await turn();
    scene.server.latest.lines();
    await scene.server.latest.say(['200 alice 1', '* 1 1000 bob alice last', '']);
    expect(await deleted).toBe(1);
    await scene.clock.advance(1_000);
    expect(scene.server.latest.lines()).toEqual([]);
    expect(scene.client.username).toBeUndefined();
    expect(scene.events).toEqual(['burst 1', 'message alice 1 last']);
  });

  test('nothing is acknowledged while the client is paused, which whoever passes messages on may be for a reader', async () => {
    const { server, client, clock } = await loggedInScene();
    await server.latest.say(['* 1 1000 bob alice a']);
    client.once('message', () => client.pause());
    await server.latest.say(['* 2 1000 bob alice b', '* 3 1000 bob alice c']);
    await clock.advance(1_000);
    expect(server.latest.lines()).toEqual([]);
    client.resume();
    await turn();
    expect(server.latest.lines()).toEqual(['9 alice 3']);
  });

  test('without the capability nothing is acknowledged', async () => {
    const { server, clock } = await loggedInScene('keys');
    await server.latest.say(['* 1 1000 bob alice a']);
    await clock.advance(1_000);
    expect(server.latest.lines()).toEqual([]);
  });

  test('the answer to one that crossed the end of its session is kept from the listeners', async () => {
    const { server, events } = await loggedInScene();
    await server.latest.say(['! 409 taken over', '! 403 log in first', '! 503 closing in 5 s']);
    expect(events).toEqual(['loggedOut taken over by another login', 'notice 503 closing in 5 s']);
  });
});

describe('exactly once', () => {
  test('what was handed out before a reconnect does not come again, and is acknowledged again', async () => {
    const scene = await loggedInScene();
    await scene.server.latest.say(['* 1 1000 bob alice a', '* 2 2000 bob alice b']);
    await scene.server.latest.drop();
    await scene.server.nextAttempt(scene.clock);
    await scene.server.latest.greet();
    await scene.server.latest.say([
      '200 alice 3',
      '* 1 1000 bob alice a',
      '* 2 2000 bob alice b',
      '* 3 3000 bob alice c',
      '',
    ]);
    expect(messages(scene)).toEqual(['message alice 1 a', 'message alice 2 b', 'message alice 3 c']);
    expect(scene.events).toContain('burst 1');
    await scene.clock.advance(clientLimits.ackDelayMs);
    expect(scene.server.latest.lines()).toEqual(['20 alice secret', '9 alice 3']);
  });

  test('a burst of nothing but repetitions is not announced', async () => {
    const scene = await loggedInScene();
    await scene.server.latest.say(['* 1 1000 bob alice a']);
    await resumeWith(scene, ['200 alice 1', '* 1 1000 bob alice a', '']);
    expect(scene.events.filter((event) => event.startsWith('burst'))).toEqual([]);
  });

  test('a log that began anew under its name is handed out', async () => {
    const scene = await loggedInScene();
    await scene.server.latest.say(['* 1 1000 bob alice a', '* 2 2000 bob alice b']);
    await resumeWith(scene, ['200 alice 1', '* 1 9000 bob alice new', '']);
    expect(messages(scene).at(-1)).toBe('message alice 1 new');
  });

  test('what one account has seen is handed out to another one', async () => {
    const scene = await connectedScene();
    for (const name of ['alice', 'bob']) {
      await logIn(scene, name, ['* 1 1000 carol #garden hi']);
      await logOut(scene);
    }
    expect(messages(scene)).toEqual(['message #garden 1 hi', 'message #garden 1 hi']);
  });

  test('what one account has seen is handed out in the deletion of another one', async () => {
    const scene = await loggedInScene();
    await scene.server.latest.say(['* 7 5000 carol #garden hi']);
    await logOut(scene);
    const deleted = scene.client.delete('bob', 'secret');
    await turn();
    await scene.server.latest.say(['200 bob 1', '* 7 5000 carol #garden hi', '']);
    expect(await deleted).toBe(1);
    expect(messages(scene)).toEqual(['message #garden 7 hi', 'message #garden 7 hi']);
  });

  test('what was handed out before another account was logged in does not come again', async () => {
    const scene = await loggedInScene();
    await scene.server.latest.say(['* 1 1000 bob alice a']);
    await scene.server.latest.drop();
    await scene.client.logout();
    await scene.server.nextAttempt(scene.clock);
    await scene.server.latest.greet();
    await logIn(scene, 'carol', []);
    await logOut(scene);
    await logIn(scene, 'alice', ['* 1 1000 bob alice a']);
    expect(messages(scene)).toEqual(['message alice 1 a']);
  });

  test('an account that is deleted and made again is handed what its clock says is older', async () => {
    const scene = await loggedInScene();
    await scene.server.latest.say(['* 5 2000 bob alice old']);
    const deleted = scene.client.delete('alice', 'secret');
    await turn();
    await scene.server.latest.say(['200 alice 0', '']);
    await deleted;
    await logIn(scene, 'alice', ['* 1 1500 bob alice new']);
    expect(messages(scene)).toEqual(['message alice 5 old', 'message alice 1 new']);
  });
});

describe('what a screen has shown already', () => {
  const seen = [
    { log: 'Alice', seq: 2, at: 2000 },
    { log: '#garden', seq: 7, at: 5000 },
  ];

  test('does not come again to a program that was restarted, and is acknowledged', async () => {
    const scene = await connectedScene(undefined, { seen });
    await logIn(scene, 'alice', ['* 2 2000 bob alice b', '* 3 3000 bob alice c', '* 7 5000 bob #garden x']);
    expect(messages(scene)).toEqual(['message alice 3 c']);
    await scene.clock.advance(clientLimits.ackDelayMs);
    expect(scene.server.latest.lines()).toEqual(['2 alice secret', '9 alice 3', '9 #garden 7']);
  });

  test('does not count for a log that began anew, nor for another account', async () => {
    const scene = await connectedScene(undefined, { seen });
    await logIn(scene, 'alice', ['* 1 9000 bob alice new']);
    await logOut(scene);
    await logIn(scene, 'carol', ['* 7 5000 bob #garden x']);
    expect(messages(scene)).toEqual(['message alice 1 new', 'message #garden 7 x']);
    expect(scene.client.seen).toEqual([{ log: '#garden', seq: 7, at: 5000 }]);
  });

  test('counts for the first login, and not for an account that is deleted before', async () => {
    const scene = await connectedScene(undefined, { seen });
    const deleted = scene.client.delete('bob', 'secret');
    await turn();
    await scene.server.latest.say(['200 bob 1', '* 6 4000 carol #garden for bob', '']);
    expect(await deleted).toBe(1);
    await logIn(scene, 'alice', ['* 7 5000 bob #garden x', '* 8 6000 bob #garden y']);
    expect(messages(scene)).toEqual(['message #garden 6 for bob', 'message #garden 8 y']);
  });

  test('can be read at any time, and includes the message that is just handed out', async () => {
    const scene = await connectedScene(undefined, { seen: seen.slice(1) });
    expect(scene.client.seen).toEqual(seen.slice(1));
    const marks: string[] = [];
    scene.client.on('message', () => marks.push(scene.client.seen.map(({ log, seq }) => `${log} ${seq}`).join()));
    await logIn(scene, 'alice', ['* 1 9000 bob alice a', '* 8 9001 bob #garden b']);
    expect(marks).toEqual(['#garden 7,alice 1', '#garden 8,alice 1']);
    expect(scene.client.seen).toContainEqual({ log: 'alice', seq: 1, at: 9000 });
  });
});

test('a burst is announced before its first message, live messages are not', async () => {
  const scene = await connectedScene();
  const login = scene.client.login('alice', 'secret');
  await turn();
  await scene.server.latest.say([
    '200 alice 2',
    '* 1 1000 bob alice a',
    '* 2 1000 bob alice b',
    '',
    '* 3 1000 bob alice c',
  ]);
  await login;
  expect(scene.events).toEqual([
    'loggedIn alice 2 false',
    'burst 2',
    'message alice 1 a',
    'message alice 2 b',
    'message alice 3 c',
  ]);
});

test('a receipt tells who has which message', async () => {
  const { server, events } = await loggedInScene();
  await server.latest.say(['! 250 bob 18']);
  expect(events).toEqual(['receipt bob 18']);
});
