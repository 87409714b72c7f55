/** Room names that stand for any text, and the key by which rooms are compared.
 *
 *  A text that a room may have for a name stays as it is. Any other is escaped: `0_`, then letters of A to Z, digits, `.` and `-` as
 *  they are, and every other byte of its UTF-8 as `_` and two hexadecimal digits. A text that looks escaped is escaped itself,
 *  so that each text has one room name and each room name stands for one text.
 *  @see docs/protocols/chateau.md#chats */

import { encodeText } from './bytes';
import { isRoomName, type NameKey, nameKey, type RoomName } from './names';

const escapedPrefix = '0_';
const plain = /^[A-Za-z0-9.-]$/;
/** An escaped name, if what it stands for is text: no byte is escaped that stands for itself. */
const escapedForm = /^0_(?:[A-Z0-9.-]|_(?!2[DE]|3[0-9]|[46][1-9A-F]|[57][0-9A])[0-9A-F]{2})+$/i;

/** How each byte is written in an escaped name. */
const writtenBytes = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  return plain.test(character) ? character : `_${byte.toString(16).padStart(2, '0')}`;
});

/** The name of the room that stands for `text`, of whole characters. It is not a room's when it is too long or `text` is empty. */
export function roomNameFor(text: string): string {
  return `#${needsEscaping(text) ? escapeName(text) : text}`;
}

/** The text that the name of a room stands for. */
export function textOfRoomName(room: RoomName): string {
  const name = room.slice(1);
  return unescapeName(name) ?? name;
}

/** The key by which rooms are compared: names whose texts look the same have the same key. Texts are compared in Unicode NFKC and
 *  without case, so that `Café` may be typed in any Unicode form and in any case.
 *  @see docs/protocol.md#names */
export function roomKey(name: RoomName): NameKey {
  const text = name.startsWith(`#${escapedPrefix}`) ? unescapeName(name.slice(1)) : undefined;
  return text === undefined ? nameKey(name) : (roomNameFor(foldText(text)).toLowerCase() as NameKey);
}

/** Full case folding in NFKC. JavaScript has no case folding: upper case and then lower case come to the same for every
 *  character but `ı`, which would become `i`. The first `toLowerCase` is for `ẞ`, which is its own upper case. */
function foldText(text: string): string {
  const pieces = text.normalize('NFKC').split('ı');
  const folded = pieces.map((piece) => piece.toLowerCase().toUpperCase().toLowerCase());
  return folded.join('ı').replaceAll('ς', 'σ').normalize('NFKC');
}

function needsEscaping(text: string): boolean {
  return !isRoomName(`#${text}`) || unescapeName(text) !== undefined;
}

function escapeName(text: string): string {
  return escapedPrefix + Array.from(encodeText(text), (byte) => writtenBytes[byte]).join('');
}

/** What an escaped name stands for; undefined when it is not how anything is escaped. */
function unescapeName(name: string): string | undefined {
  if (!escapedForm.test(name)) return undefined;
  const text = decoded(name.slice(escapedPrefix.length));
  return text !== undefined && needsEscaping(text) ? text : undefined;
}

/** Runs for each message to each member of a chat: the built-in decoder takes a quarter of the time. */
function decoded(escaped: string): string | undefined {
  try {
    return decodeURIComponent(escaped.replaceAll('_', '%'));
  } catch {
    return undefined;
  }
}
