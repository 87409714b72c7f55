/** The keys of all accounts, in memory in their order: a pattern is searched for in them and not in the database. */

import type { Database } from 'better-sqlite3';
import { type KeyRange, NameBlock } from './name-block';
import type { SoughtNames } from './sought-names';

export interface NameIndexBounds {
  /** Keys of a block when it is loaded. */
  readonly blockKeysMax: number;
  /** Changes of a block up to which it is kept: then it is loaded again when a search comes to it. */
  readonly blockChangesMax: number;
  /** Accounts created between two searches after which all is loaded again. */
  readonly createdMax: number;
}

const defaultBounds: NameIndexBounds = { blockKeysMax: 16_384, blockChangesMax: 512, createdMax: 16_384 };

/** Behind every key: they are of letters, digits, `.`, `_` and `-`. */
const endOfKeys = '\x7f';

interface LoadedKeys {
  readonly count: number;
  readonly lines: string | null;
}

/** Loaded block by block, when a search comes to a block for the first time. A key takes its bytes and one, and half of
 *  that for the filter. */
export class NameIndex {
  private readonly statements: ReturnType<typeof prepareStatements>;
  /** In the order of their ranges, which may have gaps between them. */
  private blocks: NameBlock[] = [];
  /** The newest account that the blocks know of: no id is given twice, and none becomes visible after a higher one. */
  private newestId = 0;

  constructor(
    db: Database,
    private readonly bounds = defaultBounds,
  ) {
    this.statements = prepareStatements(db);
  }

  /** Learns of the accounts created since the last time. */
  catchUp(): void {
    const { newestId, created } = this.statements;
    const { createdMax } = this.bounds;
    const rows = this.blocks.length === 0 ? [] : created.all(this.newestId, createdMax + 1);
    if (rows.length > createdMax) this.blocks = [];
    if (this.blocks.length === 0) {
      this.newestId = newestId.get() as number;
      return;
    }
    for (const { id, key } of rows) {
      this.change(key, (block) => block.add(key));
      this.newestId = id;
    }
  }

  /** The first `keysMax` keys behind `after` that are sought, in their order: every one of the accounts that were there
   *  at the last {@link catchUp}, and some of accounts that were removed. */
  find(sought: SoughtNames, after: string, keysMax: number): string[] {
    const found: string[] = [];
    let position = after;
    while (position < endOfKeys && found.length < keysMax) {
      const block = this.loadedBehind(position);
      found.push(...block.find(sought, position, keysMax - found.length));
      position = block.range.until;
    }
    return found;
  }

  /** A key that {@link find} has given is no account's any more. */
  remove(key: string): void {
    this.change(key, (block) => block.remove(key));
  }

  /** The block with the first key behind `position`. */
  private loadedBehind(position: string): NameBlock {
    for (;;) {
      const place = this.blocks.findIndex(({ range }) => position < range.until);
      const block = this.blocks[place];
      if (block !== undefined && block.range.from <= position) return block;
      this.loadAt(place === -1 ? this.blocks.length : place);
    }
  }

  /** Of a range that is not loaded nothing needs to be known. */
  private change(key: string, change: (block: NameBlock) => void): void {
    const place = this.blocks.findIndex(({ range }) => key <= range.until);
    const block = this.blocks[place];
    if (block === undefined || key <= block.range.from) return;
    change(block);
    if (block.changes > this.bounds.blockChangesMax) this.blocks.splice(place, 1);
  }

  /** Fills the gap before the block at `place` from its beginning, as far as one block can. */
  private loadAt(place: number): void {
    const gap: KeyRange = {
      from: this.blocks[place - 1]?.range.until ?? '',
      until: this.blocks[place]?.range.from ?? endOfKeys,
    };
    const { blockKeysMax } = this.bounds;
    const loaded = this.statements.keys.get(gap.from, gap.until, blockKeysMax);
    const lines = loaded?.lines ?? '';
    const until = loaded?.count === blockKeysMax ? lastKey(lines) : gap.until;
    this.blocks.splice(place, 0, new NameBlock({ from: gap.from, until }, lines));
  }
}

function lastKey(lines: string): string {
  return lines.slice(lines.lastIndexOf('\n', lines.length - 2) + 1, -1);
}

function prepareStatements(db: Database) {
  return {
    newestId: db.prepare('SELECT coalesce(max(id), 0) FROM accounts').pluck(),
    created: db.prepare<[number, number], { id: number; key: string }>(
      'SELECT id, name_key AS key FROM accounts WHERE id > ? ORDER BY id LIMIT ?',
    ),
    keys: db.prepare<[string, string, number], LoadedKeys>(
      // To have it sorted again by group_concat would take as long as everything else.
      `SELECT count(*) AS count, char(10) || group_concat(name_key, char(10)) || char(10) AS lines
       FROM (SELECT name_key FROM accounts WHERE name_key > ? AND name_key <= ? ORDER BY name_key LIMIT ?)`,
    ),
  };
}
