import { RequestLost } from './failures';
import { turn } from './fake-clock';
import { clientLimits } from './limits';
import { connectedScene, loggedInScene, type Scene, setScene } from './scripted-server';

/** Drops the connection and greets the next one. */
async function reconnect({ server, clock }: Scene, granted?: string): Promise<void> {
  await server.latest.drop();
  await server.nextAttempt(clock);
  await server.latest.greet(granted);
}

describe('backoff', () => {
  test('the delay is drawn below a bound that doubles up to its maximum', async () => {
    const { server, client, clock, events } = setScene(0.999);
    void client.connect({ keepTrying: true });
    for (let attempt = 0; attempt < 9; attempt += 1) {
      await server.latest.drop('gone');
      await server.nextAttempt(clock);
    }
    expect(events.map((event) => Number(event.split(' ')[1]))).toEqual([
      499, 999, 1998, 3996, 7992, 15984, 29970, 29970, 29970,
    ]);
  });

  test('the next attempt does not come before its time', async () => {
    const { server, clock } = await loggedInScene();
    await server.latest.drop();
    await clock.advance(249);
    expect(server.connections).toHaveLength(1);
    await clock.advance(1);
    expect(server.connections).toHaveLength(2);
  });

  test('a connection that held begins anew with the shortest delay, one that did not goes on', async () => {
    const scene = await connectedScene();
    const { server, clock, events } = scene;
    await reconnect(scene);
    await reconnect(scene);
    await clock.advance(clientLimits.steadyMs);
    await server.latest.drop();
    expect(events.filter((event) => event.startsWith('offline'))).toEqual([
      'offline 250 dropped',
      'offline 500 dropped',
      'offline 250 dropped',
    ]);
  });
});

describe('the session', () => {
  test('it is taken over after a reconnect, and only then requests are answered', async () => {
    const scene = await loggedInScene();
    await reconnect(scene);
    expect(scene.server.latest.lines()).toEqual(['20 alice secret']);
    expect(scene.client.connected).toBe(false);
    await scene.server.latest.say(['200 alice 0', '']);
    expect(scene.client.connected).toBe(true);
    expect(scene.events).toEqual(['offline 250 dropped', 'loggedIn alice 0 true', 'online true']);
  });

  test('a client that was taken over does not fight back', async () => {
    const scene = await loggedInScene();
    await scene.server.latest.say(['! 409 taken over']);
    expect(scene.client.username).toBeUndefined();
    await reconnect(scene);
    expect(scene.server.latest.lines()).toEqual([]);
    expect(scene.events).toEqual(['loggedOut taken over by another login', 'offline 250 dropped', 'online true']);
  });

  test('a password that no longer fits ends it, and what was kept for it is rejected', async () => {
    const scene = await loggedInScene();
    await scene.server.latest.drop();
    const send = expect(scene.client.send('bob', 'hi')).rejects.toMatchObject({ reason: 'logged_out' });
    await scene.server.nextAttempt(scene.clock);
    await scene.server.latest.greet();
    await scene.server.latest.say(['401 wrong name or password', '']);
    await send;
    expect(scene.events.slice(1)).toEqual(['loggedOut the name or password no longer fits', 'online true']);
  });

  test('a server that is too busy to resume it is asked again later', async () => {
    const scene = await loggedInScene();
    await reconnect(scene);
    await scene.server.latest.say(['429 too many logins in progress, wait 5 s', '']);
    expect(scene.server.latest.isClosedByClient).toBe(true);
    await scene.server.nextAttempt(scene.clock);
    await scene.server.latest.greet();
    expect(scene.server.latest.lines()).toEqual(['20 alice secret']);
  });

  test('it is resumed with the password that was set last', async () => {
    const scene = await loggedInScene();
    const changed = scene.client.passwd('secret', 'better');
    await turn();
    await scene.server.latest.say(['200']);
    await changed;
    await reconnect(scene);
    expect(scene.server.latest.lines()).toEqual(['20 alice better']);
  });

  test('after a logout or a deletion nothing is resumed', async () => {
    for (const [end, reply] of [
      [(scene: Scene) => scene.client.logout(), ['200']],
      [(scene: Scene) => scene.client.delete('alice', 'secret'), ['200 alice 0', '']],
    ] as const) {
      const scene = await loggedInScene();
      const ended = end(scene);
      await turn();
      await scene.server.latest.say(reply);
      await ended;
      await reconnect(scene);
      expect(scene.server.latest.lines()).toEqual([]);
    }
  });

  test('a logout while it is being resumed ends it', async () => {
    const { server, clock, client, events } = await loggedInScene();
    await server.latest.drop();
    await server.nextAttempt(clock);
    await server.latest.greet();
    expect(server.latest.lines()).toEqual(['20 alice secret']);
    await client.logout();
    expect(server.latest.isClosedByClient).toBe(true);
    await server.latest.say(['200 alice 0', '']);
    await server.nextAttempt(clock);
    await server.latest.greet();
    expect(server.latest.lines()).toEqual([]);
    expect(client.username).toBeUndefined();
    expect(events.filter((event) => event.startsWith('loggedIn'))).toEqual([]);
  });

  test('of a server that does not say whose it is belongs to who logged in', async () => {
    const { server, clock, client } = await connectedScene();
    const login = client.login('alice', 'secret');
    await turn();
    await server.latest.say(['200', '']);
    expect(await login).toEqual({ username: 'alice', undelivered: 0 });
    await server.latest.drop();
    await server.nextAttempt(clock);
    await server.latest.greet();
    expect(server.latest.lines()).toEqual(['20 alice secret']);
  });

  test('a login whose connection goes amid its messages has succeeded, and the others come later', async () => {
    const scene = await connectedScene();
    const login = scene.client.login('alice', 'secret');
    await turn();
    await scene.server.latest.say(['200 alice 2', '* 1 1000 bob alice one']);
    await reconnect(scene);
    expect(await login).toEqual({ username: 'alice', undelivered: 2 });
    await scene.server.latest.say(['200 alice 2', '* 1 1000 bob alice one', '* 2 2000 bob alice two', '']);
    expect(scene.events.filter((event) => event.startsWith('message'))).toEqual([
      'message alice 1 one',
      'message alice 2 two',
    ]);
  });
});

describe('sends', () => {
  test('without an answer they are repeated under the same key, in order, until they have one', async () => {
    const scene = await loggedInScene();
    const answers = Promise.all([scene.client.send('bob', 'one'), scene.client.send('bob', 'two')]);
    await turn();
    await scene.server.latest.say(['200 1 live']);
    await reconnect(scene);
    await scene.server.latest.say(['200 alice 0', '']);
    expect(scene.server.latest.lines()).toEqual(['20 alice secret', '3 bob key-1 two']);
    await reconnect(scene);
    await scene.server.latest.say(['200 alice 0', '']);
    expect(scene.server.latest.lines()).toEqual(['20 alice secret', '3 bob key-1 two']);
    await scene.server.latest.say(['202 2 queued']);
    expect(await answers).toEqual([
      { seq: 1, live: true },
      { seq: 2, live: false },
    ]);
  });

  test('while there is no connection they are kept', async () => {
    const scene = await loggedInScene();
    await scene.server.latest.drop();
    const send = scene.client.send('bob', 'later');
    await expect(scene.client.ping()).rejects.toThrow(new RequestLost('offline'));
    await scene.server.nextAttempt(scene.clock);
    await scene.server.latest.greet();
    await scene.server.latest.say(['200 alice 0', '']);
    expect(scene.server.latest.lines()).toContain('3 bob key-0 later');
    await scene.server.latest.say(['200 9 live']);
    expect(await send).toEqual({ seq: 9, live: true });
  });

  test('without keys a send whose fate is unknown is rejected, and one that was never written is kept', async () => {
    const scene = await loggedInScene('');
    const unknown = expect(scene.client.send('bob', 'one')).rejects.toThrow('may have arrived, or not');
    await turn();
    expect(scene.server.latest.lines()).toEqual(['3 bob one']);
    await scene.server.latest.drop();
    await unknown;
    const kept = scene.client.send('bob', 'two');
    await scene.server.nextAttempt(scene.clock);
    await scene.server.latest.greet('');
    await scene.server.latest.say(['200 alice 0', '']);
    expect(scene.server.latest.lines()).toEqual(['20 alice secret', '3 bob two']);
    await scene.server.latest.say(['200 1 live']);
    expect((await kept).seq).toBe(1);
  });

  test('other requests are rejected when the connection goes', async () => {
    const { server, client } = await loggedInScene();
    const ping = expect(client.ping()).rejects.toThrow(new RequestLost('disconnected'));
    const random = expect(client.random('hi')).rejects.toThrow(new RequestLost('disconnected'));
    await turn();
    await server.latest.drop();
    await ping;
    await random;
  });

  test('nobody logged in and no connection: a send is rejected at once', async () => {
    const { server, client } = await connectedScene();
    await server.latest.drop();
    await expect(client.send('bob', 'hi')).rejects.toThrow(new RequestLost('offline'));
  });
});

describe('a dead connection', () => {
  test('is noticed by a ping without an answer, and replaced', async () => {
    const scene = await loggedInScene();
    await scene.clock.advance(2 * clientLimits.idleMs);
    expect(scene.server.latest.lines()).toEqual(['18']);
    await scene.clock.advance(clientLimits.pongMsMax + clientLimits.wakeMs);
    expect(scene.server.connections[0]?.isClosedByClient).toBe(true);
    expect(scene.events).toEqual(['offline 250 the server does not answer']);
    await scene.clock.advance(clientLimits.retryMsFirst);
    expect(scene.server.connections).toHaveLength(2);
  });

  test('is not suspected while the server says anything', async () => {
    const scene = await loggedInScene();
    for (let round = 0; round < 10; round += 1) {
      await scene.clock.advance(clientLimits.idleMs - 1);
      await scene.server.latest.say([`* ${round + 1} 1000 bob alice hi`]);
    }
    expect(scene.server.latest.lines().filter((line) => line === '18')).toEqual([]);
  });

  test('is not suspected by a process that slept and finds the answer when it wakes', async () => {
    const scene = await loggedInScene();
    await scene.clock.advance(2 * clientLimits.idleMs + clientLimits.pongMsMax);
    await scene.server.latest.say(['200']);
    await scene.clock.advance(clientLimits.wakeMs);
    expect(scene.server.connections).toHaveLength(1);
  });
});

describe('a client that reads no more', () => {
  test('does not take the silence for a dead connection', async () => {
    const { server, client, clock } = await loggedInScene();
    client.pause();
    expect(server.latest.isPaused).toBe(true);
    await clock.advance(10 * clientLimits.idleMs);
    expect(server.connections).toHaveLength(1);
    client.resume();
    expect(server.latest.isPaused).toBe(false);
    await clock.advance(2 * clientLimits.idleMs + clientLimits.pongMsMax + clientLimits.wakeMs);
    expect(server.connections[0]?.isClosedByClient).toBe(true);
  });

  test('does not read after a reconnect either, once it was greeted', async () => {
    const scene = await loggedInScene();
    scene.client.pause();
    await scene.server.latest.drop();
    await scene.server.nextAttempt(scene.clock);
    expect(scene.server.latest.isPaused).toBe(false);
    await scene.server.latest.greet();
    expect(scene.server.latest.isPaused).toBe(true);
    scene.client.resume();
    expect(scene.server.latest.isPaused).toBe(false);
  });
});
