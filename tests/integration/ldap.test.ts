/** A directory that has the passwords: a real slapd, and some that misbehave. */

import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { LdapAnswer } from '../../server/auth/ldap/answer';
import { ldapBounds } from '../../server/auth/ldap/bounds';
import { askDirectory } from '../../server/auth/ldap/question';
import type { LdapSettings } from '../../server/auth/ldap/settings';
import { CuttingProxy } from '../harness/cutting-proxy';
import { describeWith } from '../harness/installed';
import { RawClient } from '../harness/raw-client';
import { selfSigned } from '../harness/self-signed';
import { ServerProcess } from '../harness/server-process';
import { base, hiddenBase, reader, Slapd, suffix } from '../harness/slapd';
import { Peer } from './chateau-stage';

describeWith('slapd', 'apt-get install slapd', 'a directory', () => {
  let slapd: Slapd;
  let settings: LdapSettings;

  beforeAll(async () => {
    slapd = await Slapd.start();
    const { url, certificate } = slapd;
    settings = { url, base, filter: '(uid={username})', ca: certificate.cert, searcher: undefined };
  });
  afterAll(() => slapd.stop());

  /** Longer than any machine takes: that a directory may take too long is tried where nobody answers. */
  const patient = { ...ldapBounds, connectMs: 90_000, answerMs: 90_000 };
  const ask = (name: string, password: string, other: Partial<LdapSettings> = {}): Promise<LdapAnswer> =>
    askDirectory({ ...settings, ...other }, patient, name, password);

  test.each(['url', 'startTlsUrl'] as const)('over %s lets in who has the password, and nobody else', async (which) => {
    const url = slapd[which];
    const dn = `uid=alice,${base}`;
    expect(await ask('alice', `alice${suffix}`, { url })).toEqual({ kind: 'accepted', dn });
    expect(await ask('alice', `bob${suffix}`, { url })).toMatchObject({ kind: 'refused', dn });
    expect(await ask('nobody', `alice${suffix}`, { url })).toEqual({ kind: 'unknown' });
    expect(await ask('twin', `twin${suffix}`, { url })).toEqual({ kind: 'ambiguous' });
    expect(await ask('alice', '', { url })).toEqual({ kind: 'password_empty' });
  });

  test.each(['*', 'al*', 'alice)(uid=*', '*)(|(uid=*', 'alice\\', 'alice\\2a', '', '\0', ')'])(
    'the name %j finds nobody',
    async (name) => {
      expect(await ask(name, `alice${suffix}`)).toEqual({ kind: 'unknown' });
    },
  );

  test('a name with parentheses, a comma and letters beyond ASCII is found as it is', async () => {
    const name = 'jörg (it), Köln';
    expect(await ask(name, `${name}${suffix}`)).toMatchObject({ kind: 'accepted' });
    expect(await ask(name, `alice${suffix}`)).toMatchObject({ kind: 'refused' });
  });

  test('that lets only some search is searched by one of them', async () => {
    const hidden = { base: hiddenBase, searcher: reader };
    expect(await ask('carol', `carol${suffix}`, hidden)).toMatchObject({ kind: 'accepted' });
    expect(await ask('carol', 'wrong', hidden)).toMatchObject({ kind: 'refused' });
    expect(await ask('carol', `carol${suffix}`, { base: hiddenBase })).toMatchObject({ kind: 'unavailable' });
    const mistaken = { base: hiddenBase, searcher: { ...reader, password: 'wrong' } };
    expect(await ask('carol', `carol${suffix}`, mistaken)).toMatchObject({ kind: 'unavailable' });
  });

  test('whose settings make no sense is unavailable, and lets nobody in', async () => {
    for (const other of [{ base: 'dc=elsewhere' }, { base: 'not a name' }, { filter: '(((uid={username})' }]) {
      expect(await ask('alice', `alice${suffix}`, other)).toMatchObject({ kind: 'unavailable' });
    }
  });

  test('whose certificate is not trusted is not told a password', async () => {
    const { cert } = await selfSigned();
    for (const ca of [undefined, cert]) {
      for (const url of [slapd.url, slapd.startTlsUrl]) {
        const answer = await ask('alice', `alice${suffix}`, { ca, url });
        expect(answer).toMatchObject({ kind: 'unavailable', reason: expect.stringMatching(/self-signed|verify/) });
      }
    }
  });

  test('whose connection is cut after any of its packets lets nobody in, and hears no password in the clear', async () => {
    for (const url of [slapd.url, slapd.startTlsUrl]) {
      const kinds: string[] = [];
      while (!kinds.includes('accepted')) {
        const proxy = await CuttingProxy.open(Number(new URL(url).port), kinds.length + 1);
        const through = url.replace(/\d+$/, String(proxy.port));
        kinds.push((await ask('alice', `alice${suffix}`, { url: through })).kind);
        expect(proxy.connections).toBe(1);
        expect(proxy.heard).not.toContain(`alice${suffix}`);
        proxy.close();
      }
      expect(kinds.length).toBeGreaterThan(3);
      expect(kinds.slice(0, -1)).toEqual(kinds.slice(1).map(() => 'unavailable'));
    }
  });

  describe('and a server that asks it', () => {
    let server: ServerProcess;
    const flags = (url = slapd.url): string[] => [
      ...['--auth', 'ldap', '--ldap-url', url, '--ldap-base', base, '--ldap-ca', slapd.certPath],
      ...['--log-level', 'fatal', '--chatbot-port', '0'],
    ];

    beforeEach(async () => {
      server = await ServerProcess.start(flags());
    });
    afterEach(async () => {
      await slapd.kill();
      await slapd.restart();
      await server.stop();
    });

    const says = async (request: string): Promise<string> => {
      const client = await RawClient.connect(server.port);
      client.send(`${request}\n`);
      const line = await client.line();
      client.close();
      return line;
    };
    /** The status line of a login that is over when this resolves: what comes after it does not find it in its way. */
    const login = async (name: string, password = `${name}${suffix}`): Promise<string> => {
      const client = await RawClient.connect(server.port);
      const [status = ''] = await client.askBlock(`login ${name} ${password}`);
      await client.ask('logout');
      client.close();
      return status;
    };

    test('a first login makes the account, a wrong one none', async () => {
      expect(await login('alice', 'wrong')).toMatch(/^401 /);
      expect(await login('nobody')).toMatch(/^401 /);
      expect(await login('twin')).toMatch(/^401 /);
      expect(await login('*', `alice${suffix}`)).toMatch(/^401 /);
      expect(await login('alice)(uid=*', `alice${suffix}`)).toMatch(/^401 /);
      expect(await says('list')).toBe('200 0 0');
      expect(await login('alice')).toBe('200 alice 0');
      expect(await says('list')).toBe('200 1 0');
      expect(await login('ALICE', `alice${suffix}`)).toBe('200 alice 0');
    });

    test('an empty password is refused, and the directory not asked', async () => {
      const proxy = await CuttingProxy.open(slapd.securePort, Number.POSITIVE_INFINITY);
      const asking = await ServerProcess.start(flags(`ldaps://127.0.0.1:${proxy.port}`));
      const peer = new Peer(new WebSocket(`ws://127.0.0.1:${asking.port}/ws`));
      await once(peer.socket, 'open');
      const alice = { type: 'LoginRequest', username: 'alice' };
      expect(await peer.ask({ ...alice, password: '' })).toMatchObject({ status: 400, code: 'credentials_wrong' });
      expect(proxy.connections).toBe(0);
      expect(await peer.ask({ ...alice, password: `alice${suffix}` })).toMatchObject({ status: 200 });
      expect(proxy.connections).toBe(1);
      peer.socket.terminate();
      await asking.stop();
      proxy.close();
    });

    test('accounts and passwords are not made or changed here', async () => {
      expect(await says('create dave pw')).toMatch(/^403 .*directory/);
      const client = await RawClient.connect(server.port);
      expect(await client.askBlock(`login alice alice${suffix}`)).toEqual(['200 alice 0']);
      expect(await client.ask(`passwd alice${suffix} other`)).toMatch(/^403 .*directory/);
      client.close();
    });

    test('messages wait for somebody of the directory as for anybody', async () => {
      await login('alice');
      const bob = await RawClient.connect(server.port);
      await bob.askBlock(`login bob bob${suffix}`);
      expect(await sentTo(bob, 'alice')).toBe('202 1 queued');
      bob.close();
      expect(await login('alice')).toBe('200 alice 1');
    });

    test('while it is away nobody is let in, nobody is told that the password is wrong, and then all is well', async () => {
      await login('alice');
      await slapd.kill();
      expect(await login('alice')).toMatch(/^503 .*directory/);
      expect(await login('alice', 'wrong')).toMatch(/^503 .*directory/);
      const classic = await RawClient.connect(server.port);
      await classic.sendNow(`1 2 alice alice${suffix}`);
      expect(await classic.until('\r\n\r\n')).toContain('directory of accounts cannot be asked');
      classic.close();
      await slapd.restart();
      expect(await login('alice')).toBe('200 alice 0');
    });

    test('the account that it made is entered without a password by no wire, and by no password when it is gone', async () => {
      await login('alice');
      expect(await chatbotLogin(server, 'alice')).not.toBe('');
      server.signal('SIGTERM');
      await server.ended();
      const own = await restartedWithPasswords(server);
      for (const password of ['directory', 'x', `alice${suffix}`]) {
        const client = await RawClient.connect(own.port);
        expect(await client.askBlock(`login alice ${password}`)).toEqual(['401 wrong name or password']);
        client.close();
      }
      await own.stop();
    });

    test('an account without a password becomes that of the person who has the name', async () => {
      expect(await chatbot(server, 0, 'alice')).toBe('');
      // The connection that made it is in the way until the server has heard that it is gone.
      let answer: string;
      do answer = await says(`takeover alice alice${suffix}`);
      while (answer.startsWith('409'));
      expect(answer).toBe('200 alice 0');
      expect(await chatbotLogin(server, 'alice')).not.toBe('');
    });
  });
});

async function sentTo(client: RawClient, to: string): Promise<string> {
  return client.ask(`send ${to} hello`);
}

/** The error text of a chatbot command with one argument; empty for success. */
async function chatbot(server: ServerProcess, command: number, argument: string): Promise<string> {
  const port = Number(/:(\d+) +chatbot clients/.exec(server.stdout)?.[1]);
  const client = await RawClient.connect(port);
  const head = Buffer.alloc(42);
  head[1] = command;
  head[41] = argument.length;
  client.send(Buffer.concat([head, Buffer.from(argument)]));
  await client.received(42);
  client.endInput();
  return (await client.closed()).slice(42);
}

function chatbotLogin(server: ServerProcess, name: string): Promise<string> {
  return chatbot(server, 5, name);
}

/** The same database under a server that checks passwords by itself. */
function restartedWithPasswords(server: ServerProcess): Promise<ServerProcess> {
  return ServerProcess.start(['--database', server.database]);
}
