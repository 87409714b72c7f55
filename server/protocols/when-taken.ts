/** Implicit acknowledgement: what a session wrote is delivered once the operating system has taken it. */

import type { Session } from '../core/session';

/** Marks what the session has written so far. What it returns is called once that is taken; `undefined` when nobody needs
 *  to know.
 *  @see docs/delivery.md */
export function whenTaken(session: Session | undefined): (() => void) | undefined {
  const mark = session?.mark();
  return mark === undefined ? undefined : () => session?.flushed(mark);
}
