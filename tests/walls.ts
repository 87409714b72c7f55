/** The walls between the folders, as imports that are refused and imports that are not. walls.test.ts lints them. */

/** What one file may import and what not. */
export interface Wall {
  readonly file: string;
  readonly refused: readonly string[];
  readonly allowed: readonly string[];
}

const packages = ['node:fs', 'fs', 'pino', '@swc/core'];

/** The walls by what they say. */
export const walls: Record<string, Wall> = {
  'shared imports nothing outside shared': {
    file: 'shared/wall.ts',
    refused: [...packages, '../server/core/ports', '../client/core/api'],
    allowed: ['./names'],
  },
  'a test of shared may import packages too': {
    file: 'shared/wall.test.ts',
    refused: ['../server/core/ports', '../tests/docs'],
    allowed: ['./names', '../tests/harness/world', ...packages],
  },
  'the core imports nothing but itself and shared': {
    file: 'server/core/wall.ts',
    refused: [
      ...packages,
      '../store/sqlite/open',
      '../protocols/connection',
      '../config',
      '../main',
      '../../client/core/api',
      '../../tests/harness/world',
      '../core/../store/contract',
      './service/../../store/contract',
      '../../shared/../server/config',
    ],
    allowed: ['./ports', './service/accounts', '../../shared/names'],
  },
  'a folder of the core imports nothing but the core and shared': {
    file: 'server/core/service/wall.ts',
    refused: [...packages, '../../store/contract', '../../config', '../..', '../../../client/core/api'],
    allowed: ['./rooms', '../ports', '../other/part', '../../../shared/names'],
  },
  'a test of the core may import packages, but no adapter': {
    file: 'server/core/wall.test.ts',
    refused: ['../store/sqlite/open', '../config', '../../client/core/api'],
    allowed: ['./ports', '../../shared/names', ...packages],
  },
  'a test in a folder of the core may import packages, but no adapter': {
    file: 'server/core/service/wall.test.ts',
    refused: ['../../store/sqlite/open', '../../config'],
    allowed: ['../ports', '../../../shared/names', ...packages],
  },
  'an adapter of one level imports no other one': {
    file: 'server/auth/wall.ts',
    refused: ['../store/contract', '../config', '../main', '../../client/core/api', '../core/../store/contract'],
    allowed: ['./hash-pool', '../core/ports', '../core/service/rooms', '../../shared/names', ...packages],
  },
  'settings know shared and the levels of the log': {
    file: 'server/config/wall.ts',
    refused: ['../core/ports', '../store/contract', '../main', '../../client/core/api', '../../shared/../server/main'],
    allowed: ['./options', '../logger', '../../shared/nearest', ...packages],
  },
  'an adapter of two levels imports its own folder and no other one': {
    file: 'server/protocols/cmap/wall.ts',
    refused: ['../chateau/codec', '../../store/contract', '../../main', '../../config', '../../../client/core/api'],
    allowed: ['./v2/codec', '../connection', '../../core/ports', '../../../shared/names', ...packages],
  },
  'an adapter of three levels imports its own folders and no other one': {
    file: 'server/protocols/cmap/v2/wall.ts',
    refused: ['../../chateau/codec', '../../../store/contract', '../../../main', '../../../../client/core/api'],
    allowed: ['./dialog', '../v1/codec', '../../connection', '../../../core/ports', '../../../../shared/names', 'pino'],
  },
  'the client library imports nothing but itself and shared': {
    file: 'client/core/wall.ts',
    refused: [...packages, 'node:net', '../terminal/prompt', '../../server/core/ports'],
    allowed: ['./api', '../../shared/names'],
  },
  'its TCP transport may open sockets and nothing else': {
    file: 'client/core/tcp.ts',
    refused: ['node:fs', 'pino', '../terminal/prompt'],
    allowed: ['./api', '../../shared/names', 'node:net', 'node:tls'],
  },
  'its journal may open files and nothing else': {
    file: 'client/core/file-journal.ts',
    refused: ['node:net', 'pino', '../terminal/prompt'],
    allowed: ['./api', '../../shared/names', 'node:fs', 'node:path', 'node:process'],
  },
  'a test of the client library may import packages, but no server': {
    file: 'client/core/wall.test.ts',
    refused: ['../../server/main', '../../server/core/ports', '../terminal/prompt'],
    allowed: ['./api', '../../shared/names', ...packages],
  },
  'the terminal imports no server and no other face': {
    file: 'client/terminal/wall.ts',
    refused: ['../web/page', '../../server/core/ports', '../../server/main', './main'],
    allowed: ['./prompt', '../core/api', '../../shared/names', ...packages],
  },
  'a folder of the terminal imports no server and no other face': {
    file: 'client/terminal/commands/wall.ts',
    refused: ['../../web/page', '../../../server/core/ports', '../main'],
    allowed: ['../prompt', '../other/part', '../../core/api', '../../../shared/names', ...packages],
  },
  'the file-driven client imports no server and no other face': {
    file: 'client/ws/wall.ts',
    refused: ['../terminal/prompt', '../../server/core/ports', '../../server/main', './main'],
    allowed: ['./frame-reader', '../core/sanitize', '../../shared/names', 'ws', ...packages],
  },
  'a folder of the file-driven client imports no server and no other face': {
    file: 'client/ws/parts/wall.ts',
    refused: ['../../terminal/prompt', '../../../server/core/ports', '../main'],
    allowed: ['../frame-reader', '../other/part', '../../core/sanitize', '../../../shared/names', ...packages],
  },
  'the web page imports no server and no other face': {
    file: 'client/web/wall.ts',
    refused: ['../terminal/prompt', '../../server/core/ports', './main'],
    allowed: ['./page', '../core/api', '../../shared/names', 'preact'],
  },
  'a folder of the web page imports no server and no other face': {
    file: 'client/web/parts/wall.ts',
    refused: ['../../terminal/prompt', '../../../server/core/ports', '../main'],
    allowed: ['../page', '../../core/api', '../../../shared/names', 'preact'],
  },
};

// The walls of tests are drawn beside those of the rest, so they are tried beside them.
for (const [name, wall] of Object.entries(walls)) {
  if (!name.startsWith('an adapter') && !/(terminal|client|page) imports no server/.test(name)) continue;
  walls[`a test is no exception: ${name}`] = { ...wall, file: wall.file.replace('.ts', '.test.ts') };
}

/** A test may do what its folder may, and use the harness, which nothing else may. */
const harness: readonly (readonly [folder: string, path: string])[] = [
  ['shared', '../tests/harness/world'],
  ['server/core', '../../tests/harness/world'],
  ['server/core/service', '../../../tests/harness/world'],
  ['client/core', '../../tests/harness/world'],
  ...['server/protocols', 'server/store', 'server/bus', 'server/auth', 'server/http', 'server/admin'].flatMap(
    (folder) => [
      [folder, '../../tests/harness/world'] as const,
      [`${folder}/part`, '../../../tests/harness/world'] as const,
      [`${folder}/part/part`, '../../../../tests/harness/world'] as const,
    ],
  ),
  ...['client/terminal', 'client/ws', 'client/web'].flatMap((folder) => [
    [folder, '../../tests/harness/world'] as const,
    [`${folder}/part`, '../../../tests/harness/world'] as const,
  ]),
];
for (const [folder, path] of harness) {
  const outside = path.replace('tests/harness/world', 'bench/part');
  walls[`the harness is for tests, not for the rest of ${folder}`] = {
    file: `${folder}/harness.ts`,
    refused: [path],
    allowed: ['./part'],
  };
  walls[`a test in ${folder} may use the harness`] = {
    file: `${folder}/harness.test.ts`,
    refused: [outside],
    allowed: ['./part', path],
  };
}

for (const adapter of ['protocols', 'store', 'bus', 'auth', 'http', 'admin']) {
  const other = adapter === 'bus' ? 'store' : 'bus';
  walls[`${adapter} imports no other adapter`] = {
    file: `server/${adapter}/other.ts`,
    refused: [`../${other}/contract`],
    allowed: ['../core/ports'],
  };
  walls[`a folder of ${adapter} imports no other adapter`] = {
    file: `server/${adapter}/part/other.ts`,
    refused: [`../../${other}/contract`],
    allowed: ['../contract'],
  };
  walls[`a folder in a folder of ${adapter} imports no other adapter`] = {
    file: `server/${adapter}/part/part/other.ts`,
    refused: [`../../../${other}/contract`],
    allowed: ['../../contract'],
  };
}

/** Outside the walls there is one rule: main.ts is an entry. */
export const entries: readonly (readonly [file: string, refused: string, allowed: string])[] = [
  ['server/wall.ts', './main', './config'],
  // The one of the admin program knows the parts, as that of the server does.
  ['server/admin/main.ts', '../main', '../auth/part'],
  ['tests/wall.ts', '../server/main', '../server/config'],
  ['bench/wall.ts', '../client/terminal/main.ts', '../client/core/api'],
];

/** One level further than the walls are drawn for. */
export const tooDeep = [
  'shared/a/deep.ts',
  'server/core/a/b/deep.ts',
  'server/protocols/a/b/c/deep.ts',
  'server/store/a/b/c/deep.ts',
  'server/bus/a/b/c/deep.ts',
  'server/auth/a/b/c/deep.ts',
  'server/http/a/b/c/deep.ts',
  'server/admin/a/b/c/deep.ts',
  'client/core/a/deep.ts',
  'client/terminal/a/b/deep.ts',
  'client/ws/a/b/deep.ts',
  'client/web/a/b/deep.ts',
];
