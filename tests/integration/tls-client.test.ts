/** What a client that asks for TLS is told when there is none to be had, or none that it may trust. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { type TcpAddress, tcp } from '../../client/core/tcp';
import { type SelfSigned, selfSigned } from '../harness/self-signed';
import { ServerProcess } from '../harness/server-process';

let folder: string;
let certificate: SelfSigned;
let server: ServerProcess;

const path = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chateau-'));
  certificate = await selfSigned();
  writeFileSync(path('cert.pem'), certificate.cert);
  writeFileSync(path('key.pem'), certificate.key);
  server = await ServerProcess.start(['--tls-cert', path('cert.pem'), '--tls-key', path('key.pem')]);
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('a client that asks for TLS is told', () => {
  const daysFromNow = (days: number): Date => new Date(Date.now() + days * 86_400_000);
  let listening: Server | undefined;

  afterEach(() => {
    listening?.close();
    listening = undefined;
  });

  /** Why there is no connection to this server, for somebody who trusts `ca`. */
  async function reasonAt(stranger: Server, ca?: string): Promise<string> {
    listening = stranger.listen(0, '127.0.0.1');
    await once(stranger, 'listening');
    return reason({ host: '127.0.0.1', port: (stranger.address() as AddressInfo).port, tls: { ca } });
  }

  const withCertificate = (pair: SelfSigned): Server =>
    createTlsServer({ ...pair }).on('secureConnection', (socket: TLSSocket) => socket.on('error', () => undefined));

  test('that the certificate is signed by itself', async () => {
    const own = 'its certificate is signed by itself, and not one that is trusted here';
    const { port } = server;
    expect(await reason({ host: '127.0.0.1', port, tls: {} })).toBe(own);
    expect(await reason({ host: '127.0.0.1', port, tls: { ca: (await selfSigned()).cert } })).toBe(own);
    expect(await reason({ host: '127.0.0.1', port, tls: { ca: certificate.cert } })).toBe('connected');
  });

  test('that it is for another name', async () => {
    const other = await selfSigned({ names: ['chat.example.org'], addresses: [] });
    expect(await reasonAt(withCertificate(other), other.cert)).toMatch(/^its certificate is for another name/);
  });

  test('that it has expired, or is not valid yet', async () => {
    const old = await selfSigned({ from: daysFromNow(-20), until: daysFromNow(-10) });
    expect(await reasonAt(withCertificate(old), old.cert)).toBe('its certificate has expired');
    listening?.close();
    const early = await selfSigned({ from: daysFromNow(10), until: daysFromNow(20) });
    expect(await reasonAt(withCertificate(early), early.cert)).toMatch(/^its certificate is not valid yet/);
  });

  test('that the server has none, or that something else answers', async () => {
    const bare = await ServerProcess.start();
    expect(await reason({ host: '127.0.0.1', port: bare.port, tls: {} })).toMatch(/before TLS began/);
    await bare.stop();
    const talker = createServer((socket) => void socket.on('error', () => undefined).write('220 mail.example.org\r\n'));
    expect(await reasonAt(talker)).toBe('what answers there does not speak TLS that is understood here');
  });

  test('in the terminal, which says where to read on, and logs in where it trusts', async () => {
    const untrusting = await terminal(['--tls'], 'ping\n');
    expect(untrusting.code).toBe(1);
    expect(untrusting.stderr).toContain('signed by itself');
    expect(untrusting.stderr).toContain('docs/tls.md');
    const trusting = await terminal(['--tls', '--tls-ca', path('cert.pem')], 'create terminal pw\nlogin terminal pw\n');
    expect(trusting).toMatchObject({ code: 0, stderr: '' });
    expect(trusting.stdout).toContain('terminal');
  });
});

test('a server is told which host is meant, unless that is an address', async () => {
  const named: string[] = [];
  const host = createTlsServer({
    ...certificate,
    SNICallback: (name, done) => {
      named.push(name);
      done(null);
    },
  }).on('secureConnection', (socket: TLSSocket) => socket.on('error', () => undefined));
  host.listen(0, '127.0.0.1');
  await once(host, 'listening');
  const address = { port: (host.address() as AddressInfo).port, tls: { ca: certificate.cert } };
  for (const name of ['localhost', '127.0.0.1']) expect(await reason({ ...address, host: name })).toBe('connected');
  expect(named).toEqual(['localhost']);
  host.close();
});

describe('no environment keeps from verifying', () => {
  const environment = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };
  const client = 'client/terminal/main.ts';

  test('the terminal client', async () => {
    const { code, stderr } = await run([client, '--port', `${server.port}`, '--tls'], 'ping\n', environment);
    expect([code, stderr]).toEqual([1, expect.stringContaining('signed by itself')]);
  });

  test('the file-driven client', async () => {
    const { code, stderr } = await run([client, 'ws', `wss://127.0.0.1:${server.port}/ws`], 'r\n', environment);
    expect([code, stderr]).toEqual([1, expect.stringContaining('signed by itself')]);
  });

  test('who asks a directory', async () => {
    const directory = ['--ldap-url', `ldaps://127.0.0.1:${server.port}`, '--ldap-base', 'dc=example,dc=org'];
    const { stdout } = await run(['server/admin/main.ts', 'auth-check', 'alice', ...directory], 'pw\n', environment);
    expect(stdout).toMatch(/^not known: .* cannot be asked: self-signed certificate\n$/);
  });
});

/** Why there is no connection to this address, or `connected`. */
function reason(address: TcpAddress): Promise<string> {
  return new Promise((resolve) => {
    const transport = tcp(address)({
      opened: () => {
        transport.close();
        resolve('connected');
      },
      data: () => undefined,
      closed: resolve,
    });
  });
}

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The terminal client on these lines. */
function terminal(args: readonly string[], input: string): Promise<Ran> {
  return run(['client/terminal/main.ts', '--port', String(server.port), ...args], input);
}

/** Runs a program with its arguments on this input. */
async function run(program: readonly string[], input: string, environment: NodeJS.ProcessEnv = {}): Promise<Ran> {
  const child = spawn(process.execPath, ['--import', 'tsx', ...program], {
    cwd: join(__dirname, '..', '..'),
    env: { ...process.env, XDG_STATE_HOME: folder, ...environment },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}
