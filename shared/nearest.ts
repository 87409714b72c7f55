/** The word that somebody probably meant. */

/** The first of `known` that `word` begins, when it has three letters or more; otherwise the one that is nearest. Of its
 *  letters two may be wrong, left out, too many or swapped with their neighbours, or a third of those of a longer word,
 *  and always fewer than half of those of the one that is meant. Undefined when none is near. Case and the choice between
 *  `-` and `_` do not count. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const wanted = plain(word);
  const begun = wanted.length < 3 ? undefined : known.find((candidate) => plain(candidate).startsWith(wanted));
  if (begun !== undefined) return begun;
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(wanted, plain(candidate));
    // With enough letters changed any word becomes any other: that is no likeness.
    if (distance < bestDistance && distance < candidate.length / 2) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

function plain(word: string): string {
  return word.toLowerCase().replaceAll('_', '-');
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
