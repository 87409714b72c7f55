import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { entries, tooDeep, type Wall, walls } from './walls';

/** The walls between the folders, as biome.json draws them: a house is built elsewhere under the same biome.json, with
 *  imports that must be refused and imports that must not, and linted once. */

/** Lines that break a rule other than that of imports, each in a file of its own. */
const lines: Record<string, { file: string; text: string; rule: string | undefined }> = {
  'the core has no chance of its own': {
    file: 'server/core/c.ts',
    text: 'export const chance = Math.random();',
    rule: 'nursery/noJsRestrictedProperties',
  },
  'an adapter may use what Node has': {
    file: 'server/store/g.ts',
    text: 'export const all = [Buffer, process, setTimeout];',
    rule: undefined,
  },
  'a test of the core may have all of these': {
    file: 'server/core/k.test.ts',
    text: 'export const all = [Buffer, process, Date.now(), setTimeout, Math.random()];',
    rule: undefined,
  },
  'a test of shared may have a Buffer': {
    file: 'shared/l.test.ts',
    text: 'export const all = [Buffer, process];',
    rule: undefined,
  },
  'a promise is not left alone': {
    file: 'server/store/h.ts',
    text: 'async function work(): Promise<void> {}\nexport function start() {\n  work();\n}',
    rule: 'nursery/noFloatingPromises',
  },
  'nothing is any': { file: 'server/i.ts', text: 'export const x: any = 1;', rule: 'suspicious/noExplicitAny' },
  'a test may declare something to be there': {
    file: 'server/m.test.ts',
    text: 'export const first = (list: string[]) => list[0]!;',
    rule: undefined,
  },
  'nothing is declared to be there': {
    file: 'server/j.ts',
    text: 'export const first = (list: string[]) => list[0]!;',
    rule: 'style/noNonNullAssertion',
  },
};

const nodeOnly = ['Buffer', 'process', 'global', 'require'];
const ambient: readonly (readonly [folder: string, names: readonly string[]])[] = [
  ['shared', nodeOnly],
  ['client/core', nodeOnly],
  ['server/core', [...nodeOnly, 'Date', 'performance', 'setTimeout', 'setInterval', 'setImmediate']],
  ['server/core/service', ['Date']],
];
for (const [folder, names] of ambient) {
  for (const name of names) {
    const text = `export const used = ${name};`;
    lines[`${folder} uses no ${name}`] = { file: `${folder}/${name}.ts`, text, rule: 'style/noRestrictedGlobals' };
  }
}

/** Ways around a wall: up to a folder's index, or out again of a folder that is allowed. */
function detours({ allowed }: Wall): string[] {
  const folders = allowed.map((path) => dirname(path)).filter((folder) => /^\.$|(core|shared|harness)$/.test(folder));
  return ['..', '../..', '../../..', ...folders.map((folder) => `${folder}/../detour/part`)];
}

interface Diagnostic {
  readonly severity: string;
  readonly category: string;
  readonly location: { readonly path: string; readonly start: { readonly line: number } };
}

let house: string;
let diagnostics: readonly Diagnostic[];

beforeAll(() => {
  house = mkdtempSync(join(tmpdir(), 'chateau-walls-'));
  copyFileSync(join(__dirname, '..', 'biome.json'), join(house, 'biome.json'));
  for (const wall of Object.values(walls)) {
    const imports = [...wall.refused, ...detours(wall), ...wall.allowed];
    build(wall.file, imports.map((path) => `import '${path}';`).join('\n'));
  }
  for (const [file, refused, allowed] of entries) build(file, `import '${refused}';\nimport '${allowed}';`);
  for (const file of tooDeep) build(file, "import './beside';");
  for (const { file, text } of Object.values(lines)) build(file, text);
  build('server/core/ring/one.ts', "import { two } from './two';\nexport const one = (): number => two();");
  build('server/core/ring/two.ts', "import { one } from './one';\nexport const two = (): number => one();");
  build('shared/ring-one.ts', "import type { Two } from './ring-two';\nexport type One = Two | 1;");
  build('shared/ring-two.ts', "import type { One } from './ring-one';\nexport type Two = One | 2;");
  diagnostics = lint();
});
afterAll(() => rmSync(house, { recursive: true, force: true }));

function build(file: string, text: string): void {
  mkdirSync(join(house, dirname(file)), { recursive: true });
  writeFileSync(join(house, file), `${text}\n`);
}

function lint(): readonly Diagnostic[] {
  const biome = join(dirname(require.resolve('@biomejs/biome/package.json')), 'bin', 'biome');
  const run = spawnSync(process.execPath, [biome, 'lint', '--reporter=json', '--max-diagnostics=none', '.'], {
    cwd: house,
    encoding: 'utf8',
    maxBuffer: 64 * 1_048_576,
  });
  return JSON.parse(run.stdout).diagnostics;
}

/** The lines of `file` where an error of `rule` is. */
function errorLines(file: string, rule: string): number[] {
  return diagnostics
    .filter(({ severity, category, location }) => {
      return severity === 'error' && category === `lint/${rule}` && location.path === file;
    })
    .map(({ location }) => location.start.line);
}

test.each(Object.entries(walls))('%s', (_, wall) => {
  const refused = [...wall.refused, ...detours(wall)];
  const refusedLines = new Set(errorLines(wall.file, 'style/noRestrictedImports'));
  const found = [...refused, ...wall.allowed].filter((_path, index) => refusedLines.has(index + 1));
  expect(found).toEqual(refused);
});

test.each(entries)('%s does not import the entry %s', (file) => {
  expect(errorLines(file, 'style/noRestrictedImports')).toEqual([1]);
});

test.each(tooDeep)('a folder deeper than the walls know imports nothing: %s', (file) => {
  expect(errorLines(file, 'style/noRestrictedImports')).toEqual([1]);
});

test.each(Object.entries(lines))('%s', (_, { file, rule }) => {
  const errors = diagnostics.filter(({ severity, location }) => severity === 'error' && location.path === file);
  expect(errors.map(({ category }) => category)).toEqual(rule === undefined ? [] : [`lint/${rule}`]);
});

test('two files do not import each other', () => {
  expect(errorLines('server/core/ring/one.ts', 'suspicious/noImportCycles')).toEqual([1]);
  expect(errorLines('server/core/ring/two.ts', 'suspicious/noImportCycles')).toEqual([1]);
});

test('two files do not even import types from each other', () => {
  expect(errorLines('shared/ring-one.ts', 'suspicious/noImportCycles')).toEqual([1]);
});
