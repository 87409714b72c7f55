/** A real OpenLDAP server with its own folder, certificate and people, on free ports of 127.0.0.1. */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SelfSigned, selfSigned } from './self-signed';

export const base = 'ou=people,dc=example,dc=org';

/** Everybody's password is the name with this behind it. */
export const suffix = '-secret';

/** Only {@link reader} sees who is below this. */
export const hiddenBase = 'ou=hidden,dc=example,dc=org';
export const reader = { dn: 'cn=reader,dc=example,dc=org', password: `reader${suffix}` };

const person = (dn: string, uid: string): string =>
  [`dn: ${dn}`, 'objectClass: inetOrgPerson', 'cn: x', 'sn: x', `uid: ${uid}`, `userPassword: ${uid}${suffix}`].join(
    '\n',
  );

const people = [
  'dn: dc=example,dc=org\nobjectClass: dcObject\nobjectClass: organization\no: example',
  `dn: ${base}\nobjectClass: organizationalUnit`,
  `dn: ${hiddenBase}\nobjectClass: organizationalUnit`,
  person(`uid=alice,${base}`, 'alice'),
  person(`uid=bob,${base}`, 'bob'),
  person(`uid=jörg (it)\\, Köln,${base}`, 'jörg (it), Köln'),
  // Two people of one name.
  person(`employeeNumber=1,${base}`, 'twin'),
  person(`employeeNumber=2,${base}`, 'twin'),
  person(`uid=carol,${hiddenBase}`, 'carol'),
  person(reader.dn, 'reader').replace('cn: x', 'cn: reader'),
];

export class Slapd {
  private child: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    readonly certificate: SelfSigned,
    /** Of ldaps, and of ldap, where StartTLS can be had. */
    readonly securePort: number,
    readonly plainPort: number,
  ) {}

  static async start(): Promise<Slapd> {
    const folder = mkdtempSync(join(tmpdir(), 'slapd-'));
    const slapd = new Slapd(folder, await selfSigned(), await freePort(), await freePort());
    slapd.prepare();
    await slapd.restart();
    return slapd;
  }

  get url(): string {
    return `ldaps://127.0.0.1:${this.securePort}`;
  }

  get startTlsUrl(): string {
    return `ldap://127.0.0.1:${this.plainPort}`;
  }

  /** PEM file of its certificate. */
  get certPath(): string {
    return join(this.folder, 'cert.pem');
  }

  /** Starts it, again after a {@link Slapd.kill}. Resolves once it takes connections. While it was away its ports may have
   *  been given to somebody else, who runs other tests on this machine: then it tries until that one has gone. */
  async restart(): Promise<void> {
    while (!(await this.begin()));
  }

  /** SIGKILL: its connections end in the middle of whatever they were about. */
  async kill(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child === undefined) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** False when one of its ports is taken. */
  private async begin(): Promise<boolean> {
    const urls = `${this.url}/ ${this.startTlsUrl}/`;
    const child = spawn('slapd', ['-d', 'stats', '-f', join(this.folder, 'slapd.conf'), '-h', urls], {
      env: withSystemPrograms,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.child = child;
    let said = '';
    const starting = new Promise<boolean>((resolve) => {
      child.stderr.on('data', (text) => {
        said += text;
        if (said.includes('slapd starting')) resolve(true);
      });
    });
    const isStarting = await Promise.race([starting, once(child, 'close').then(() => false)]);
    if (!isStarting) {
      this.child = undefined;
      if (said.includes('Address already in use')) return false;
      throw new Error(`slapd did not start: ${said}`);
    }
    // It says so a moment before it listens.
    for (const port of [this.securePort, this.plainPort]) {
      while (child.exitCode === null && !(await isListening(port)));
    }
    return true;
  }

  private prepare(): void {
    const file = (name: string): string => join(this.folder, name);
    mkdirSync(file('db'));
    writeFileSync(file('cert.pem'), this.certificate.cert);
    writeFileSync(file('key.pem'), this.certificate.key, { mode: 0o600 });
    writeFileSync(file('people.ldif'), people.map((entry) => `${entry}\n\n`).join(''));
    writeFileSync(
      file('slapd.conf'),
      [
        ...['core', 'cosine', 'inetorgperson'].map((name) => `include /etc/ldap/schema/${name}.schema`),
        'modulepath /usr/lib/ldap',
        'moduleload back_mdb',
        `TLSCertificateFile ${file('cert.pem')}`,
        `TLSCertificateKeyFile ${file('key.pem')}`,
        // Nothing at all without TLS but to begin it.
        'security ssf=128',
        'access to attrs=userPassword by anonymous auth by * none',
        `access to dn.subtree="${hiddenBase}" by dn.exact="${reader.dn}" read by anonymous auth by * none`,
        'access to * by * read',
        'database mdb',
        'suffix "dc=example,dc=org"',
        'maxsize 16777216',
        `directory ${file('db')}`,
        '',
      ].join('\n'),
    );
    execFileSync('slapadd', ['-f', file('slapd.conf'), '-l', file('people.ldif')], {
      env: withSystemPrograms,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
}

/** Debian keeps it where only the superuser looks. */
const withSystemPrograms = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };

function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return new Promise((resolve) => {
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
