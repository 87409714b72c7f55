/** A pattern of names, taken apart for a search through many keys. */

import { nameMatcher } from '../../../shared/pattern';
import { gramsOf } from './gram-filter';

/** What a search through lines of keys goes by: each key stands between two line feeds. */
export interface SoughtNames {
  /** Stands in every line that matches, with the line feeds around it; not empty. */
  readonly needle: string;
  /** What such a line holds, its line feeds among its characters: for a {@link GramFilter}. */
  readonly grams: readonly number[];
  /** Whether it is one of those that are sought. */
  readonly matches: (key: string) => boolean;
}

/** What `pattern`, which is not empty, means. @see docs/protocol.md#list */
export function soughtNames(pattern: string): SoughtNames {
  const key = pattern.toLowerCase();
  const isWhole = /[*?]/.test(key);
  const parts = isWhole ? `\n${key}\n`.split(/[*?]/) : [key];
  const needle = parts.reduce((best, part) => (telling(part) > telling(best) ? part : best));
  return { needle, grams: parts.flatMap(gramsOf), matches: nameMatcher(pattern) };
}

/** A line feed is in every line. */
function telling(part: string): number {
  return part.replaceAll('\n', '').length;
}
