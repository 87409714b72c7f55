import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import fc from 'fast-check';
import type { NamePage, NameQuery } from '../../core/ports';
import type { NameIndexBounds } from './name-index';
import { NameSearch } from './name-search';
import { memoryPath, type OpenDatabase, openDatabase } from './open-database';

const migrationsFolder = join(__dirname, '../../../migrations/sqlite');
const tiny: NameIndexBounds = { blockKeysMax: 4, blockChangesMax: 2, createdMax: 5 };

type SearchQuery = NameQuery & { readonly pattern: string };

function open(): OpenDatabase {
  return openDatabase({ path: memoryPath, migrationsFolder, pageCountMax: undefined });
}

/** False when somebody has the name. */
function create(db: Database, name: string): boolean {
  if (db.prepare('SELECT 1 FROM accounts WHERE name_key = ?').get(name.toLowerCase()) !== undefined) return false;
  const id = db.prepare('INSERT INTO logs (head) VALUES (0)').run().lastInsertRowid;
  db.prepare('INSERT INTO accounts (id, name, name_key, created_at) VALUES (?, ?, ?, 0)').run(
    id,
    name,
    name.toLowerCase(),
  );
  return true;
}

function remove(db: Database, name: string): void {
  db.prepare('DELETE FROM accounts WHERE name_key = ?').run(name.toLowerCase());
}

/** What SQLite finds when it looks at every account. */
function scan(db: Database, { pattern, after, namesMax }: SearchQuery): NamePage {
  const key = pattern.toLowerCase();
  const [condition, wanted] = /[*?]/.test(key)
    ? ['name_key GLOB ?', key.replaceAll('[', '[[]').replace(/\*+/g, '*')]
    : ['instr(name_key, ?) > 0', key];
  const names = db
    .prepare(`SELECT name FROM accounts WHERE ${condition} AND name_key > ? ORDER BY name_key LIMIT ?`)
    .pluck()
    .all(wanted, after?.toLowerCase() ?? '', namesMax + 1) as never[];
  return { names: names.slice(0, namesMax), more: names.length > namesMax };
}

const text = (maxLength: number, ...units: string[]) =>
  fc.string({ unit: fc.constantFrom(...units), minLength: 1, maxLength });
const name = text(5, 'a', 'A', 'b', 'C', '7', '.', '_', '-');
const query: fc.Arbitrary<SearchQuery> = fc.record({
  pattern: text(5, 'a', 'B', 'c', '7', '.', '-', '*', '?', '[', '\n', 'é'),
  after: fc.option(text(3, 'a', 'C', '7', '_', 'z', 'é', '\n'), { nil: undefined }),
  namesMax: fc.integer({ min: 1, max: 6 }),
});
const step = fc.oneof(
  fc.record({ kind: fc.constant('create' as const), names: fc.array(name, { minLength: 1, maxLength: 8 }) }),
  fc.record({ kind: fc.constant('remove' as const), names: fc.array(name, { minLength: 1, maxLength: 8 }) }),
  fc.record({ kind: fc.constant('search' as const), query }),
);

test('whatever is created and removed in between, a search finds what a look at every account finds', () => {
  const property = fc.property(
    fc.array(name, { maxLength: 60 }),
    fc.array(step, { minLength: 1, maxLength: 30 }),
    (names, steps) => {
      const { db, close } = open();
      for (const each of names) create(db, each);
      const search = new NameSearch(db, tiny);
      for (const taken of steps) {
        if (taken.kind === 'create') for (const each of taken.names) create(db, each);
        else if (taken.kind === 'remove') for (const each of taken.names) remove(db, each);
        else expect(search.page(taken.query)).toEqual(scan(db, taken.query));
      }
      close();
    },
  );
  fc.assert(property, { numRuns: 300 });
});

describe('among 40,000 accounts', () => {
  const numbered = (i: number): string =>
    `${i % 3 === 0 ? 'U' : 'u'}${((i * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, '0')}`;
  let opened: OpenDatabase;
  let search: NameSearch;
  beforeAll(() => {
    opened = open();
    opened.db.transaction(() => {
      for (let i = 0; i < 40_000; i += 1) create(opened.db, numbered(i));
    })();
    search = new NameSearch(opened.db);
  });
  afterAll(() => opened.close());

  /** All pages, each of which is what the scan gives; how many names they have. */
  function countByPages(pattern: string): number {
    let count = 0;
    let after: string | undefined;
    for (;;) {
      const query = { pattern, after, namesMax: 1_000 };
      const page = search.page(query);
      expect(page).toEqual(scan(opened.db, query));
      count += page.names.length;
      after = page.names.at(-1);
      if (!page.more) return count;
    }
  }

  function countByScan(pattern: string): number {
    return scan(opened.db, { pattern, after: undefined, namesMax: 100_000 }).names.length;
  }

  test.each(['a', 'A7', 'a7b', '0f3c', 'u*7b?', '*a*b*', '?????????', '*', 'u8*', '*ff', 'x', '????'])(
    'the pages of %s follow one another to the last name',
    (pattern) => {
      expect(countByPages(pattern)).toBe(countByScan(pattern));
    },
  );

  test('more accounts may come between two searches than are looked at one by one', () => {
    opened.db.transaction(() => {
      for (let i = 40_000; i < 60_000; i += 1) create(opened.db, numbered(i));
    })();
    expect(countByPages('a7')).toBe(countByScan('a7'));
  });

  test('a name is found as it is spelt by whoever has it now', () => {
    const lower = numbered(1);
    expect(search.page({ pattern: lower, after: undefined, namesMax: 1 }).names).toEqual([lower]);
    remove(opened.db, lower);
    expect(search.page({ pattern: lower, after: undefined, namesMax: 1 }).names).toEqual([]);
    create(opened.db, lower.toUpperCase());
    expect(search.page({ pattern: lower, after: undefined, namesMax: 1 }).names).toEqual([lower.toUpperCase()]);
  });

  test('after most accounts are gone, the others are found', () => {
    opened.db.prepare("DELETE FROM accounts WHERE name_key NOT LIKE '%77%'").run();
    expect(countByPages('7')).toBe(countByScan('*77*'));
  });
});
