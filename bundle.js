/** Bundles programs with esbuild. `node bundle.js` builds the server, the client and the admin program.
 *
 *  Each build is a folder named by the hash of its contents, which never changes once it is complete:
 *
 *      build/server.js                       launcher: require('./<hash>/programs/server.js')
 *      build/<hash>/programs/server.js, thread.js, ...
 *      build/<hash>/migrations/sqlite/*.sql
 *
 *  A running program finds everything that it loads later (worker threads, chat.proto, migrations) in its own build,
 *  whatever has been built since. Every file is written under another name and renamed, the launchers last, so a reader sees
 *  a whole file or none, a crash leaves the previous build in place, and concurrent builds do not disturb each other.
 *  @see docs/architecture.md#builds */

const { createHash } = require('node:crypto');
const {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} = require('node:fs');
const { basename, dirname, join } = require('node:path');
const { buildSync } = require('esbuild');

const root = __dirname;
const migrations = join('migrations', 'sqlite');

/** How long a replaced build is kept for the programs that still run from it. */
const keptMs = 7 * 86_400_000;

/** Loaded from node_modules at run time: native code, packages that read files of their own, and those that a start should
 *  not pay for. */
const external = [
  ...['better-sqlite3', 'piscina', 'readline-sync', '@grpc/*', 'grpc-health-check', 'ldapts', 'selfsigned'],
];

/** The programs of this project and the files that they load at run time. */
const product = {
  folder: join(root, 'build'),
  entries: {
    server: 'server/main.ts',
    client: 'client/terminal/main.ts',
    admin: 'server/admin/main.ts',
    thread: 'server/store/sqlite/thread.ts',
    'hash-worker': 'server/auth/hash-worker.ts',
    'tcp-table': 'server/protocols/tcp-table.ts',
    chat: 'server/protocols/grpc/chat.proto',
  },
  launchers: ['server', 'client', 'admin'],
};

/** Builds into `folder` and writes only what is not there already. With launchers, builds that were replaced more than a week
 *  ago are removed.
 *  @param {object} options
 *  @param {string} options.folder made when missing
 *  @param {Readonly<Record<string, string>>} options.entries each output's name without its extension, and its source, relative
 *    to the root of the project
 *  @param {readonly string[]} [options.launchers] the outputs that `folder` gets a launcher of the same name for
 *  @returns {string} the folder of the bundled programs
 *  @throws {Error} when a source cannot be bundled; nothing has been written then */
function bundle({ folder, entries, launchers = [] }) {
  const files = new Map([...bundled(entries), ...migrationFiles()]);
  const build = join(folder, hashOf(files));
  for (const [path, bytes] of files) writeWhole(join(build, path), bytes, build);
  for (const name of launchers) {
    const launcher = join(folder, `${name}.js`);
    const replaced = launchedBuild(launcher);
    const isWritten = writeWhole(
      launcher,
      Buffer.from(`require('./${basename(build)}/programs/${name}.js');\n`),
      build,
    );
    // Its age counts from now on.
    if (isWritten && replaced !== undefined) touch(join(folder, replaced));
  }
  if (launchers.length > 0) removeOldBuilds(folder);
  return join(build, 'programs');
}

/** @param {Readonly<Record<string, string>>} entries
 *  @returns {[path: string, bytes: Uint8Array][]} */
function bundled(entries) {
  const { outputFiles } = buildSync({
    absWorkingDir: root,
    entryPoints: Object.entries(entries).map(([out, source]) => ({ in: source, out })),
    // Nothing is written there, but it decides the paths.
    outdir: 'programs',
    write: false,
    bundle: true,
    platform: 'node',
    target: 'node20',
    external,
    loader: { '.proto': 'copy' },
    logLevel: 'warning',
  });
  return outputFiles.map(({ path, contents }) => [join('programs', basename(path)), contents]);
}

/** @returns {[path: string, bytes: Uint8Array][]} */
function migrationFiles() {
  const names = readdirSync(join(root, migrations)).filter((name) => name.endsWith('.sql'));
  return names.map((name) => [join(migrations, name), readFileSync(join(root, migrations, name))]);
}

/** @param {ReadonlyMap<string, Uint8Array>} files
 *  @returns {string} */
function hashOf(files) {
  const hash = createHash('sha256');
  for (const [path, bytes] of [...files].sort(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(`${path} ${bytes.length}\n`).update(bytes);
  return hash.digest('hex').slice(0, 16);
}

/** Replaces a file that has other contents, atomically. The temporary file is written in `spare`.
 *  @param {string} path
 *  @param {Uint8Array} bytes
 *  @param {string} spare
 *  @returns {boolean} whether it was written */
function writeWhole(path, bytes, spare) {
  if (readIfAny(path)?.equals(bytes) === true) return false;
  mkdirSync(dirname(path), { recursive: true });
  const temporary = join(spare, `${basename(path)}.${process.pid}.tmp`);
  writeFileSync(temporary, bytes);
  renameSync(temporary, path);
  return true;
}

/** The hash of the build that a launcher starts, if there is one.
 *  @param {string} launcher
 *  @returns {string | undefined} */
function launchedBuild(launcher) {
  return /^require\('\.\/([0-9a-f]{16})\//.exec(readIfAny(launcher)?.toString() ?? '')?.[1];
}

/** Removes builds that were replaced more than {@link keptMs} ago.
 *  @param {string} folder */
function removeOldBuilds(folder) {
  const launched = new Set(
    readdirSync(folder).map((name) => (name.endsWith('.js') ? launchedBuild(join(folder, name)) : undefined)),
  );
  for (const name of readdirSync(folder)) {
    if (!/^[0-9a-f]{16}$/.test(name) || launched.has(name)) continue;
    const age = Date.now() - (statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (age > keptMs) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** @param {string} path
 *  @returns {Buffer | undefined} */
function readIfAny(path) {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

/** @param {string} path */
function touch(path) {
  const now = new Date();
  try {
    utimesSync(path, now, now);
  } catch {
    // It has been removed.
  }
}

module.exports = { bundle };

if (require.main === module) {
  try {
    bundle(product);
  } catch (error) {
    // esbuild has printed its own errors, with the lines that they are in.
    if (!(error instanceof Error && 'errors' in error)) throw error;
    process.exitCode = 1;
  }
}
