/** How a message was sent, which its log does not keep: at random, or to several people at once. Those who are connected
 *  here at that moment are told before the message comes; to everybody else it is a message like any other. */

import { type DestinationName, type NameKey, nameKey } from '../../../shared/names';
import type { Seq } from '../../core/ports';

export type Way =
  | { readonly kind: 'random' }
  /** To all of these, in the words of who sent it. */
  | { readonly kind: 'several'; readonly clients: readonly string[] };

/** A connection that wants to know. */
export interface WayListener {
  /** Message `seq` of its mailbox was sent like this. */
  expect(seq: Seq, way: Way): void;
}

export class Ways {
  private readonly listeners = new Map<NameKey, Set<WayListener>>();

  /** `name` has a session on this connection. */
  enter(name: DestinationName, listener: WayListener): void {
    const key = nameKey(name);
    const present = this.listeners.get(key);
    if (present === undefined) this.listeners.set(key, new Set([listener]));
    else present.add(listener);
  }

  leave(name: DestinationName, listener: WayListener): void {
    const key = nameKey(name);
    const present = this.listeners.get(key);
    present?.delete(listener);
    if (present?.size === 0) this.listeners.delete(key);
  }

  /** To be called when the message is committed and not yet delivered. */
  tell(to: DestinationName, seq: Seq, way: Way): void {
    for (const listener of this.listeners.get(nameKey(to)) ?? []) listener.expect(seq, way);
  }
}
