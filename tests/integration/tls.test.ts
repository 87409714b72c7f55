/** One port with TLS and without: every protocol of it, exchange of the certificate, and what clients are told. */

import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { WebSocket } from 'ws';
import { createClient } from '../../client/core/client';
import { tcp } from '../../client/core/tcp';
import { RawClient } from '../harness/raw-client';
import { type SelfSigned, selfSigned } from '../harness/self-signed';
import { runServer, ServerProcess } from '../harness/server-process';

let folder: string;
let certificate: SelfSigned;
let server: ServerProcess;

const path = (name: string): string => join(folder, name);
const files = (): string[] => ['--tls-cert', path('cert.pem'), '--tls-key', path('key.pem')];

function writeCertificate({ cert, key }: SelfSigned): void {
  writeFileSync(path('cert.pem'), cert);
  writeFileSync(path('key.pem'), key);
}

/** A certificate and the beginning of another. */
const brokenOff = ({ cert }: SelfSigned): string => `${cert}\n${cert.slice(0, 100)}`;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chateau-'));
  certificate = await selfSigned();
  writeCertificate(certificate);
  server = await ServerProcess.start(files());
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const secure = (): Promise<RawClient> => RawClient.connectTls(server.port, certificate.cert);

describe('behind TLS, on the port that speaks without it too,', () => {
  test('the client library creates, logs in, sends and receives', async () => {
    const address = { host: '127.0.0.1', port: server.port, tls: { ca: certificate.cert } };
    const [alice, bob] = [createClient({ connect: tcp(address) }), createClient({ connect: tcp(address) })];
    await Promise.all([alice.connect(), bob.connect()]);
    await Promise.all([alice.create('alice', 'pw'), bob.create('bob', 'pw')]);
    await Promise.all([alice.login('alice', 'pw'), bob.login('bob', 'pw')]);
    const heard = new Promise((resolve) => bob.on('message', resolve));
    expect(await alice.send('bob', 'under the rose')).toEqual({ seq: 1, live: true });
    expect(await heard).toMatchObject({ from: 'alice', body: 'under the rose' });
    await Promise.all([alice.close(), bob.close()]);
  });

  test('many requests at once are all answered, and what was sent is read without TLS', async () => {
    const count = 3_000;
    const body = 'x'.repeat(500);
    const client = await secure();
    await client.ask('create carol pw');
    await client.ask('create dave pw');
    await client.askBlock('login carol pw');
    client.send(Array.from({ length: count }, (_, index) => `send dave ${index} ${body}\n`).join(''));
    const replies = await client.lines(count);
    expect(replies).toEqual(Array.from({ length: count }, (_, index) => `202 ${index + 1} queued`));
    client.send('quit\n');
    expect(await client.closed()).toBe('200\r\n');
    const plain = await RawClient.connect(server.port);
    const [status, ...messages] = await plain.askBlock('login dave pw');
    expect([status, messages.length]).toEqual([`200 dave ${count}`, count]);
    plain.close();
  });

  test('a classic client is one', async () => {
    const client = await secure();
    client.send('1 0 classical pw');
    await client.until('Account successfully created');
    client.close();
  });

  test('a browser gets what it gets without TLS', async () => {
    const [bare, covered] = [await RawClient.connect(server.port), await secure()];
    const answers: string[] = [];
    for (const client of [bare, covered]) {
      client.send('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
      answers.push((await client.closed()).replace(/^Date: .*$/m, ''));
    }
    expect(answers[0]).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answers[1]).toBe(answers[0]);
  });

  test('a request for a page in single bytes is understood', async () => {
    const client = await RawClient.connect(server.port);
    for (const byte of 'GET /nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
      await client.sendNow(byte);
    expect(await client.closed()).toMatch(/^HTTP\/1\.1 404 /);
  });

  test.each(['ws', 'wss'])('a WebSocket is opened by %s', async (protocol) => {
    const socket = new WebSocket(`${protocol}://127.0.0.1:${server.port}/ws`, { ca: certificate.cert });
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 1, username: `guest-${protocol}` }));
    const [answer] = await once(socket, 'message');
    expect(JSON.parse(String(answer))).toEqual({ status: 200 });
    socket.close();
    await once(socket, 'close');
  });

  test('a handshake in single bytes is one', async () => {
    const slow = await slowly(server.port);
    const client = await RawClient.connectTls(slow.port, certificate.cert);
    expect(await client.ask('ping slow')).toBe('200 slow');
    client.close();
    slow.server.close();
  });

  test('TLS is not looked for again', async () => {
    const client = await secure();
    client.send(Buffer.from([0x16, 3, 1, 0, 5]));
    expect(await client.closed()).toBe('');
  });

  test('a broken handshake is closed, and the server goes on', async () => {
    const client = await RawClient.connect(server.port);
    client.send(Buffer.concat([Buffer.from([0x16, 3, 1, 0, 5]), Buffer.from('hello\r\n')]));
    await client.closed();
    expect(await (await secure()).ask('ping')).toBe('200');
  });
});

describe('the end', () => {
  test('is told to clients behind TLS, and all of them are gone when the server has closed', async () => {
    const closing = await ServerProcess.start(files());
    const client = await RawClient.connectTls(closing.port, certificate.cert);
    const idle = await RawClient.connectTls(closing.port, certificate.cert);
    const page = await RawClient.connect(closing.port);
    page.send('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await page.until('</html>');
    expect(await client.ask('ping')).toBe('200');
    closing.signal('SIGTERM');
    expect(await client.line()).toBe('! 503 closing in 5 s');
    expect(await idle.line()).toBe('! 503 closing in 5 s');
    for (const each of [client, idle]) each.send('quit\n');
    await Promise.all([client.closed(), idle.closed(), page.closed()]);
    expect(await closing.ended()).toMatchObject({ code: 0, stderr: '' });
    await closing.stop();
  });

  test('of one of too many comes at once, whatever the others speak', async () => {
    const small = await ServerProcess.start([...files(), '--connections', '2', '--memory']);
    const covered = await RawClient.connectTls(small.port, certificate.cert);
    expect(await covered.ask('ping')).toBe('200');
    const page = await RawClient.connect(small.port);
    page.send('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await page.until('</html>');
    const third = await RawClient.connect(small.port);
    expect(await third.closed()).toBe('! 503 too many connections\r\n');
    covered.close();
    page.close();
    // The server may hear a moment later that they have gone.
    let answer: string;
    do {
      const next = await RawClient.connect(small.port);
      answer = await next.ask('ping');
      next.close();
    } while (answer !== '200');
    await small.stop();
  });
});

describe('SIGHUP', () => {
  /** The fingerprint that a new connection is shown. */
  async function shown(port: number): Promise<string> {
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    const { fingerprint256 } = socket.getPeerCertificate();
    socket.destroy();
    return fingerprint256;
  }

  /** Resolves once the server has logged this; until then `client` asks whether it is there. */
  async function logged(renewed: ServerProcess, event: string, client: RawClient): Promise<void> {
    while (!renewed.stderr.includes(`"${event}"`)) await client.ask('ping');
  }

  test('brings a new certificate for new connections, and a bad file leaves the old one', async () => {
    const renewed = await ServerProcess.start([...files(), '--log-level', 'info']);
    const before = await shown(renewed.port);
    const staying = await RawClient.connectTls(renewed.port, certificate.cert);
    expect(await staying.ask('ping')).toBe('200');

    writeCertificate(await selfSigned());
    renewed.signal('SIGHUP');
    await logged(renewed, 'certificate_reloaded', staying);
    const after = await shown(renewed.port);
    expect(after).not.toBe(before);
    expect(await staying.ask('ping still')).toBe('200 still');

    writeFileSync(path('cert.pem'), 'no certificate');
    renewed.signal('SIGHUP');
    await logged(renewed, 'certificate_not_reloaded', staying);
    expect(await shown(renewed.port)).toBe(after);
    staying.close();
    writeCertificate(certificate);
    await renewed.stop();
  });

  test('while a chain is still being copied leaves the old certificate', async () => {
    const renewed = await ServerProcess.start(files());
    const before = await shown(renewed.port);
    const staying = await RawClient.connectTls(renewed.port, certificate.cert);
    const next = await selfSigned();
    writeCertificate({ ...next, cert: brokenOff(next) });
    renewed.signal('SIGHUP');
    await logged(renewed, 'certificate_not_reloaded', staying);
    expect(renewed.stderr).toContain(`the certificates in ${path('cert.pem')} cannot be used`);
    expect(await shown(renewed.port)).toBe(before);
    staying.close();
    writeCertificate(certificate);
    await renewed.stop();
  });

  test('while the server starts does not end it', async () => {
    const authority = path('authority.pem');
    execFileSync('mkfifo', [authority]);
    const directory = ['--auth', 'ldap', '--ldap-url', 'ldaps://127.0.0.1', '--ldap-base', 'dc=example,dc=org'];
    const starting = ServerProcess.begin([...files(), ...directory, '--ldap-ca', authority]);
    // Opened once the server reads it, which is after its certificate; and it waits for what is written.
    const pipe = await open(authority, 'w');
    starting.signal('SIGHUP');
    await pipe.writeFile(certificate.cert);
    await pipe.close();
    await starting.listening();
    expect(await shown(starting.port)).toBe(new X509Certificate(certificate.cert).fingerprint256);
    await starting.stop();
  });

  test('does nothing to a server without a certificate', async () => {
    const bare = await ServerProcess.start();
    bare.signal('SIGHUP');
    const client = await RawClient.connect(bare.port);
    expect(await client.ask('ping')).toBe('200');
    client.close();
    await bare.stop();
  });
});

describe('a server is not started', () => {
  const told = async (...args: string[]): Promise<string> => {
    const ended = await runServer(['--port', '0', '--memory', ...args]);
    expect(ended.stdout).toBe('');
    return `${ended.code} ${ended.stderr}`;
  };

  test('with a certificate without its key, or the other way round', async () => {
    expect(await told('--tls-cert', path('cert.pem'))).toBe(
      '2 --tls-cert: needs --tls-key too: a certificate is of no use without its key\n',
    );
  });

  test('with files that are not there, are none, or do not belong together', async () => {
    const other = await selfSigned();
    writeFileSync(path('other-key.pem'), other.key);
    const cert = ['--tls-cert', path('cert.pem')];
    expect(await told(...cert, '--tls-key', path('none.pem'))).toBe(
      `1 chateau: --tls-key: cannot read ${path('none.pem')}: there is no such file\n`,
    );
    expect(await told('--tls-cert', path('key.pem'), '--tls-key', path('key.pem'))).toBe(
      `1 chateau: ${path('key.pem')} is no certificate in PEM: name one with --tls-cert\n`,
    );
    writeFileSync(path('copied.pem'), brokenOff(certificate));
    expect(await told('--tls-cert', path('copied.pem'), '--tls-key', path('key.pem'))).toMatch(
      `1 chateau: the certificates in ${path('copied.pem')} cannot be used: `,
    );
    expect(await told(...cert, '--tls-key', path('cert.pem'))).toBe(
      `1 chateau: ${path('cert.pem')} is no private key in PEM without a passphrase: name one with --tls-key\n`,
    );
    expect(await told(...cert, '--tls-key', path('other-key.pem'))).toBe(
      `1 chateau: the key in ${path('other-key.pem')} is not that of the certificate in ${path('cert.pem')}\n`,
    );
  });
});

/** A port that passes on what comes to `target`, the first kilobyte in single bytes. */
async function slowly(target: number): Promise<{ port: number; server: Server }> {
  const relay = createServer(async (near) => {
    const far = connect({ port: target, host: '127.0.0.1', noDelay: true });
    far.on('error', () => undefined).pipe(near.on('error', () => undefined));
    let passed = 0;
    for await (const chunk of near) {
      for (const byte of chunk as Buffer) {
        const single = Buffer.of(byte);
        if (passed < 1_024) await new Promise((resolve) => far.write(single, resolve));
        else far.write(single);
        passed += 1;
      }
    }
    far.end();
  }).listen(0, '127.0.0.1');
  await once(relay, 'listening');
  return { port: (relay.address() as AddressInfo).port, server: relay };
}
