/** IPv6 addresses where they are printed with a port, and where they are read. */

import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createClient } from '../../client/core/client';
import { tcp } from '../../client/core/tcp';
import { readArguments } from '../../server/admin/arguments';
import { greeting } from '../../server/greeting';
import { listenError } from '../../server/startup-failure';
import { runServer, ServerProcess } from '../harness/server-process';

const root = join(__dirname, '..', '..');
const hasIpv6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '::1'));

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a program of the build prints, and how it ends. */
async function run(program: string, args: readonly string[], input = ''): Promise<Ran> {
  const command = [join('build', `${program}.js`), ...args];
  const running = promisify(execFile)(process.execPath, command, { cwd: root });
  running.child.stdin?.end(input);
  return running.then(
    (output) => ({ code: 0, ...output }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
}

/** A port of ::1 on which nothing listens. */
async function unusedPort(): Promise<number> {
  const server = createServer().listen(0, '::1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

test('the greeting puts the address in brackets where a port follows it', () => {
  const config = { host: '::1', memory: true, database: '', tlsCert: '' };
  const others = [
    { name: 'gRPC', host: '::1', port: 11_912 },
    { name: 'chatbot', host: '::', port: 9_000 },
  ];
  const lines = greeting({ version: '1', config: config as never, port: 8_888, others }).split('\n');
  expect(lines[0]).toBe('chateau 1 listens on ::1 port 8888; nothing is kept after it stops');
  expect(lines.map((line) => line.trim().split(/ {3}/)[0]).slice(2, 7)).toEqual([
    'npm run client -- --host ::1 --port 8888',
    'nc ::1 8888',
    'ws://[::1]:8888/ws',
    '[::1]:11912',
    'localhost:9000',
  ]);
});

test('a failure to listen names the address in brackets, also in the words of the system', () => {
  const place = { host: '::1', port: 8_888, hostFlag: 'host', portFlag: 'port', isOptional: false };
  const failure = (code: string, message = code) =>
    listenError(Object.assign(new Error(message), { code, address: '::1', port: 8_888 }), place).message;
  expect(failure('EADDRINUSE')).toMatch(/^\[::1\]:8888 is in use: /);
  expect(failure('EACCES')).toMatch(/^not allowed to listen on \[::1\]:8888: /);
  expect(failure('EAFNOSUPPORT', 'listen EAFNOSUPPORT: address family not supported ::1:8888')).toBe(
    'cannot listen on [::1]:8888: listen EAFNOSUPPORT: address family not supported [::1]:8888',
  );
});

test.each(['host', 'chatbot-host', 'nickroom-host'])('the server reads --%s [::1] as ::1', async (flag) => {
  const { code, stdout } = await runServer([`--${flag}`, '[::1]', '--print-config']);
  expect(code).toBe(0);
  expect(stdout).toMatch(new RegExp(`^${flag} = "::1"`, 'm'));
});

test('the server refuses brackets around what is no IPv6 address', async () => {
  const { code, stderr } = await runServer(['--host', '[127.0.0.1]']);
  expect(code).toBe(2);
  expect(stderr).toContain('--host: must be an IP address or a host name, not "[127.0.0.1]"');
});

test('dev-cert reads --host [::1] as ::1', () => {
  expect(readArguments(['dev-cert', '--host', '[2001:db8::7]', '--host', 'chat.lan'])).toEqual({
    kind: 'dev-cert',
    hosts: ['2001:db8::7', 'chat.lan'],
    folder: 'data',
  });
});

(hasIpv6 ? describe : describe.skip)('on a machine with IPv6', () => {
  test('the server and both clients name each other with brackets, and take them', async () => {
    const server = await ServerProcess.start(['--host', '[::1]']);
    expect(server.stdout).toContain(`ws://[::1]:${server.port}/ws`);
    const client = createClient({ connect: tcp({ host: '[::1]', port: server.port }) });
    await client.connect();
    await client.close();
    const filter = await run('client', ['--host', `[::1]:${server.port}`]);
    expect(filter).toEqual({ code: 0, stdout: '', stderr: '' });
    const again = await runServer(['--host', '::1', '--port', String(server.port), '--memory']);
    expect(again.stderr).toContain(`[::1]:${server.port} is in use`);
    await server.stop();
  });

  test('the client says with brackets where there is no server', async () => {
    const port = await unusedPort();
    const { code, stderr } = await run('client', ['--host', '::1', '--port', String(port)]);
    expect(code).toBe(1);
    expect(stderr).toContain(`no server at [::1]:${port} (`);
  });

  test('a directory that does not answer is named with brackets', async () => {
    const url = `ldaps://[::1]:${await unusedPort()}`;
    const { code, stdout } = await run(
      'admin',
      ['auth-check', 'alice', '--ldap-url', url, '--ldap-base', 'dc=a'],
      'pw\n',
    );
    expect(code).toBe(3);
    expect(stdout).toContain(`${url} cannot be asked: connect ECONNREFUSED ${url.replace('ldaps://', '')}`);
  });
});

test('a certificate for an IPv6 address in brackets is made for the address', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'chateau-'));
  expect(await run('admin', ['dev-cert', '--host', '[2001:db8::7]', '--folder', folder])).toMatchObject({ code: 0 });
  const certificate = new X509Certificate(readFileSync(join(folder, 'tls-cert.pem')));
  expect(certificate.checkIP('2001:db8::7')).toBe('2001:db8::7');
  rmSync(folder, { recursive: true });
});
