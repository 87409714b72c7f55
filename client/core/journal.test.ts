import { RequestLost } from './failures';
import { turn } from './fake-clock';
import { MemoryJournals } from './memory-journal';
import { connectedScene, loggedInScene, logIn, logOut, type Scene } from './scripted-server';

const before = { key: 'old-1', to: 'bob', body: 'hi' };

let journals: MemoryJournals;

beforeEach(() => {
  journals = new MemoryJournals();
});

async function reconnect({ server, clock }: Scene, granted?: string): Promise<void> {
  await server.latest.drop();
  await server.nextAttempt(clock);
  await server.latest.greet(granted);
  await server.latest.say(['200 alice 0', '']);
}

describe('a send', () => {
  test('is in the journal before its bytes leave, and no longer once it is stored or refused', async () => {
    const { client, server } = await loggedInScene(undefined, { journal: journals.open });
    const stored = client.send('bob', 'one');
    const refused = expect(client.send('nobody', 'two')).rejects.toMatchObject({ status: 404 });
    expect(server.latest.lines()).toEqual([]);
    expect(journals.keys('alice')).toEqual(['key-0', 'key-1']);
    await turn();
    await server.latest.say(['200 1 live']);
    await stored;
    expect(journals.keys('alice')).toEqual(['key-1']);
    await server.latest.say(['404 no account or room nobody']);
    await refused;
    expect(journals.keys('alice')).toEqual([]);
  });

  test('that waits for the server is in the journal, and stays there when the client is closed', async () => {
    const { client, server } = await loggedInScene(undefined, { journal: journals.open });
    await server.latest.drop();
    const send = expect(client.send('bob', 'later')).rejects.toMatchObject({ reason: 'closed', kept: true });
    expect(journals.keys('alice')).toEqual(['key-0']);
    await client.close();
    await send;
    expect(journals.keys('alice')).toEqual(['key-0']);
    expect(journals.closed).toBe(1);
  });

  test('that is answered together with the next login of its account is not sent again', async () => {
    const { server, client, events } = await loggedInScene(undefined, { journal: journals.open });
    const send = client.send('bob', 'hi').catch((error: unknown) => error);
    const logout = client.logout();
    const login = client.login('alice', 'secret');
    await turn();
    expect(server.latest.lines()).toEqual(['3 bob key-0 hi', '8', '2 alice secret']);
    await server.latest.say(['507 bob has too many unread messages', '200', '200 alice 0', '']);
    await Promise.all([logout, login]);
    expect(await send).toMatchObject({ status: 507 });
    expect(server.latest.lines()).toEqual([]);
    expect(events).toEqual(['loggedIn alice 0 false']);
    expect(journals.keys('alice')).toEqual([]);
  });

  test('that is refused by the client itself never gets there', async () => {
    const { client } = await loggedInScene(undefined, { journal: journals.open });
    await expect(client.send('b ob', 'x')).rejects.toMatchObject({ status: 400 });
    expect(journals.keys('alice')).toEqual([]);
  });

  test('of nobody is not kept', async () => {
    const { client, server } = await connectedScene(undefined, { journal: journals.open });
    const send = expect(client.send('bob', 'x')).rejects.toMatchObject({ status: 403 });
    await turn();
    await server.latest.say(['403 log in first']);
    await send;
    expect(journals.opened).toBe(0);
  });

  test('without keys is not in the journal while its fate is unknown', async () => {
    const { client, server } = await loggedInScene('', { journal: journals.open });
    const send = expect(client.send('bob', 'x')).rejects.toMatchObject({ kept: false });
    expect(journals.keys('alice')).toEqual([]);
    await turn();
    await server.latest.drop();
    const later = client.send('bob', 'y');
    expect(journals.keys('alice')).toEqual(['key-1']);
    await send;
    later.catch(() => {});
  });

  test('that was written with a key is not repeated where there are none', async () => {
    const scene = await loggedInScene(undefined, { journal: journals.open });
    const send = expect(scene.client.send('bob', 'x')).rejects.toMatchObject({ reason: 'disconnected', kept: true });
    await turn();
    await reconnect(scene, '');
    await send;
    expect(scene.server.latest.lines()).toEqual(['20 alice secret']);
    expect(journals.keys('alice')).toEqual(['key-0']);
  });
});

describe('what an earlier process has left', () => {
  test('is sent again at the login under its key, before anything new, and what becomes of it is told', async () => {
    journals.leave('alice', before);
    journals.leave('alice', { key: 'old-2', to: 'nobody', body: 'two\nlines' });
    const { client, server, events } = await connectedScene(undefined, { journal: journals.open });
    const login = client.login('ALICE', 'secret');
    const fresh = client.send('bob', 'new');
    await turn();
    expect(server.latest.lines()).toEqual(['2 ALICE secret']);
    await server.latest.say(['200 alice 1', '* 1 1000 bob alice x', '']);
    await login;
    expect(server.latest.lines()).toEqual(['3 bob old-1 hi', '3 nobody old-2 two\\nlines', '3 bob key-0 new']);
    await server.latest.say(['202 7 queued', '404 no account or room nobody', '200 8 live']);
    expect(await fresh).toEqual({ seq: 8, live: true });
    expect(events.slice(3)).toEqual(['resent bob hi: 7', 'resent nobody two\nlines: no account or room nobody']);
    expect(journals.keys('alice')).toEqual([]);
  });

  test('is sent until it is answered, and once in each connection', async () => {
    journals.leave('alice', before);
    const scene = await loggedInScene(undefined, { journal: journals.open });
    await reconnect(scene);
    expect(scene.server.latest.lines()).toEqual(['20 alice secret', '3 bob old-1 hi']);
    await scene.server.latest.say(['200 7 live']);
    await reconnect(scene);
    expect(scene.server.latest.lines()).toEqual(['20 alice secret']);
    expect(scene.events.filter((event) => event.startsWith('resent'))).toEqual(['resent bob hi: 7']);
  });

  test('is never sent as another account', async () => {
    journals.leave('alice', before);
    const scene = await loggedInScene(undefined, { journal: journals.open });
    await scene.server.latest.drop();
    const kept = expect(scene.client.send('bob', 'mine')).rejects.toMatchObject({ reason: 'logged_out', kept: true });
    await scene.client.logout();
    await kept;
    await scene.server.nextAttempt(scene.clock);
    await scene.server.latest.greet();
    await logIn(scene, 'carol');
    expect(scene.server.latest.lines()).toEqual(['2 carol secret']);
    await logOut(scene);
    await logIn(scene, 'alice');
    expect(scene.server.latest.lines()).toEqual(['8', '2 alice secret', '3 bob old-1 hi', '3 bob key-0 mine']);
  });

  test('waits for a server that grants keys', async () => {
    journals.leave('alice', before);
    const scene = await loggedInScene('ack', { journal: journals.open });
    expect(scene.client.settled()).resolves.toBeUndefined();
    await reconnect(scene);
    expect(scene.server.latest.lines()).toEqual(['20 alice secret', '3 bob old-1 hi']);
  });

  test('and cannot be sent by anybody is told and forgotten', async () => {
    journals.leave('alice', { key: 'old-1', to: 'b ob', body: 'hi' });
    const { server, client, events } = await connectedScene(undefined, { journal: journals.open });
    const login = client.login('alice', 'secret');
    await turn();
    server.latest.lines();
    await server.latest.say(['200 alice 0', '']);
    await login;
    expect(events.at(-1)).toMatch(/^resent b ob hi: /);
    expect(server.latest.lines()).toEqual([]);
    expect(journals.keys('alice')).toEqual([]);
  });

  test('is waited for by whoever wants everything settled', async () => {
    journals.leave('alice', before);
    const { client, server } = await connectedScene(undefined, { journal: journals.open });
    await client.settled();
    const login = client.login('alice', 'secret');
    await turn();
    await server.latest.say(['200 alice 0', '']);
    await login;
    const told: string[] = [];
    const settled = client.settled().then(() => told.push('settled'));
    client.on('resent', () => told.push('resent'));
    await turn();
    expect(told).toEqual([]);
    await server.latest.say(['200 7 live']);
    await settled;
    expect(told).toEqual(['resent', 'settled']);
  });
});

describe('sends wait until it is known whose they are', () => {
  test('while a logout and another login are under way', async () => {
    const scene = await loggedInScene(undefined, { journal: journals.open });
    const { client, server } = scene;
    const changed = Promise.all([client.logout(), client.login('carol', 'secret')]);
    client.send('bob', 'whose?').catch(() => {});
    await turn();
    expect(server.latest.lines()).toEqual(['8', '2 carol secret']);
    await server.latest.say(['200', '200 carol 0', '']);
    await changed;
    expect(server.latest.lines()).toEqual(['3 bob key-0 whose?']);
    expect([journals.keys('alice'), journals.keys('carol')]).toEqual([[], ['key-0']]);
  });

  test('and are written when the login fails, or cannot even be written', async () => {
    const { client, server } = await connectedScene(undefined, { journal: journals.open });
    const login = expect(client.login('alice', 'wrong')).rejects.toMatchObject({ status: 401 });
    const send = expect(client.send('bob', 'x')).rejects.toMatchObject({ status: 403 });
    await turn();
    await server.latest.say(['401 wrong name or password', '']);
    await login;
    await expect(client.login('al\nice', 'pw')).rejects.toMatchObject({ status: 400 });
    expect(server.latest.lines()).toEqual(['2 alice wrong', '3 bob key-0 x']);
    await server.latest.say(['403 log in first']);
    await send;
  });

  test('but not when the client is closed', async () => {
    const { client, server } = await connectedScene(undefined, { journal: journals.open });
    const login = client.login('alice', 'secret');
    const send = client.send('bob', 'bye');
    const closed = client.close();
    await turn();
    expect(server.latest.lines()).toEqual(['2 alice secret', '3 bob key-0 bye', '19']);
    await server.latest.say(['200 alice 0', '', '200 1 live', '200']);
    await Promise.all([login, send, closed]);
  });
});

describe('a journal that fails', () => {
  test('to be written is told once, and the sends go out', async () => {
    const { client, server, events } = await loggedInScene(undefined, { journal: journals.open });
    journals.unwritable = 'no space left';
    const sends = [client.send('bob', 'one'), client.send('bob', 'two')];
    await turn();
    expect(server.latest.lines()).toEqual(['3 bob key-0 one', '3 bob key-1 two']);
    expect(events).toEqual(['journalFailed no space left']);
    for (const send of sends) send.catch(() => {});
    await server.latest.drop();
    const lost = Promise.all(sends.map((send) => expect(send).rejects.toThrow(new RequestLost('closed'))));
    await client.close();
    await lost;
  });

  test('to be opened is told once, and the session goes on', async () => {
    journals.unreadable = 'permission denied';
    const { client, server, clock } = await connectedScene(undefined, { journal: journals.open });
    const told: string[] = [];
    client.on('journalFailed', (reason) => told.push(reason));
    const scene = { client, server, clock, events: told };
    await logIn(scene, 'alice');
    await reconnect(scene);
    expect(told).toEqual(['permission denied']);
    const send = client.send('bob', 'x');
    await turn();
    await server.latest.say(['200 1 live']);
    expect((await send).seq).toBe(1);
  });
});
