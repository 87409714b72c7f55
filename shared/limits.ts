/** Every limit that both ends of a wire must agree on, with its unit.
 *  @see docs/protocol.md#limits */
export const limits = {
  /** A request line before login, in bytes, line end excluded. */
  lineBytesMaxBeforeLogin: 1_024,
  /** What may stand before the body in a request line: command, destination, key and spaces, in bytes. */
  headBytesMax: 384,
  /** A message body in bytes: of UTF-8 in the store, and as it stands escaped in a request line. */
  bodyBytesMax: 65_536,
  /** A password in bytes of UTF-8: bcrypt ignores what comes after the 72nd. */
  passwordBytesMax: 72,
  /** The name of an account or a guest, in characters, which are all ASCII. */
  usernameLengthMax: 32,
  /** The name of a room without its `#`, in characters, which are all ASCII: with it the length is one byte in the store. */
  roomNameLengthMax: 254,
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
  /** Accounts and guests that one request may send a message to. */
  recipientsMax: 100,
  /** Accounts in one room. */
  roomMembersMax: 1_000,
  /** Rooms one account is a member of. */
  roomsPerAccountMax: 1_000,
  /** Devices of one account that have cursors of their own; more than sessions that it may have. */
  devicesPerAccountMax: 128,
} as const;

/** Every bound of the server's memory and patience that is not configuration, with its unit. */
export const bounds = {
  /** Bytes that may wait in one connection's outbox before its session stops reading its logs. */
  outboxBytesMax: 262_144,
  /** Bytes of messages that a session reads at once. The outbox may exceed its bound by what one read has brought. */
  pageBytesMax: 65_536,
  /** Messages in such a page, at most: the store counts each with 64 bytes besides its body. */
  pageMessagesMax: 1_024,
  /** Bytes of messages that come with the answer to what is undelivered: the outbox of a new login is empty. */
  backlogBytesMax: 131_072,
  /** Bytes of messages in one page of history; one large message may exceed them. */
  historyBytesMax: 262_144,
  /** Sends of one connection that wait for their commit before it is no longer read from. */
  pipelinedSendsMax: 1_024,
  /** Requests of one classic connection that wait for an answer before it is no longer read from; it is not read from
   *  either while they are longer, together, than one request may be. */
  classicRequestsMax: 64,
  /** Messages of one session whose delivery receipt is still due; later ones get none. */
  receiptsPendingMax: 10_000,
  /** What a guest has not acknowledged, in messages and in bytes of bodies; senders of more are told so. As much again of
   *  what it was sent under keys is remembered. */
  guestMessagesMax: 1_000,
  guestBytesMax: 1_048_576,
  /** How long after the last time the heads of all logs that are followed are asked for again, to find messages whose nudge
   *  was lost, and how many of them in one read. */
  headRefreshMs: 30_000,
  headsPerReadMax: 256,
  /** Messages of the room that are kept for a reader in the nick room that has stalled: the newest, or as many as a newcomer
   *  is shown if that is more. */
  stalledGuestMessagesMax: 1_000,
  /** How long the operating system may take to get rid of one write to a guest in the nick room before its reader counts as
   *  stalled. */
  guestStallMs: 1_000,
  /** How long a cursor may lag behind what was acknowledged. */
  cursorDelayMs: 30,
  /** How long a session waits after a failed read before it reads again. */
  readRetryMs: 1_000,
  /** How long after a failed write cursors are stored again, and a mailbox that stayed closed is opened. */
  writeRetryMs: 1_000,
  /** How long a connection without a login may be silent. */
  idleTimeoutMs: 600_000,
  /** How long a TLS handshake may take. */
  handshakeMs: 10_000,
  /** How long a connection that was told goodbye may take to go. */
  lingerMs: 5_000,
  /** How long connections may go on after the notice that the server closes. */
  closingMs: 5_000,
  /** How long of that is kept for answers that are due: no request is read any more. */
  finishingMs: 500,
  /** How long a silent peer may be gone before the operating system asks after it. */
  keepAliveMs: 60_000,
  /** How long after one check the next one looks for peers that have vanished with bytes under way, and after how many checks
   *  in a row without an answer a peer is gone. */
  peerCheckMs: 20_000,
  peerChecksMax: 4,
  /** How often timeouts are looked at. */
  sweepMs: 1_000,
} as const;
