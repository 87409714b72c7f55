import { RequestFailure, RequestLost } from './failures';
import { turn } from './fake-clock';
import { clientLimits } from './limits';
import { connectedScene, loggedInScene, setScene } from './scripted-server';

describe('connecting', () => {
  test('hello is the first request, and what it grants is known', async () => {
    const { server, client } = setScene();
    const connected = client.connect();
    server.latest.open();
    await turn();
    expect(server.latest.lines()).toEqual(['7 2 ack keys receipts client=chateau/1.0']);
    await server.latest.say(['200 chateau/1.0 ack keys body=65536']);
    await connected;
    expect(client.agreement).toEqual({ server: 'chateau/1.0', granted: new Set(['ack', 'keys']) });
  });

  test('a client may say another name than that of this library', async () => {
    const { server, client } = setScene(undefined, { clientName: 'robot/2.1', device: 'desk' });
    void client.connect();
    server.latest.open();
    await turn();
    expect(server.latest.lines()).toEqual(['7 2 ack keys receipts client=robot/2.1 device=desk']);
  });

  test('the first attempt that fails rejects, and is the last', async () => {
    const { server, client, clock, events } = setScene();
    const connected = client.connect();
    await Promise.all([
      expect(connected).rejects.toThrow('nothing listens there'),
      server.latest.drop('nothing listens there'),
    ]);
    await clock.advance(3_600_000);
    expect(server.connections).toHaveLength(1);
    expect(events).toEqual(['offline undefined nothing listens there']);
  });

  test('with keepTrying it goes on until a server answers', async () => {
    const { server, client, clock } = setScene();
    const connected = client.connect({ keepTrying: true });
    await server.latest.drop();
    await clock.advance(clientLimits.retryMsFirst);
    await server.latest.drop();
    await clock.advance(2 * clientLimits.retryMsFirst);
    await server.latest.greet();
    await connected;
    expect(server.connections).toHaveLength(3);
  });

  test('a server that takes the connection and says nothing is given up', async () => {
    const { server, client, clock } = setScene();
    const connected = expect(client.connect()).rejects.toThrow('does not answer');
    server.latest.open();
    await clock.advance(clientLimits.greetingMsMax);
    await connected;
    expect(server.latest.isClosedByClient).toBe(true);
  });

  test('a server that refuses hello for its version is used with nothing granted', async () => {
    const { server, client } = setScene();
    const connected = client.connect();
    server.latest.open();
    await turn();
    await server.latest.say(['505 version 2 is not spoken here']);
    await connected;
    expect(client.agreement?.granted.size).toBe(0);
  });

  test('a server that has no room is tried again later', async () => {
    const { server, client, events } = setScene();
    void client.connect({ keepTrying: true });
    server.latest.open();
    await turn();
    await server.latest.say(['503 too many connections']);
    expect(events).toEqual(['offline 250 the server says: too many connections']);
  });
});

describe('requests', () => {
  test('requests of one turn leave in one write, and are answered in order', async () => {
    const { server, client } = await loggedInScene();
    const before = server.latest.writes.length;
    const answers = Promise.all([client.send('bob', 'one'), client.ping(), client.send('bob', 'two')]);
    await turn();
    expect(server.latest.writes.slice(before)).toEqual(['3 bob key-0 one\n18\n3 bob key-1 two\n']);
    await server.latest.say(['200 4 live', '200', '202 5 queued']);
    expect(await answers).toEqual([{ seq: 4, live: true }, 0, { seq: 5, live: false }]);
  });

  test('a refusal rejects with the status and the sentence of the server', async () => {
    const { server, client } = await loggedInScene();
    const failure = client.send('nobody', 'hi').catch((error: unknown) => error);
    await turn();
    await server.latest.say(['404 no account or room nobody']);
    expect(await failure).toEqual(new RequestFailure(404, 'no account or room nobody'));
  });

  test('a block with items, a page of names and a history come as values', async () => {
    const { server, client } = await loggedInScene();
    const answers = Promise.all([client.list('a*'), client.members('#garden'), client.history('bob')]);
    await turn();
    expect(server.latest.lines()).toEqual(['1 a*', '15 #garden', '10 bob']);
    await server.latest.say([
      '200 2 1',
      'alice',
      'anna',
      '',
      '200 1 0',
      'alice',
      '',
      '200 bob 1',
      '* 7 1000 bob alice hi\\nyou',
      '',
    ]);
    expect(await answers).toEqual([
      { names: ['alice', 'anna'], more: true },
      ['alice'],
      [{ to: 'alice', seq: 7, at: new Date(1000), from: 'bob', body: 'hi\nyou' }],
    ]);
  });

  test('a failure that is a block does not stop the replies after it', async () => {
    const { server, client } = await connectedScene();
    const history = expect(client.history('bob')).rejects.toThrow('log in first');
    const ping = client.ping();
    await turn();
    await server.latest.say(['403 log in first', '', '200']);
    await history;
    expect(await ping).toBe(0);
  });

  test('whatever is said is understood when it comes byte by byte', async () => {
    const { server, client, events } = await connectedScene();
    const login = client.login('ALICE', 'secret');
    const list = client.list();
    await turn();
    await server.latest.say(
      ['200 alice 1', '* 1 1000 bob alice grüß\\ndich', '', '200 1 0', 'alice', '', '* 2 2000 bob alice live'],
      true,
    );
    expect(await login).toEqual({ username: 'alice', undelivered: 1 });
    expect((await list).names).toEqual(['alice']);
    expect(events).toEqual(['loggedIn alice 1 false', 'burst 1', 'message alice 1 grüß\ndich', 'message alice 2 live']);
  });

  test('what cannot be written is refused here and costs nothing', async () => {
    const { server, client } = await loggedInScene();
    await expect(client.send('bob', '')).rejects.toMatchObject({ status: 400 });
    await expect(client.send('b ob', 'hi')).rejects.toMatchObject({ status: 400 });
    await expect(client.send('bob', 'x'.repeat(65_537))).rejects.toMatchObject({ status: 413 });
    await expect(client.send('bob', '\\'.repeat(32_769))).rejects.toMatchObject({ status: 413 });
    await expect(client.join('#a\nb')).rejects.toMatchObject({ status: 400 });
    expect(server.latest.lines()).toEqual([]);
  });

  test('the number of requests without an answer is bounded', async () => {
    const { client } = await loggedInScene();
    const sends = Array.from({ length: clientLimits.outstandingRequestsMax }, () => client.send('bob', 'x'));
    for (const send of sends) send.catch(() => {});
    await expect(client.send('bob', 'one more')).rejects.toMatchObject({ reason: 'full' });
    await expect(client.ping()).rejects.toMatchObject({ reason: 'full' });
  });

  test('a server that does not speak cmap is left', async () => {
    const { server, events } = await connectedScene();
    await server.latest.say(['SSH-2.0-OpenSSH_9.2']);
    expect(server.latest.isClosedByClient).toBe(true);
    expect(events).toEqual(['offline 250 the server answered what was not asked']);
  });
});

describe('closing', () => {
  test('it says quit behind what is asked, and waits for the answers', async () => {
    const { server, client } = await loggedInScene();
    const send = client.send('bob', 'bye');
    const closed = client.close();
    await turn();
    expect(server.latest.lines()).toEqual(['3 bob key-0 bye', '19']);
    await server.latest.say(['200 1 live', '200']);
    expect(await send).toEqual({ seq: 1, live: true });
    await closed;
    expect(server.latest.isClosedByClient).toBe(true);
    await expect(client.ping()).rejects.toThrow(new RequestLost('closed'));
  });

  test('a server that does not answer quit does not hold it up', async () => {
    const { client, clock } = await loggedInScene();
    const closed = client.close();
    await clock.advance(clientLimits.closeMsMax);
    await closed;
  });

  test('it ends the waiting for a server that is away', async () => {
    const { server, client, clock } = await loggedInScene();
    await server.latest.drop();
    const send = expect(client.send('bob', 'hi')).rejects.toMatchObject({ reason: 'closed' });
    await client.close();
    await send;
    await clock.advance(3_600_000);
    expect(server.connections).toHaveLength(1);
  });
});
