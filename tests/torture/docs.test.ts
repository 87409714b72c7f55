import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { usageText } from './flags';

test('docs/torture.md has every flag that --help has, and no other', () => {
  const page = readFileSync(join(__dirname, '..', '..', 'docs', 'torture.md'), 'utf8');
  const rows = page.match(/^\| `--[a-z]+/gm)?.map((row) => row.slice('| `'.length));
  expect(rows).toEqual(usageText.match(/^ {2}--[a-z]+/gm)?.map((line) => line.trim()));
});
