/** What becomes of a program whose output cannot be written. */

import type { Writable } from 'node:stream';

/** Ends the process when `stdout` fails: with 0 when its reader has seen enough, as `head` has, and otherwise with 1 after a
 *  sentence on `stderr`. */
export function endWithOutput(stdout: Writable, stderr: Writable): void {
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    stderr.write(`the output cannot be written: ${error.message}\n`);
    process.exit(1);
  });
}
