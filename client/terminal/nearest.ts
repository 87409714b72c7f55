/** The word that somebody probably meant. */

/** The one of `known` that `word` begins, when it has three letters or more; otherwise the one that is nearest: at most
 *  two letters wrong, left out, too many or swapped, and fewer than half of them. Undefined when none is near. Case does
 *  not count. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const wanted = word.toLowerCase();
  const begun = wanted.length < 3 ? undefined : known.find((candidate) => candidate.startsWith(wanted));
  if (begun !== undefined) return begun;
  let best: string | undefined;
  let bestDistance = 3;
  for (const candidate of known) {
    const distance = editDistance(wanted, candidate.toLowerCase());
    if (distance < bestDistance && distance < candidate.length / 2) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** The optimal string alignment distance: as Levenshtein's, and two neighbours that were swapped count once. */
function editDistance(left: string, right: string): number {
  let before: number[] = [];
  let row = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let line = 1; line <= left.length; line += 1) {
    const next = [line];
    for (let column = 1; column <= right.length; column += 1) {
      const isSame = left[line - 1] === right[column - 1];
      let distance = Math.min(at(row, column - 1) + (isSame ? 0 : 1), at(row, column) + 1, at(next, column - 1) + 1);
      const isSwapped = left[line - 1] === right[column - 2] && left[line - 2] === right[column - 1];
      if (isSwapped) distance = Math.min(distance, at(before, column - 2) + 1);
      next.push(distance);
    }
    before = row;
    row = next;
  }
  return at(row, right.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
