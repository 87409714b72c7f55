/** `npm run client -- ws`: the file-driven client, put together. */

import { clientLimits } from '../core/limits';
import { fileClientUsage, readFileClientArguments } from './arguments';
import { runFileClient } from './file-client';

/** Exit codes: something went wrong, or the start did. */
const failed = 1;
const misused = 2;

/** Runs the client on this process's streams with what follows `ws`; sets the exit status. */
export function startFileClient(argv: readonly string[]): void {
  const { stdin, stdout, stderr } = process;
  const start = readFileClientArguments(argv);
  if (start.kind === 'help') {
    stdout.write(fileClientUsage);
    return;
  }
  if (start.kind === 'mistake') {
    stderr.write(`${start.mistake}\n`);
    process.exitCode = misused;
    return;
  }
  const isTerminal = stdin.isTTY && stdout.isTTY;
  const handshakeMsMax = clientLimits.greetingMsMax;
  runFileClient({ url: start.url, input: stdin, output: stdout, errors: stderr, isTerminal, handshakeMsMax }).then(
    (status) => {
      process.exitCode = status;
      stdin.destroy();
    },
    (error: unknown) => {
      stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exit(failed);
    },
  );
}
