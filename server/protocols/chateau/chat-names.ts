/** The name of a chat is any text; the name of a room is not. Each chat is one room and each room one chat: a name that a
 *  room may have stays as it is, any other is escaped so that it becomes one.
 *  @see docs/protocols/chateau.md#chats */

import { encodeText } from '../../../shared/bytes';
import { ChatError } from '../../../shared/errors';
import { limits } from '../../../shared/limits';
import { isRoomName, type RoomName } from '../../../shared/names';

/** Begins every escaped name. A name of another kind that looks like an escaped one is escaped itself. */
const escapedPrefix = '0_';
/** What stands for itself in an escaped name. `_` begins the two hexadecimal digits of any other byte of UTF-8. */
const plain = /^[A-Za-z0-9.-]$/;
/** An escaped name, if what it stands for is text: no byte is escaped that stands for itself. */
const escapedForm = /^0_(?:[A-Z0-9.-]|_(?!2[DE]|3[0-9]|[46][1-9A-F]|[57][0-9A])[0-9A-F]{2})+$/i;

/** How each byte is written in an escaped name. */
const writtenBytes = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  return plain.test(character) ? character : `_${byte.toString(16).padStart(2, '0')}`;
});

/** The room that is this chat. `chatname` is text of whole characters.
 *  @throws ChatError chat_name_invalid when it is empty or, escaped, too long */
export function roomOfChat(chatname: string): RoomName {
  // Escaping makes no name shorter, and a frame may hold a name that is a thousand times too long.
  const isPossible = chatname !== '' && chatname.length <= limits.roomNameLengthMax;
  const room = isPossible ? `#${needsEscaping(chatname) ? escapeName(chatname) : chatname}` : '';
  if (!isRoomName(room)) throw new ChatError('chat_name_invalid');
  return room;
}

/** The chat that is this room. */
export function chatOfRoom(room: RoomName): string {
  const name = room.slice(1);
  return unescapeName(name) ?? name;
}

function needsEscaping(chatname: string): boolean {
  return !isRoomName(`#${chatname}`) || unescapeName(chatname) !== undefined;
}

function escapeName(chatname: string): string {
  return escapedPrefix + Array.from(encodeText(chatname), (byte) => writtenBytes[byte]).join('');
}

/** What an escaped name stands for; undefined when it is not how anything is escaped. */
function unescapeName(name: string): string | undefined {
  if (!escapedForm.test(name)) return undefined;
  const chatname = textOf(name.slice(escapedPrefix.length));
  return chatname !== undefined && needsEscaping(chatname) ? chatname : undefined;
}

/** Each message to each member of a chat comes by here: what is built in does it in a quarter of the time. */
function textOf(escaped: string): string | undefined {
  try {
    return decodeURIComponent(escaped.replaceAll('_', '%'));
  } catch {
    return undefined;
  }
}
