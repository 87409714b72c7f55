/** Where a session's messages go, and whether there is room. */

import type { ErrorCode } from '../../shared/errors';
import type { DestinationName } from '../../shared/names';
import type { Account, Message, Seq } from './ports';

/** A connection as its session sees it: what one protocol makes of messages. */
export interface Outlet {
  /** Whether more may be written now. Once it was false, the session's `resume` is called when it is true again. */
  readonly hasRoom: boolean;
  /** A burst of `count` messages for `account` begins; until the protocol ends it, no others come. A receipt or
   *  the end of the session may. */
  burst(account: Account, count: number): void;
  /** `to` is the account's own name or a room's. */
  message(message: Message, to: DestinationName): void;
  receipt(to: DestinationName, seq: Seq): void;
  /** Asked when a live session reads on in a room of which `unwritten` messages wait: how many of them, the oldest, are left
   *  out. An outlet that answers more than 0 has told its reader. One without this method has nothing left out: the session
   *  waits for its reader. */
  leaveOut?(unwritten: number): number;
  /** The session was ended by somebody else. */
  ended(reason: ErrorCode): void;
  /** Resolves once the operating system has taken everything written so far; false when the connection went first. */
  flushed(): Promise<boolean>;
}
