/** The keys of one range of the accounts' names, in memory to be searched. */

import { GramFilter } from './gram-filter';
import type { SoughtNames } from './sought-names';

/** Characters after which a piece of the text ends with the line. */
const pieceCharacters = 512;

export interface KeyRange {
  /** The keys behind this one; '' is before all. */
  readonly from: string;
  /** Up to and with this one. */
  readonly until: string;
}

/** It is told of keys that are created in its range, and of those that it gave and that are not there any more. */
export class NameBlock {
  /** Of the text, each with the line feed in front of its first line. */
  private readonly pieces: readonly string[];
  /** Made by the second search: the first one has waited for the keys already. */
  private filter: GramFilter | undefined;
  private wasSearched = false;
  private readonly created = new Set<string>();
  private gone = 0;

  /** `lines` are the keys of `range` in their order, with a line feed before and after each; '' when there are none. */
  constructor(
    readonly range: KeyRange,
    lines: string,
  ) {
    this.pieces = piecesOf(lines);
  }

  /** How many keys are different from when the block was loaded, or more. */
  get changes(): number {
    return this.created.size + this.gone;
  }

  /** A key of its range that is new. */
  add(key: string): void {
    this.created.add(key);
  }

  /** A key of its range that no account has any more. */
  remove(key: string): void {
    this.created.delete(key);
    this.gone += 1;
  }

  /** The first `keysMax` keys behind `after` that are sought, in their order. */
  find(sought: SoughtNames, after: string, keysMax: number): string[] {
    const found = this.findLoaded(sought, after, keysMax);
    const created = [...this.created].filter((key) => key > after && sought.matches(key));
    if (created.length === 0) return found;
    // A name that was given anew is in both.
    return [...new Set([...found, ...created])].sort().slice(0, keysMax);
  }

  private findLoaded(sought: SoughtNames, after: string, keysMax: number): string[] {
    if (this.wasSearched) this.filter ??= new GramFilter(this.pieces);
    this.wasSearched = true;
    const found: string[] = [];
    for (let index = this.pieceAt(after); index < this.pieces.length && found.length < keysMax; index += 1) {
      if (this.filter?.mayHold(index, sought.grams) ?? true) {
        searchLines(this.pieces[index] ?? '', sought, (key) => {
          if (key > after) found.push(key);
          return found.length < keysMax;
        });
      }
    }
    return found;
  }

  /** The last piece that begins at or before `key`, or the first. */
  private pieceAt(key: string): number {
    let low = 0;
    let high = this.pieces.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (firstKey(this.pieces[middle] ?? '') <= key) low = middle;
      else high = middle;
    }
    return low;
  }
}

function piecesOf(lines: string): string[] {
  const pieces: string[] = [];
  let start = 0;
  while (start < lines.length - 1) {
    const lineEnd = lines.indexOf('\n', start + pieceCharacters);
    const end = lineEnd === -1 ? lines.length - 1 : lineEnd;
    pieces.push(lines.slice(start, end + 1));
    start = end;
  }
  return pieces;
}

function firstKey(piece: string): string {
  return piece.slice(1, piece.indexOf('\n', 1));
}

/** Gives the sought keys of a piece in their order, for as long as `take` wants more. */
function searchLines(piece: string, { needle, matches }: SoughtNames, take: (key: string) => boolean): void {
  let at = piece.indexOf(needle);
  while (at !== -1) {
    const start = piece.lastIndexOf('\n', at) + 1;
    const end = piece.indexOf('\n', start);
    if (end === -1) return;
    const key = piece.slice(start, end);
    if (matches(key) && !take(key)) return;
    at = piece.indexOf(needle, end);
  }
}
