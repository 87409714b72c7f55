/** The name of a chat is any text; the name of a room is not. Each chat is one room and each room one chat: a name that a
 *  room may have stays as it is, any other is escaped so that it becomes one.
 *  @see docs/protocols/chateau.md#chats */

import { decodeText, encodeText } from '../../../shared/bytes';
import { ChatError } from '../../../shared/errors';
import { isRoomName, isSameName, type RoomName } from '../../../shared/names';

/** Begins every escaped name. A name of another kind that looks like an escaped one is escaped itself. */
const escapedPrefix = '0_';
/** What stands for itself in an escaped name. `_` begins the two hexadecimal digits of any other byte of UTF-8. */
const plain = /^[A-Za-z0-9.-]$/;

/** The room that is this chat.
 *  @throws ChatError chat_name_invalid when it is empty or, escaped, too long */
export function roomOfChat(chatname: string): RoomName {
  const room = chatname === '' ? '' : roomNameFor(chatname);
  if (!isRoomName(room)) throw new ChatError('chat_name_invalid');
  return room;
}

/** The chat that is this room. */
export function chatOfRoom(room: RoomName): string {
  const name = room.slice(1);
  return unescapeName(name) ?? name;
}

function roomNameFor(chatname: string): string {
  const own = `#${chatname}`;
  return isRoomName(own) && unescapeName(chatname) === undefined ? own : `#${escapeName(chatname)}`;
}

function escapeName(chatname: string): string {
  let escaped = escapedPrefix;
  for (const byte of encodeText(chatname)) {
    const character = String.fromCharCode(byte);
    escaped += plain.test(character) ? character : `_${byte.toString(16).padStart(2, '0')}`;
  }
  return escaped;
}

/** What an escaped name stands for; undefined when it is not how anything is escaped. */
function unescapeName(name: string): string | undefined {
  if (!name.startsWith(escapedPrefix) || !/^(?:[A-Za-z0-9.-]|_[0-9A-Fa-f]{2})+$/.test(name.slice(escapedPrefix.length)))
    return undefined;
  const bytes: number[] = [];
  for (let at = escapedPrefix.length; at < name.length; at += 1) {
    if (name[at] === '_') {
      bytes.push(Number.parseInt(name.slice(at + 1, at + 3), 16));
      at += 2;
    } else {
      bytes.push(name.charCodeAt(at));
    }
  }
  const chatname = textOf(Uint8Array.from(bytes));
  // Names that differ only in case are one name, also in the digits of what is escaped.
  return chatname !== undefined && isSameName(roomNameFor(chatname), `#${name}`) ? chatname : undefined;
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return decodeText(bytes);
  } catch {
    return undefined;
  }
}
