/** The name of a chat is any text; the name of a room is not. Each chat is one room and each room one chat: a name that a
 *  room may have stays as it is, any other is escaped so that it becomes one.
 *  @see docs/protocols/chateau.md#chats */

import { ChatError } from '../../../shared/errors';
import { roomNameFor, textOfRoomName } from '../../../shared/escaped-names';
import { limits } from '../../../shared/limits';
import { isRoomName, type RoomName } from '../../../shared/names';

/** The room that is this chat. `chatname` is text of whole characters.
 *  @throws ChatError chat_name_invalid when it is empty or, escaped, too long */
export function roomOfChat(chatname: string): RoomName {
  // Escaping makes no name shorter, and a frame may hold a name that is a thousand times too long.
  const isPossible = chatname !== '' && chatname.length <= limits.roomNameLengthMax;
  const room = isPossible ? roomNameFor(chatname) : '';
  if (!isRoomName(room)) throw new ChatError('chat_name_invalid');
  return room;
}

/** The chat that is this room. */
export function chatOfRoom(room: RoomName): string {
  return textOfRoomName(room);
}
