/** What travels on a simulated connection: requests one way, items the other; values, not bytes. */

import type { AccountId, LogId } from '../../server/core/ports';
import type { ErrorCode } from '../../shared/errors';
import { messageBytes } from './disk';
import type { Send } from './send';
import type { SessionView } from './session-view';

interface Asked {
  readonly id: number;
}

/** What names an account and brings its password. */
export interface EntryRequest extends Asked {
  readonly kind: 'create' | 'login' | 'takeover' | 'delete';
  readonly username: string;
}

/** What changes something besides messages and sessions. */
export type ChangeRequest =
  | (Asked & { readonly kind: 'join'; readonly room: string })
  | (Asked & { readonly kind: 'leave'; readonly room: string })
  | (Asked & { readonly kind: 'room'; readonly room: string; readonly members: readonly string[] })
  | (Asked & { readonly kind: 'block'; readonly username: string })
  | (Asked & { readonly kind: 'unblock'; readonly username: string });

export type Request =
  | EntryRequest
  | ChangeRequest
  | (Asked &
      (
        | { readonly kind: 'send'; readonly send: Send }
        | { readonly kind: 'ack'; readonly log: string; readonly seq: number }
        | { readonly kind: 'deliver' | 'logout' }
      ));

export type Item =
  | {
      readonly kind: 'message';
      readonly view: SessionView;
      readonly to: string;
      readonly log: LogId;
      readonly seq: number;
      readonly number: number;
    }
  | { readonly kind: 'burst'; readonly account: AccountId; readonly count: number }
  | { readonly kind: 'burst end' }
  | { readonly kind: 'receipt'; readonly to: string; readonly seq: number }
  | { readonly kind: 'ended' | 'failed'; readonly code: ErrorCode }
  | { readonly kind: 'reply'; readonly id: number; readonly code: ErrorCode | undefined };

/** What it counts for in an outbox. */
export function bytesOf(item: Item): number {
  return item.kind === 'message' ? messageBytes : 1;
}
