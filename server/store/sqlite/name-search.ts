/** Pages of the accounts whose names a pattern means. */

import type { Database } from 'better-sqlite3';
import { nameKey, type Username } from '../../../shared/names';
import type { NamePage, NameQuery } from '../../core/ports';
import { NameIndex, type NameIndexBounds } from './name-index';
import { soughtNames } from './sought-names';

/** It finds keys in memory, and asks the database which of them are there and how they are spelt. */
export class NameSearch {
  private readonly index: NameIndex;
  private readonly spelt: ReturnType<typeof prepareSpelt>;

  constructor(db: Database, bounds?: NameIndexBounds) {
    this.index = new NameIndex(db, bounds);
    this.spelt = prepareSpelt(db);
  }

  /** `pattern` is not empty. */
  page({ pattern, after, namesMax }: NameQuery & { readonly pattern: string }): NamePage {
    const sought = soughtNames(pattern);
    const keysMax = namesMax + 1;
    const names: Username[] = [];
    this.index.catchUp();
    let keys: readonly string[];
    let last = after?.toLowerCase() ?? '';
    do {
      keys = this.index.find(sought, last, keysMax);
      names.push(...this.namesOf(keys));
      last = keys.at(-1) ?? last;
    } while (keys.length === keysMax && names.length < keysMax);
    return { names: names.slice(0, namesMax), more: names.length > namesMax };
  }

  /** The names of the accounts that are there, in the order of the keys. */
  private namesOf(keys: readonly string[]): Username[] {
    const names = this.spelt.all(JSON.stringify(keys)) as Username[];
    if (names.length < keys.length) {
      const there = new Set<string>(names.map(nameKey));
      for (const key of keys) if (!there.has(key)) this.index.remove(key);
    }
    return names;
  }
}

/** In the order of the keys that are given: they are gone through one after the other. */
function prepareSpelt(db: Database) {
  return db.prepare('SELECT a.name FROM json_each(?) AS k CROSS JOIN accounts AS a ON a.name_key = k.value').pluck();
}
