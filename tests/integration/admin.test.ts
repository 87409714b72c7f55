/** The operator's program: a certificate to try TLS with, and a password tried against the directory. */

import { spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWith } from '../harness/installed';
import { RawClient } from '../harness/raw-client';
import { ServerProcess } from '../harness/server-process';
import { base, Slapd, suffix } from '../harness/slapd';
import { Terminal } from '../harness/terminal';

const root = join(__dirname, '..', '..');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'chateau-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function admin(args: readonly string[], input = ''): Promise<Ran> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'server/admin/main.ts', ...args], { cwd: root });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}

describe('dev-cert', () => {
  test('writes a pair that the server takes and a client can trust, and writes over nothing', async () => {
    const into = join(folder, 'a', 'b');
    const made = await admin(['dev-cert', '--host', 'chat.example.org', '--host', '192.0.2.7', '--folder', into]);
    expect(made).toMatchObject({ code: 0, stderr: '' });
    const [cert, key] = [join(into, 'tls-cert.pem'), join(into, 'tls-key.pem')];
    expect(made.stdout).toContain(`npm run server -- --tls-cert ${cert} --tls-key ${key}`);
    expect(made.stdout).toContain(`npm run client -- --tls --tls-ca ${cert}`);
    expect(statSync(key).mode & 0o777).toBe(0o600);
    const certificate = new X509Certificate(readFileSync(cert));
    for (const name of ['localhost', 'chat.example.org']) expect(certificate.checkHost(name)).toBe(name);
    for (const address of ['127.0.0.1', '192.0.2.7']) expect(certificate.checkIP(address)).toBe(address);

    const server = await ServerProcess.start(['--tls-cert', cert, '--tls-key', key, '--memory']);
    const client = await RawClient.connectTls(server.port, readFileSync(cert, 'utf8'));
    expect(await client.ask('ping')).toBe('200');
    client.close();
    await server.stop();

    const again = await admin(['dev-cert', '--folder', into]);
    expect(again).toEqual({
      code: 1,
      stdout: '',
      stderr: `chateau: ${cert} is there already: move it away, or choose another --folder\n`,
    });
    expect(new X509Certificate(readFileSync(cert)).fingerprint256).toBe(certificate.fingerprint256);
  });

  test('says in one line that its folder cannot be written', async () => {
    const file = join(folder, 'no-folder');
    writeFileSync(file, '');
    expect(await admin(['dev-cert', '--folder', file])).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^chateau: [^\n]+no-folder cannot be written: choose another --folder [^\n]+\n$/),
    });
  });
});

test('mistakes are told in a line each', async () => {
  expect(await admin(['backup'])).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^backup: [^\n]+\n$/),
  });
  expect(await admin(['auth-check', 'alice', '--ldap-url', 'x'])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^--ldap-url: must be [^\n]+\n$/),
  });
});

describeWith('slapd', 'apt-get install slapd', 'auth-check', () => {
  let slapd: Slapd;

  beforeAll(async () => {
    slapd = await Slapd.start();
  });
  afterAll(() => slapd.stop());

  const settings = (): string[] => ['--ldap-url', slapd.url, '--ldap-base', base, '--ldap-ca', slapd.certPath];
  const check = (name: string, password: string, ...more: string[]): Promise<Ran> =>
    admin(['auth-check', name, ...settings(), ...more], `${password}\n`);

  test('says what the directory answered, with a status for scripts', async () => {
    const right = await check('alice', `alice${suffix}`);
    expect(right).toEqual({
      code: 0,
      stdout: `yes: the directory lets uid=alice,${base} in with this password\n`,
      stderr: '',
    });
    const answers = await Promise.all([
      check('alice', 'wrong'),
      check('nobody', 'x'),
      check('twin', 'x'),
      check('alice', ''),
      check('alice', 'x', '--ldap-url', 'ldaps://127.0.0.1:1'),
    ]);
    expect(answers.map(({ code, stdout }) => [code, stdout.split(' ').slice(0, 6).join(' ')])).toEqual([
      [1, `no: the directory found uid=alice,${base} and`],
      [1, `no: nobody below ${base} is found`],
      [1, 'no: more than one entry below'],
      [1, 'no: an empty password is refused'],
      [3, 'not known: ldaps://127.0.0.1:1 cannot be asked:'],
    ]);
    expect(answers[0]?.stdout).toMatch(/ refused this password: invalid credentials \(LDAP result 49\)\n$/);
  });

  describeWith('tmux', 'apt-get install tmux', 'at a terminal', () => {
    let terminal: Terminal;
    afterAll(() => terminal.close());

    test('asks for the password and does not show it', async () => {
      const script = `node --import tsx server/admin/main.ts auth-check alice ${settings().join(' ')}; echo status $?; cat`;
      terminal = new Terminal(`cd ${root} && ${script}`);
      await terminal.shows('password of alice:');
      terminal.enter(`alice${suffix}`);
      const screen = await terminal.shows('status 0');
      expect(screen).toContain('yes: the directory lets');
      expect(screen).not.toContain(suffix);
    });
  });
});
