import { version } from '../../package.json';
import { readConfig } from '../config';
import { environmentName, optionEntries, options } from './options';

/** What is printed for these arguments, with no file there. */
function printed(argv: string[], environment: Record<string, string> = {}): string {
  const startup = readConfig(argv, environment, missing);
  if (startup.kind !== 'print') throw new Error(JSON.stringify(startup));
  return startup.text;
}

function missing(): never {
  throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
}

const help = printed(['--help']);
test('--help and --version are answered whatever else is wrong', () => {
  expect(printed(['--port', 'x', '-h'], { CHATEAU_PORT: 'x' })).toBe(help);
  expect(printed(['--prot', '--version'])).toBe(`chateau ${version}\n`);
});

test.each(Object.values(options))('$name is there with its variable, bounds and default', (spec) => {
  const flat = help.replace(/\s+/g, ' ');
  expect(flat).toContain(` --${spec.name} `);
  expect(flat).toContain(`[${environmentName(spec.name)}]`);
  expect(flat).toContain(spec.allowed ?? '');
  if (spec.kind !== 'switch') expect(flat).toContain(`default ${spec.default}`);
});

test('no line is wider than 92 characters', () => {
  expect(help.split('\n').filter((line) => line.length > 92)).toEqual([]);
});

test('the file it shows as an example is a valid one, with the defaults', () => {
  const example = help.slice(help.indexOf('# chateau.toml'));
  const defaults = Object.fromEntries(optionEntries.map(([key, spec]) => [key, spec.default]));
  expect(readConfig([], {}, () => example)).toMatchObject({ kind: 'run', config: defaults });
});
