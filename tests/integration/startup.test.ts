/** How the server starts, and what it says when it cannot: one line, a status, no stack trace. */

import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { version } from '../../package.json';
import { RawClient } from '../harness/raw-client';
import { type Ended, runServer, ServerProcess } from '../harness/server-process';

let folder: string;
let server: ServerProcess;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chateau-'));
  [server] = await Promise.all([ServerProcess.start(), makeUsedDatabase()]);
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const nobody = 65_534;

function path(name: string): string {
  return join(folder, name);
}

function expectOneLine(ended: Ended, line: string): void {
  expect(ended.stderr).toBe(`chateau: ${line}\n`);
  expect(ended.stdout).toBe('');
  expect(ended.code).toBe(1);
}

/** A copy of the database that a server has made and left. */
function usedDatabase(name: string): string {
  copyFileSync(path('a/b/c/chateau.db'), path(name));
  return path(name);
}

async function makeUsedDatabase(): Promise<void> {
  const used = await ServerProcess.start(['--database', path('a/b/c/chateau.db')]);
  const client = await RawClient.connect(used.port);
  await client.ask('create alice secret');
  client.close();
  used.signal('SIGTERM');
  await used.ended();
  await used.stop();
}

describe('a server that has started', () => {
  test('says where it listens, where it keeps what, and how to begin', () => {
    expect(server.stdout.split('\n')).toEqual([
      `chateau ${version} listens on 127.0.0.1 port ${server.port}; accounts and messages in ${server.database}`,
      '',
      `  npm run client -- --host 127.0.0.1 --port ${server.port}   chat in a terminal`,
      expect.stringMatching(new RegExp(`^  nc 127\\.0\\.0\\.1 ${server.port} +the same by hand: create alice pw, `)),
      expect.stringMatching(new RegExp(`^  ws://127\\.0\\.0\\.1:${server.port}/ws +JSON over WebSockets$`)),
      '',
      'Ctrl-C stops it.',
      '',
    ]);
    expect(server.stderr).toBe('');
  });

  test('has made its database for itself alone', () => {
    expect(statSync(server.database).mode & 0o077).toBe(0);
  });

  test('makes the folders of its database, and leaves no journal when it has closed', () => {
    expect(readdirSync(path('a/b/c')).filter((name) => /-(wal|shm|journal)$/.test(name))).toEqual([]);
  });
});

describe('is told in one line that', () => {
  test('the port is in use', async () => {
    expectOneLine(
      await runServer(['--port', `${server.port}`, '--database', path('other.db')]),
      `127.0.0.1:${server.port} is in use: stop what listens there, or choose another port with --port (0 takes any free one)`,
    );
  });

  test('the port of another wire is in use', async () => {
    expectOneLine(
      await runServer(['--port', '0', '--memory', '--chatbot-port', `${server.port}`]),
      `127.0.0.1:${server.port} is in use: stop what listens there, or choose another port with --chatbot-port ` +
        '(0 takes any free one, off does without)',
    );
  });

  test('the address is none of this machine', async () => {
    expectOneLine(
      await runServer(['--host', '192.0.2.1', '--port', '0', '--memory']),
      '192.0.2.1 is not an address of this machine: choose another with --host',
    );
  });

  test('another server has the database, which goes on', async () => {
    const ended = await runServer(['--port', '0', '--database', server.database]);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/^chateau: [^\n]+\n$/);
    expect(ended.stderr).toContain(server.database);
    const client = await RawClient.connect(server.port);
    expect(await client.ask('create still pw')).toBe('201 still');
    client.close();
  });

  test('the folder of the database cannot be written', async () => {
    mkdirSync(path('locked'));
    chmodSync(folder, 0o755);
    chmodSync(path('locked'), 0o555);
    const ended = await runServer(['--port', '0', '--database', path('locked/chateau.db')], {
      ...(process.getuid?.() === 0 ? { uid: nobody } : {}),
    });
    expectOneLine(
      ended,
      `not allowed to write ${path('locked/chateau.db')}: give this user the right to write the file and its folder, ` +
        'or choose another file with --database',
    );
  });

  test('the database is a folder', async () => {
    expectOneLine(
      await runServer(['--port', '0', '--database', folder]),
      `${folder} is a folder: choose a file with --database`,
    );
  });

  test('the database is none', async () => {
    writeFileSync(path('letter.db'), 'Dear server, this is a letter and no database.\n'.repeat(200));
    const ended = await runServer(['--port', '0', '--database', path('letter.db')]);
    expectOneLine(
      ended,
      `${path('letter.db')} is not a SQLite database: move it away, or choose another file with --database`,
    );
    expect(readFileSync(path('letter.db'), 'utf8')).toMatch(/^Dear server/);
  });

  test('the database belongs to another program', async () => {
    const db = new SqliteDatabase(path('foreign.db'));
    db.exec('CREATE TABLE recipes (name TEXT)');
    db.close();
    expectOneLine(
      await runServer(['--port', '0', '--database', path('foreign.db')]),
      `${path('foreign.db')} is a database of another program: move it away, or choose another file with --database`,
    );
  });

  test('the database is damaged', async () => {
    const database = usedDatabase('damaged.db');
    truncateSync(database, 4_096);
    expectOneLine(
      await runServer(['--port', '0', '--database', database]),
      `${database} is damaged: restore it from a backup, or choose another file with --database`,
    );
  });

  test('the database is newer than the program', async () => {
    const database = usedDatabase('newer.db');
    const db = new SqliteDatabase(database);
    db.prepare(
      'INSERT INTO schema_migrations SELECT 9000, name, sha256, applied_at FROM schema_migrations LIMIT 1',
    ).run();
    db.close();
    expectOneLine(
      await runServer(['--port', '0', '--database', database]),
      `${database} was written by a newer version of chateau: run that one, or choose another file with --database`,
    );
  });
});

describe('settings', () => {
  test('that are wrong are all told at once, each with where it stands', async () => {
    writeFileSync(path('bad.toml'), 'port = "x"\n\ncolour = "red"\n');
    const ended = await runServer(['--config', path('bad.toml'), '--prot', '1', '--bcrypt-cost', '99', '--host'], {
      environment: { CHATEAU_CONNECTIONS: 'many' },
    });
    expect(ended.stderr.trimEnd().split('\n').sort()).toEqual([
      '--bcrypt-cost: must be a whole number from 4 to 15, not "99"',
      '--host: needs a value',
      '--prot: no such flag; did you mean --port?',
      `${path('bad.toml')}:1: port: must be a whole number from 0 to 65535, not "x"`,
      `${path('bad.toml')}:3: colour: no such setting`,
      'CHATEAU_CONNECTIONS: must be a whole number from 1 to 1000000, not "many"',
    ]);
    expect(ended.stdout).toBe('');
    expect(ended.code).toBe(2);
  });

  test('come from flags over environment over file, and are printed with where they come from', async () => {
    writeFileSync(path('good.toml'), 'port = 1001\nconnections = 11\nmailbox-messages = 12\n');
    const ended = await runServer(['--print-config', '--port', '1003', '--config', path('good.toml')], {
      environment: { CHATEAU_PORT: '1002', CHATEAU_CONNECTIONS: '22' },
    });
    expect(ended.stdout.split('\n')).toEqual(
      expect.arrayContaining([
        'host = "127.0.0.1"  # default',
        'port = 1003  # --port',
        'connections = 22  # CHATEAU_CONNECTIONS',
        `mailbox-messages = 12  # ${path('good.toml')}:3`,
      ]),
    );
    expect(ended.stderr).toBe('');
    expect(ended.code).toBe(0);
  });

  test('are explained by --help, whatever else is wrong', async () => {
    const ended = await runServer(['--nonsense', '--help']);
    expect(ended.stdout).toMatch(new RegExp(`^chateau ${version}: `));
    for (const flag of ['--host', '--port', '--database', '--memory', '--bcrypt-cost', '--print-config']) {
      expect(ended.stdout).toContain(`  ${flag}`);
    }
    expect(ended.stderr).toBe('');
    expect(ended.code).toBe(0);
  });

  test('--version prints the version', async () => {
    expect(await runServer(['--version'])).toEqual({
      code: 0,
      signal: null,
      stdout: `chateau ${version}\n`,
      stderr: '',
    });
  });
});

describe('a server on every address', () => {
  let open: ServerProcess;

  beforeAll(async () => {
    const ports = ['--grpc-port', '0', '--chatbot-port', '0', '--nickroom-port', '0'];
    open = await ServerProcess.start(['--host', '0.0.0.0', '--memory', ...ports]);
  });
  afterAll(() => open.stop());

  /** Whether something listens there at an address of this machine that is not 127.0.0.1. */
  async function isReached(port: number): Promise<boolean> {
    const socket = connect(port, '127.0.0.2');
    const outcome = await new Promise<boolean>((resolve) => {
      socket.on('connect', () => resolve(true));
      socket.on('error', () => resolve(false));
    });
    socket.destroy();
    return outcome;
  }

  test('keeps to this machine the wires that ask for no password', async () => {
    const portOf = (wire: string): number => Number(new RegExp(`:(\\d+) +${wire} clients`).exec(open.stdout)?.[1]);
    expect(await isReached(open.port)).toBe(true);
    expect(await isReached(portOf('gRPC'))).toBe(true);
    expect(await isReached(portOf('chatbot'))).toBe(false);
    expect(await isReached(portOf('nick room'))).toBe(false);
    for (const wire of ['chatbot', 'nick room']) (await RawClient.connect(portOf(wire))).close();
  });
});

describe('a server for one connection', () => {
  let small: ServerProcess;

  beforeAll(async () => {
    small = await ServerProcess.start(['--connections', '1', '--memory']);
  });
  afterAll(() => small.stop());

  test('tells a second one that it is too many, and takes one again when the first has gone', async () => {
    const first = await RawClient.connect(small.port);
    expect(await first.ask('ping')).toBe('200');
    const second = await RawClient.connect(small.port);
    expect(await second.closed()).toBe('! 503 too many connections\r\n');
    first.send('quit\n');
    await first.closed();
    // The server may hear a moment later that the first has gone.
    let answer: string;
    do {
      const next = await RawClient.connect(small.port);
      answer = await next.ask('ping');
      next.close();
    } while (answer !== '200');
  });
});
