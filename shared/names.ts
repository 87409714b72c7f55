/** What a valid name is, and when two names are the same. @see docs/protocol.md#names */

import { ChatError } from './errors';
import { limits } from './limits';

declare const brand: unique symbol;

/** An account's name as it was created: shown like this, compared by its {@link NameKey}. */
export type Username = string & { readonly [brand]: 'Username' };
/** A room's name as it was created, with its leading `#`. */
export type RoomName = string & { readonly [brand]: 'RoomName' };
/** A name in lower case: two names with one key are one name. A room's key keeps its `#`. */
export type NameKey = string & { readonly [brand]: 'NameKey' };
/** Where a message goes, and which log a session follows: an account's mailbox or a room. */
export type DestinationName = Username | RoomName;

const username = ofAtMost(limits.usernameLengthMax);
const roomName = ofAtMost(limits.roomNameLengthMax);
const reserved: ReadonlySet<string> = new Set(['server', 'system']);

/** Whether `text` has the form of a username. A reserved name has it; {@link parseNewUsername} refuses it. */
export function isUsername(text: string): text is Username {
  return username.test(text);
}

/** Whether `text` is `#` and a name of a username's characters, which may be longer and reserved. */
export function isRoomName(text: string): text is RoomName {
  return text.startsWith('#') && roomName.test(text.slice(1));
}

/** The name of an account that may exist.
 *  @throws ChatError name_invalid */
export function parseUsername(text: string): Username {
  if (!isUsername(text)) throw new ChatError('name_invalid', { name: text });
  return text;
}

/** The name of an account that is to be made.
 *  @throws ChatError name_invalid, name_reserved */
export function parseNewUsername(text: string): Username {
  const name = parseUsername(text);
  if (reserved.has(name.toLowerCase())) throw new ChatError('name_reserved', { name });
  return name;
}

/** @throws ChatError room_name_invalid */
export function parseRoomName(text: string): RoomName {
  if (!isRoomName(text)) throw new ChatError('room_name_invalid', { name: text });
  return text;
}

/** @throws ChatError name_invalid, room_name_invalid */
export function parseDestination(text: string): DestinationName {
  return text.startsWith('#') ? parseRoomName(text) : parseUsername(text);
}

/** Whether two texts are the same name, were they names. */
export function isSameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** The key under which a name is stored and compared. */
export function nameKey(name: DestinationName): NameKey {
  return name.toLowerCase() as NameKey;
}

function ofAtMost(lengthMax: number): RegExp {
  return new RegExp(`^[A-Za-z0-9][A-Za-z0-9_.-]{0,${lengthMax - 1}}$`);
}
