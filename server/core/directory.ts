/** Who knows people's passwords instead of this server. */

import type { Username } from '../../shared/names';

/** A port like those in ports.ts; a server may be without one. */
export interface Directory {
  /** Whether `password`, which is not empty, is that of the one person of this name.
   *  @throws ChatError directory_unavailable when it cannot be asked, does not answer or does not make sense,
   *  busy when too many wait */
  check(username: Username, password: string): Promise<boolean>;
}

/** Stored where the hash of a password is for others: the account is the directory's. It is the hash of no password, and
 *  not the absence of one, which would let anybody in. */
export const directoryMarker = 'directory';
