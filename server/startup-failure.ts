/** What keeps the server from starting, in one line that says what to do. */

/** A port that could not be had. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/** The sentence for Node's error of a listening socket on `host`:`port`. */
export function listenError(cause: unknown, host: string, port: number): ListenError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const where = `${host}:${port}`;
  const sentences: Readonly<Record<string, string>> = {
    EADDRINUSE: `${where} is in use: stop what listens there, or choose another port with --port (0 takes any free one)`,
    EACCES: `not allowed to listen on ${where}: choose a port above 1023 with --port`,
    EADDRNOTAVAIL: `${host} is not an address of this machine: choose another with --host`,
    ENOTFOUND: `the name ${host} is not known: give an address with --host`,
    EAI_AGAIN: `the name ${host} could not be looked up: give an address with --host`,
  };
  const sentence = sentences[code] ?? `cannot listen on ${where}: ${cause instanceof Error ? cause.message : cause}`;
  return new ListenError(sentence, { cause });
}
