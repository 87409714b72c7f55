/** What keeps the server from starting, in one line that says what to do. */

import { formatHostPort, networkMessage } from '../shared/host-port';

/** A port that could not be had. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/** Where somebody wanted to listen, and the flags that said so. */
export interface Place {
  readonly host: string;
  readonly port: number;
  /** Without the dashes. */
  readonly hostFlag: string;
  readonly portFlag: string;
  /** Whether the wire can be done without: its port may be `off`. */
  readonly isOptional: boolean;
}

/** The sentence for Node's error of a listening socket. */
export function listenError(cause: unknown, { host, port, hostFlag, portFlag, isOptional }: Place): ListenError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const where = formatHostPort(host, port);
  const others = isOptional ? '0 takes any free one, off does without' : '0 takes any free one';
  const sentences: Readonly<Record<string, string>> = {
    EADDRINUSE: `${where} is in use: stop what listens there, or choose another port with --${portFlag} (${others})`,
    EACCES: `not allowed to listen on ${where}: choose a port above 1023 with --${portFlag}`,
    EADDRNOTAVAIL: `${host} is not an address of this machine: choose another with --${hostFlag}`,
    ENOTFOUND: `the name ${host} is not known: give an address with --${hostFlag}`,
    EAI_AGAIN: `the name ${host} could not be looked up: give an address with --${hostFlag}`,
  };
  const sentence =
    sentences[code] ?? `cannot listen on ${where}: ${cause instanceof Error ? networkMessage(cause) : cause}`;
  return new ListenError(sentence, { cause });
}
