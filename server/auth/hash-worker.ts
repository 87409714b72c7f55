/** What runs in a hash worker: bcrypt, which keeps a core busy for tens to hundreds of milliseconds. */

import { constants, setPriority } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import { compareSync, hashSync } from 'bcryptjs';

/** Make a hash of `cost` (4 to 31, the exponent of the number of rounds), or check against one. */
export type HashTask =
  | { readonly kind: 'hash'; readonly password: string; readonly cost: number }
  | { readonly kind: 'verify'; readonly password: string; readonly hash: string };

/** The new hash, or whether the password matches. */
export type HashResult = string | boolean;

// Linux gives each thread its own priority, and 0 is the calling one: the main thread gets the core whenever it wants
// it. Elsewhere the call would slow the whole process down.
if (!isMainThread && process.platform === 'linux') setPriority(0, constants.priority.PRIORITY_LOW);

/** Does one task, synchronously. A hash that is not 60 characters long matches nothing.
 *  @throws Error when a hash of 60 characters is not bcrypt's: what stored it is broken */
export default function runHashTask(task: HashTask): HashResult {
  return task.kind === 'hash' ? hashSync(task.password, task.cost) : compareSync(task.password, task.hash);
}
