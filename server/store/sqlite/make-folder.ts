/** A folder with those that lead to it. */

import { existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** Makes what is missing of `path`, for its owner alone. One at a time: `mkdirSync` with `recursive` calls a read-only disk a
 *  missing folder, and in one that is the system's own, such as /proc, never ends.
 *  @throws the error of the system */
export function makeFolder(path: string): void {
  const missing: string[] = [];
  for (let folder = resolve(path); !existsSync(folder); folder = dirname(folder)) missing.unshift(folder);
  for (const folder of missing) makeOne(folder);
}

/** Somebody else may have been faster. */
function makeOne(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (cause) {
    if (!existsSync(path)) throw cause;
  }
}
