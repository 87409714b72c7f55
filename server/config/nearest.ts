/** The name that somebody probably meant. */

/** The one of `known` that is nearest to `name`, or `undefined` when none is near: at most a third of its letters, and at
 *  least two, may be wrong. Case and the choice between `-` and `_` do not count. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const wanted = plain(name);
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(wanted, plain(candidate));
    // With enough letters changed any word becomes any other: that is no likeness.
    if (distance < bestDistance && distance <= candidate.length / 2) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** `; did you mean …?`, or nothing. `prefix` is what all the names start with where they are written; `name` and
 *  `known` come without it, for it is no likeness. */
export function suggestion(name: string, known: readonly string[], prefix = ''): string {
  const meant = nearest(name, known);
  return meant === undefined ? '' : `; did you mean ${prefix}${meant}?`;
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}

/** Levenshtein's distance, with one row of his table at a time. */
function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let line = 1; line <= left.length; line += 1) {
    const next = [line];
    for (let column = 1; column <= right.length; column += 1) {
      const replaced = at(row, column - 1) + (left[line - 1] === right[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, at(row, column) + 1, at(next, column - 1) + 1));
    }
    row = next;
  }
  return at(row, right.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? 0;
}
