/** How a room is found by its name. */

import { roomKey } from '../../../shared/escaped-names';
import { nameKey, type RoomName } from '../../../shared/names';

/** A statement that selects a room by its `name_key`. */
interface ByNameKey<Row> {
  get(key: string): Row | undefined;
}

/** The room of this name, or of another spelling of the chat that it stands for.
 *
 *  The name itself goes first: a database from before names were folded may have several rooms that have one key by now. The oldest
 *  has it as its `name_key`, or the one whose name is folded already; each of the others keeps its own name and is found by that alone. */
export function findRoom<Row>(statement: ByNameKey<Row>, name: RoomName): Row | undefined {
  const exact = nameKey(name);
  const key = roomKey(name);
  return statement.get(exact) ?? (key === exact ? undefined : statement.get(key));
}
