/** What each failure is on this wire: the one place that knows its numbers.
 *  @see docs/protocols/chateau.md#statuses */

import type { ErrorCode } from '../../../shared/errors';
import type { Dialect } from './codec';

export const okStatus = 200;
/** The first message of a chat, which tells its members that there is one. */
export const firstMessageStatus = 201;

const generic = 400;
const noSocket = 300;
const notRegistered = 301;
const nameConflict = 302;
const nameUnknown = 404;

/** Every failure in the named dialect. */
const namedStatuses: Readonly<Record<ErrorCode, number>> = {
  malformed: generic,
  opcode_unknown: generic,
  arguments_missing: generic,
  arguments_surplus: generic,
  encoding_invalid: generic,
  frame_invalid: generic,
  escape_unknown: generic,
  number_invalid: generic,
  name_invalid: generic,
  name_reserved: generic,
  room_name_invalid: generic,
  chat_name_invalid: generic,
  password_invalid: generic,
  body_empty: generic,
  body_invalid: generic,
  key_invalid: generic,
  device_invalid: generic,
  members_too_many: generic,
  recipients_too_many: generic,
  credentials_wrong: generic,
  accounts_elsewhere: generic,
  directory_unavailable: generic,
  not_logged_in: notRegistered,
  blocked: generic,
  not_a_member: generic,
  capability_missing: generic,
  recipient_unknown: nameUnknown,
  account_unknown: nameUnknown,
  room_unknown: nameUnknown,
  command_unknown: generic,
  nobody_online: generic,
  idle: generic,
  name_taken: nameConflict,
  already_logged_in: nameConflict,
  logged_in_elsewhere: nameConflict,
  taken_over: nameConflict,
  key_reused: generic,
  rooms_too_many: generic,
  line_too_long: generic,
  body_too_long: generic,
  busy: generic,
  internal: generic,
  store_failed: generic,
  closing: noSocket,
  connections_too_many: noSocket,
  version_unknown: generic,
  mailbox_full: generic,
  store_full: generic,
};

/** The status that tells of `code`. The numeric dialect knows no more than that a name is in conflict, that there is no
 *  socket, and that something else is wrong. */
export function statusOf(code: ErrorCode, dialect: Dialect): number {
  const status = namedStatuses[code];
  if (dialect === 'named' || status === noSocket || status === nameConflict) return status;
  return generic;
}
