/** What the interoperation test asks of every wire, whatever it looks like in bytes. */

import type { WireName } from './expectations';

/** Somebody who is remembered while away, or is not. */
export type Identity = 'account' | 'guest';

/** A message as it arrived. */
export interface Heard {
  readonly from: string;
  readonly text: string;
  /** The room that it was sent to, as a field of the message names it; `undefined` for a message to the person alone, and
   *  where no field does. */
  readonly room: string | undefined;
}

/** What came of a send: `live` says whether the recipient is connected, where the wire tells that. A wire that answers
 *  nothing leaves it `untold`. */
export type Outcome =
  | { readonly kind: 'stored'; readonly live: boolean | undefined }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'untold' };

/** One connection, of somebody who has entered. One question at a time. */
export interface Person {
  /** The name that it has logged in by, as it spelled it. */
  readonly name: string;
  /** What was waiting when the person came, oldest first. */
  readonly missed: readonly Heard[];
  /** To a name, or to a `#room` that the person is in. */
  send(to: string, text: string): Promise<Outcome>;
  /** The next message, once it is there. */
  next(): Promise<Heard>;
  /** Becomes a member of a room, where the wire has a request for it. */
  join?(room: string): Promise<void>;
  /** All accounts, in the order in which they are told, where the wire has a request for it. */
  list?(): Promise<string[]>;
  /** Everybody who is online, where the wire has a request for it. */
  who?(): Promise<string[]>;
  /** Closes the connection. */
  leave(): void;
}

export interface Wire {
  readonly name: WireName;
  readonly identity: Identity;
  /** Makes an account; a guest needs none. */
  make?(name: string): Promise<void>;
  enter(name: string): Promise<Person>;
}

/** The password of every account that has one. */
export const password = 'secret';
