/** What a session is given when it begins. */

import type { Followers } from './followers';
import type { Outlet } from './outlet';
import type { Account, Clock, Logger, Subscription } from './ports';
import type { Receipts } from './receipts';
import type { Acknowledgements, SessionLogs } from './session-logs';

export interface SessionNeeds {
  readonly logs: SessionLogs;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly cursors: Acknowledgements;
  readonly followers: Followers;
  readonly receipts: Receipts;
}

export interface SessionOptions {
  readonly account: Account;
  readonly device: string;
  /** The client acknowledges by itself; otherwise what the operating system has taken is acknowledged. */
  readonly explicitAck: boolean;
  /** The client wants to know when its messages are acknowledged. */
  readonly wantsReceipts: boolean;
  readonly outlet: Outlet;
  readonly subscriptions: readonly Subscription[];
  /** No protocol knows the session, so none calls `resume` or ends it with its connection. */
  readonly isUnattended?: boolean;
  readonly place: Place;
}

/** What a session holds while it lasts. */
export interface Place {
  /** Called once, whoever ends the session. */
  leave(): void;
}
