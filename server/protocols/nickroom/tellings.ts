/** How this wire tells each failure. It has no form for errors: before READY every failure is a RETRY; afterwards it is
 *  a message from `server`, a name that nobody can have, to the one connection that it concerns.
 *  @see docs/protocols/nickroom.md#failures */

import type { ChatError, ErrorCode, ErrorDetail } from '../../../shared/errors';

/** The message of `server` for a failure. */
type Telling = (detail: ErrorDetail) => string;

/** Not sent, for the reason that the error gives itself. */
const own = 'own';

export const tellings: Readonly<Record<ErrorCode, Telling | typeof own>> = {
  malformed: () => 'Not sent: a packet is JSON with a "message".',
  opcode_unknown: own,
  arguments_missing: own,
  arguments_surplus: own,
  encoding_invalid: own,
  frame_invalid: own,
  escape_unknown: own,
  number_invalid: own,
  name_invalid: own,
  name_reserved: own,
  room_name_invalid: own,
  chat_name_invalid: own,
  password_invalid: own,
  body_empty: own,
  body_invalid: own,
  key_invalid: own,
  device_invalid: own,
  recipients_too_many: own,
  members_too_many: own,
  credentials_wrong: own,
  not_logged_in: own,
  blocked: own,
  not_a_member: own,
  accounts_elsewhere: own,
  capability_missing: own,
  recipient_unknown: own,
  account_unknown: () => 'Your name is gone.',
  room_unknown: own,
  command_unknown: own,
  nobody_online: own,
  idle: own,
  name_taken: own,
  already_logged_in: own,
  logged_in_elsewhere: own,
  taken_over: () => 'Your name was taken over.',
  key_reused: own,
  rooms_too_many: own,
  line_too_long: own,
  body_too_long: own,
  busy: own,
  internal: own,
  store_failed: () => 'Not sent: the store failed. Try again.',
  closing: ({ seconds }) => `Closing in ${seconds} seconds...`,
  directory_unavailable: own,
  connections_too_many: own,
  version_unknown: own,
  mailbox_full: () => 'Not sent: the room has too many unread messages.',
  store_full: own,
};

/** What `server` says about `error`. */
export function messageOf(error: ChatError): string {
  const telling = tellings[error.code];
  return telling === own ? `Not sent: ${error.message}.` : telling(error.detail);
}

/** What `server` says in place of the next messages of a room, which a client has not read in time. */
export function messagesLeftOut(count: number): string {
  return `${count === 1 ? 'The next message is' : `The next ${count} messages are`} left out: you were not reading.`;
}

/** What `server` says in place of failures that a client has not read in time. */
export function failuresLeftOut(count: number): string {
  return `Not sent: ${count} of your messages, while you were not reading.`;
}
