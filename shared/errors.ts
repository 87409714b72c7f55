/** The one table of errors: what a peer did wrong, or what kept us from doing what it asked.
 *  Each protocol maps these codes to its own wire in one table of its own.
 *  @see docs/protocol.md#status-codes */

import { limits } from './limits';

/** Facts about a failure, quoted in its sentence. */
export interface ErrorDetail {
  readonly name?: string;
  readonly usage?: string;
  readonly seconds?: number;
  readonly version?: string;
}

interface ErrorKind {
  /** HTTP's status where HTTP has one. */
  readonly status: number;
  /** Whether the connection is closed after the reply. */
  readonly fatal: boolean;
  /** A sentence that a person understands. */
  sentence(detail: ErrorDetail): string;
}

const table = {
  malformed: kind(400, () => 'this request is malformed'),
  opcode_unknown: kind(400, () => 'no such command; 6 lists them'),
  arguments_missing: kind(400, (d) => `an argument is missing: ${d.usage ?? ''}`),
  arguments_surplus: kind(400, (d) => `too many arguments: ${d.usage ?? ''}`),
  encoding_invalid: kind(400, () => 'a request must be UTF-8 without NUL'),
  frame_invalid: kind(400, () => 'a frame is text that holds one JSON object with a type'),
  escape_unknown: kind(400, () => 'in a body a backslash is written \\\\, a line feed \\n, a carriage return \\r'),
  number_invalid: kind(400, (d) => `${d.name ?? 'this'} must be a whole number`),
  name_invalid: kind(
    400,
    () => `a name is 1 to ${limits.usernameLengthMax} letters, digits, _ . or -, and starts with a letter or digit`,
  ),
  name_reserved: kind(400, (d) => `the name ${d.name ?? ''} is reserved`),
  room_name_invalid: kind(
    400,
    () =>
      `a room is # and 1 to ${limits.roomNameLengthMax} letters, digits, _ . or -, the first a letter or digit, such as #garden`,
  ),
  chat_name_invalid: kind(
    400,
    () =>
      `the name of a chat is 1 to ${limits.roomNameLengthMax} characters; a space or sign counts for 3, a letter beyond A to Z for 6 or more`,
  ),
  password_invalid: kind(400, () => `a password is 1 to ${limits.passwordBytesMax} bytes, without NUL`),
  body_empty: kind(400, () => 'a message must not be empty'),
  body_invalid: kind(400, () => 'a message is UTF-8 without NUL'),
  key_invalid: kind(400, () => `a key is 1 to ${limits.keyLengthMax} visible ASCII characters`),
  device_invalid: kind(400, () => `a device is 1 to ${limits.deviceLengthMax} letters, digits, _ or -`),
  recipients_too_many: kind(400, () => `a message is for at most ${limits.recipientsMax} at once`),
  members_too_many: kind(400, () => `a room has at most ${limits.roomMembersMax} members`),
  credentials_wrong: kind(401, () => 'wrong name or password'),
  not_logged_in: kind(403, () => 'log in first'),
  blocked: kind(403, (d) => `${d.name ?? 'the recipient'} does not take messages from you`),
  not_a_member: kind(403, (d) => `you are not a member of ${d.name ?? 'this room'}`),
  accounts_elsewhere: kind(403, () => 'accounts and passwords are kept in the directory: change them there'),
  capability_missing: kind(403, (d) => `ask for the capability ${d.name ?? ''} with hello first`),
  recipient_unknown: kind(404, (d) => `no account or room ${d.name ?? ''}`.trimEnd()),
  account_unknown: kind(404, (d) => `no account ${d.name ?? ''}`.trimEnd()),
  room_unknown: kind(404, (d) => `no room ${d.name ?? ''}`.trimEnd()),
  command_unknown: kind(404, (d) => `no command ${d.name ?? ''}`.trimEnd()),
  nobody_online: kind(404, () => 'nobody else is online'),
  idle: kind(408, () => 'idle', 'fatal'),
  name_taken: kind(409, (d) => `the name ${d.name ?? ''} is taken`),
  already_logged_in: kind(409, (d) => `this connection is logged in as ${d.name ?? 'somebody'}; log out first`),
  logged_in_elsewhere: kind(409, (d) => `${d.name ?? 'this account'} is logged in on another connection`),
  taken_over: kind(409, () => 'taken over'),
  key_reused: kind(409, () => 'this key was used for another message'),
  rooms_too_many: kind(409, () => `an account is in at most ${limits.roomsPerAccountMax} rooms`),
  line_too_long: kind(413, () => 'this line is too long', 'fatal'),
  body_too_long: kind(413, () => `a message is at most ${limits.bodyBytesMax} bytes`, 'fatal'),
  busy: kind(429, () => 'too many logins in progress, wait 5 s'),
  internal: kind(500, () => 'an error on the server'),
  store_failed: kind(500, () => 'the store failed; try again, and with the same key if there was one'),
  closing: kind(503, (d) => (d.seconds === undefined ? 'closing' : `closing in ${d.seconds} s`), 'fatal'),
  directory_unavailable: kind(503, () => 'the directory of accounts cannot be asked right now; try again'),
  connections_too_many: kind(503, () => 'too many connections', 'fatal'),
  version_unknown: kind(505, (d) => `version ${d.version ?? ''} is not spoken here; using 2`),
  mailbox_full: kind(507, (d) => `${d.name ?? 'the recipient'} has too many unread messages`),
  store_full: kind(507, () => 'the disk of the server is full'),
} as const satisfies Record<string, ErrorKind>;

function kind(status: number, sentence: (detail: ErrorDetail) => string, fatal?: 'fatal'): ErrorKind {
  return { status, sentence, fatal: fatal !== undefined };
}

/** The stable name of a failure. */
export type ErrorCode = keyof typeof table;

export const errorCodes = Object.keys(table) as ErrorCode[];

/** The status that cmap answers with for `code`. */
export function statusOf(code: ErrorCode): number {
  return table[code].status;
}

/** Whether the connection is closed after `code` was answered. */
export function isFatal(code: ErrorCode): boolean {
  return table[code].fatal;
}

/** A failure that a peer caused or must be told of: it becomes a reply.
 *  Whatever else is thrown is a bug, is logged, and the peer sees only `internal`. */
export class ChatError extends Error {
  override readonly name = 'ChatError';

  constructor(
    readonly code: ErrorCode,
    readonly detail: ErrorDetail = {},
    options?: { cause?: unknown },
  ) {
    super(table[code].sentence(detail), options);
  }

  get status(): number {
    return statusOf(this.code);
  }

  get fatal(): boolean {
    return isFatal(this.code);
  }
}
