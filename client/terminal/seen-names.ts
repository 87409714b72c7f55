/** Names of accounts and rooms that have passed by, for completion. */

import { sanitizeName } from '../core/sanitize';

/** How many are remembered; the oldest make room. */
const namesMax = 10_000;

export class SeenNames {
  /** By key, the latest last. */
  private readonly names = new Map<string, string>();

  /** A name that a terminal would not show as it is cannot be typed either, and is left out. */
  add(...names: readonly string[]): void {
    for (const name of names) {
      if (sanitizeName(name) !== name) continue;
      const key = name.toLowerCase();
      this.names.delete(key);
      this.names.set(key, name);
    }
    for (const key of this.names.keys()) {
      if (this.names.size <= namesMax) break;
      this.names.delete(key);
    }
  }

  /** Names that begin with `prefix`, whatever the case, in order. */
  startingWith(prefix: string): string[] {
    const key = prefix.toLowerCase();
    return [...this.names.values()].filter((name) => name.toLowerCase().startsWith(key)).sort();
  }
}
