/** Where the client keeps what must outlive it. */

import { isAbsolute, join } from 'node:path';

/** `$XDG_STATE_HOME/chateau`, or `~/.local/state/chateau`.
 *  @see https://specifications.freedesktop.org/basedir-spec/latest/ which has relative paths ignored */
export function stateFolder(environment: Readonly<Record<string, string | undefined>>, home: string): string {
  const { XDG_STATE_HOME: given = '' } = environment;
  return join(isAbsolute(given) ? given : join(home, '.local', 'state'), 'chateau');
}
