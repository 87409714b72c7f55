import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from './make-folder';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chateau-folder-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('every folder that is missing is made, for its owner alone', () => {
  makeFolder(join(folder, 'a', 'b'));
  for (const made of [join(folder, 'a'), join(folder, 'a', 'b')]) expect(statSync(made).mode & 0o777).toBe(0o700);
});

test('a folder that is there is left as it is', () => {
  const { mode } = statSync(folder);
  makeFolder(folder);
  expect(statSync(folder).mode).toBe(mode);
});

test('a file on the way is told', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => makeFolder(join(folder, 'file', 'b'))).toThrow('ENOTDIR');
});
