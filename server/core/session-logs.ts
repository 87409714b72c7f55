/** What a session needs of the logs that it reads: the store's, or a guest's own. */

import type { Feed } from './feed';
import type { LogStore } from './ports';

export type SessionLogs = Pick<LogStore, 'read' | 'backlog' | 'heads' | 'count'>;

/** Who is told how far a session has acknowledged. */
export interface Acknowledgements {
  /** The feed's `acked` has moved on. */
  moved(feed: Feed): void;
}
