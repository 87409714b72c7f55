/** Builds: written aside and renamed, left alone when nothing has changed, and each program loads files of its own build. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { bundle } from '../../bundle.js';
import { RawClient } from '../harness/raw-client';
import { comesTrue } from './comes-true';

const root = join(__dirname, '..', '..');
const hashWorker = 'server/auth/hash-worker.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chateau-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program that prints `word`, as a source of a bundle. */
function source(word: string): string {
  const path = join(folder, 'sources', `${word}.ts`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `console.log('${word}');\n`);
  return path;
}

const out = (): string => join(folder, 'build');

/** Each file below a folder, with what changes when it is written or replaced. */
function filesBelow(path: string): string[] {
  const entries = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map((entry) => {
    const file = join(entry.parentPath, entry.name);
    const { ino, mtimeNs } = statSync(file, { bigint: true });
    return `${file} ${ino} ${mtimeNs}`;
  });
}

async function run(command: string, args: readonly string[]): Promise<{ code: number; stdout: string }> {
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  let stdout = '';
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  const [code] = await once(child, 'close');
  return { code, stdout };
}

test('npm run build writes no file when nothing has changed', async () => {
  expect((await run('npm', ['run', '--silent', 'build'])).code).toBe(0);
  const before = filesBelow(join(root, 'build'));
  expect(before.length).toBeGreaterThan(3);
  expect((await run('npm', ['run', '--silent', 'build'])).code).toBe(0);
  expect(filesBelow(join(root, 'build'))).toEqual(before);
});

test('builds that run at the same time all succeed and leave no temporary file', async () => {
  const command = `require('./bundle.js').bundle(${JSON.stringify({
    folder: out(),
    entries: { worker: hashWorker, program: source('one') },
    launchers: ['program'],
  })})`;
  const builds = await Promise.all([1, 2, 3].map(() => run(process.execPath, ['-e', command])));
  expect(builds.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(filesBelow(out()).filter((file) => file.includes('.tmp'))).toEqual([]);
  expect((await run(process.execPath, [join(out(), 'program.js')])).stdout).toBe('one\n');
});

test('a reader that has opened a file of the previous build reads it to its end, and the launcher starts the new one', async () => {
  const build = (word: string): string =>
    bundle({ folder: out(), entries: { program: source(word) }, launchers: ['program'] });
  const old = join(build('old'), 'program.js');
  const [program, launcher] = [openSync(old, 'r'), openSync(join(out(), 'program.js'), 'r')];
  build('new');
  expect(readFileSync(program, 'utf8')).toContain('console.log("old");\n');
  // The launcher names its build, which is still there.
  expect(join(out(), readFileSync(launcher, 'utf8').split("'")[1] as string)).toBe(old);
  for (const descriptor of [program, launcher]) closeSync(descriptor);
  expect((await run(process.execPath, [old])).stdout).toBe('old\n');
  expect((await run(process.execPath, [join(out(), 'program.js')])).stdout).toBe('new\n');
});

test('a build that was cut short is completed by the next one', async () => {
  const options = { folder: out(), entries: { program: source('whole') }, launchers: ['program'] };
  const programs = bundle(options);
  truncateSync(join(programs, 'program.js'), 5);
  rmSync(join(out(), 'program.js'));
  expect(bundle(options)).toBe(programs);
  expect((await run(process.execPath, [join(out(), 'program.js')])).stdout).toBe('whole\n');
});

test('a source that cannot be bundled leaves the previous build as it was', () => {
  bundle({ folder: out(), entries: { program: source('old') }, launchers: ['program'] });
  const before = filesBelow(out());
  writeFileSync(source('broken'), 'const = ;\n');
  const failing = { folder: out(), entries: { program: join(folder, 'sources', 'broken.ts') }, launchers: ['program'] };
  expect(() => bundle(failing)).toThrow(/Build failed/);
  expect(filesBelow(out())).toEqual(before);
});

test('a build is removed a week after it was replaced, and not before', () => {
  const build = (word: string): string =>
    dirname(bundle({ folder: out(), entries: { program: source(word) }, launchers: ['program'] }));
  const eightDaysAgo = Date.now() / 1_000 - 8 * 86_400;
  const first = build('first');
  utimesSync(first, eightDaysAgo, eightDaysAgo);
  const second = build('second');
  expect(readdirSync(out()).sort()).toEqual([basename(first), basename(second), 'program.js'].sort());
  utimesSync(first, eightDaysAgo, eightDaysAgo);
  utimesSync(second, eightDaysAgo, eightDaysAgo);
  const third = build('third');
  expect(readdirSync(out()).sort()).toEqual([basename(second), basename(third), 'program.js'].sort());
});

describe('a running server', () => {
  const entries = {
    server: 'server/main.ts',
    thread: 'server/store/sqlite/thread.ts',
    'hash-worker': hashWorker,
    chat: 'server/protocols/grpc/chat.proto',
  };
  const options = [
    '--port',
    '0',
    '--grpc-port',
    'off',
    '--chatbot-port',
    'off',
    '--nickroom-port',
    'off',
    '--log-level',
    'warn',
  ];
  let server: ChildProcess;
  let [stdout, stderr] = ['', ''];

  let programs: string;

  beforeEach(async () => {
    programs = bundle({ folder: out(), entries, launchers: ['server'] });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
    [stdout, stderr] = ['', ''];
    const command = [join(out(), 'server.js'), ...options, '--database', join(folder, 'chateau.db')];
    server = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'pipe'] });
    server.stdout?.on('data', (text) => {
      stdout += text;
    });
    server.stderr?.on('data', (text) => {
      stderr += text;
    });
    await comesTrue(() => stdout.includes('Ctrl-C'));
  });
  afterEach(async () => {
    server.kill('SIGKILL');
    if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
  });

  /** Asks for what the reader answers, a thread that the server starts now. */
  async function read(): Promise<void> {
    const client = await RawClient.connect(Number(/port (\d+)/.exec(stdout)?.[1]));
    expect(await client.ask('create alice pw')).toBe('201 alice');
    expect(await client.ask('login alice pw')).toBe('200 alice 0');
    client.close();
  }

  /** Connections that its threads have to the database. */
  function connections(): number {
    const descriptors = `/proc/${server.pid}/fd`;
    return readdirSync(descriptors).filter((name) => linkOf(join(descriptors, name))?.endsWith('/chateau.db')).length;
  }

  function linkOf(path: string): string | undefined {
    try {
      return readlinkSync(path);
    } catch {
      return undefined;
    }
  }

  test('starts a thread of its own build after a newer build was made', async () => {
    const before = connections();
    bundle({ folder: out(), entries: { ...entries, thread: source('newer') }, launchers: ['server'] });
    await read();
    await comesTrue(() => connections() > before || stderr !== '');
    expect(stderr).toBe('');
  });

  test('says that its build has been removed when it cannot start a thread any more', async () => {
    rmSync(join(programs, 'thread.js'));
    await read();
    await comesTrue(() => stderr.includes('store_reader_not_opened'));
    expect(stderr).toContain('the build that this server runs from has been removed: restart the server');
  });
});
