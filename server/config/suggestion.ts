/** What somebody who misspelt a setting probably meant. */

import { nearest } from '../../shared/nearest';

/** `; did you mean …?`, or nothing. `prefix` is what all the names start with where they are written; `name` and
 *  `known` come without it, for it is no likeness. */
export function suggestion(name: string, known: readonly string[], prefix = ''): string {
  const meant = nearest(name, known);
  return meant === undefined ? '' : `; did you mean ${prefix}${meant}?`;
}
