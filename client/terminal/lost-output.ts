/** Output that cannot be written: its reader has gone, as `head` does, or the disk is full. */

import type { Writable } from 'node:stream';

/** For a program that exists for its output. When `stdout` fails, the process ends: with 0 when the reader has gone (EPIPE),
 *  otherwise with 1 after a sentence on `stderr`. Errors of `stderr` are ignored: there is nowhere left to report them. */
export function endWithOutput(stdout: Writable, stderr: Writable): void {
  ignoreOutputErrors(stderr);
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    stderr.write(`the output cannot be written: ${error.message}\n`);
    process.exit(1);
  });
}

/** For a program that does more than print: it goes on when the reader of its output has gone. */
export function ignoreOutputErrors(...streams: readonly Writable[]): void {
  for (const stream of streams) stream.on('error', () => undefined);
}
