import { join } from 'node:path';
import fc from 'fast-check';
import { nameMatcher } from '../../../shared/pattern';
import { DirectoryReads } from './directory-reads';
import { memoryPath, openDatabase } from './open-database';

const migrationsFolder = join(__dirname, '../../../migrations/sqlite');

test('the list of accounts means by a pattern what every other list means by it', () => {
  const { db, close } = openDatabase({ path: memoryPath, migrationsFolder, pageCountMax: undefined });
  const names = ['A1', 'aa', 'ab', 'Aba', 'b.a', 'b-a', 'b_b', 'bab', 'ba.ba'];
  const insert = db.prepare('INSERT INTO accounts (id, name, name_key, created_at) VALUES (?, ?, ?, 0)');
  for (const name of names) {
    const id = db.prepare('INSERT INTO logs (head) VALUES (0)').run().lastInsertRowid;
    insert.run(id, name, name.toLowerCase());
  }
  const reads = new DirectoryReads(db);
  const pattern = fc.string({ unit: fc.constantFrom('a', 'B', '*', '?', '.', '_', '-', '[', ']', '^', '%', 'é') });
  const property = fc.property(pattern, (wanted) => {
    const listed = reads.list({ pattern: wanted, after: undefined, namesMax: 100 }).names;
    expect([...listed].sort()).toEqual(names.filter(nameMatcher(wanted)).sort());
  });
  fc.assert(property, { numRuns: 300 });
  close();
});
