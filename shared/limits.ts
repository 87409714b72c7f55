/** Every limit that both ends of a wire must agree on, with its unit.
 *  @see docs/protocol.md#limits */
export const limits = {
  /** A request line before login, in bytes, line end excluded. */
  lineBytesMaxBeforeLogin: 1_024,
  /** What may stand before the body in a request line: opcode, destination, key and spaces, in bytes. */
  headBytesMax: 160,
  /** A message body in bytes: of UTF-8 in the store, and as it stands escaped in a request line. */
  bodyBytesMax: 65_536,
  /** A password in bytes of UTF-8: bcrypt ignores what comes after the 72nd. */
  passwordBytesMax: 72,
  /** A name without the `#` of a room, in characters, which are all ASCII. */
  nameLengthMax: 32,
  /** A device name in characters, `[A-Za-z0-9_-]`. */
  deviceLengthMax: 32,
  /** The key a client gives a send, in visible ASCII characters. */
  keyLengthMax: 64,
  /** Names in one reply to `list`. */
  listNamesMax: 1_000,
  /** Messages in one reply to `history`. */
  historyMessagesMax: 200,
  /** Messages in one reply to `history` when the client names no limit. */
  historyMessagesDefault: 50,
  /** Accounts in one room. */
  roomMembersMax: 1_000,
  /** Rooms one account is a member of. */
  roomsPerAccountMax: 1_000,
} as const;
