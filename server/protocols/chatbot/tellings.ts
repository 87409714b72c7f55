/** How this wire tells each failure: a RESPONSE with a text, after which some close the connection.
 *  @see docs/protocols/chatbot.md#errors */

import { encodeText } from '../../../shared/bytes';
import type { ChatError, ErrorCode, ErrorDetail } from '../../../shared/errors';
import { toField } from './ascii';

export interface Telling {
  /** In place of the sentence that the error has by itself. */
  readonly text?: (detail: ErrorDetail) => string;
  readonly closes: boolean;
}

/** The error's own sentence. */
const own: Telling = { closes: false };
const ownAndClose: Telling = { closes: true };

function says(text: string): Telling {
  return { text: () => text, closes: false };
}

function saysAndCloses(text: string): Telling {
  return { text: () => text, closes: true };
}

export const tellings: Readonly<Record<ErrorCode, Telling>> = {
  malformed: own,
  opcode_unknown: own,
  arguments_missing: own,
  arguments_surplus: own,
  encoding_invalid: says('text on this wire is ASCII'),
  frame_invalid: own,
  escape_unknown: own,
  number_invalid: own,
  name_invalid: own,
  name_reserved: own,
  room_name_invalid: own,
  chat_name_invalid: own,
  password_invalid: own,
  body_empty: own,
  body_invalid: says('a message must not hold NUL'),
  key_invalid: own,
  device_invalid: own,
  recipients_too_many: own,
  members_too_many: own,
  credentials_wrong: says('this account has a password: it cannot be entered here'),
  not_logged_in: own,
  blocked: own,
  not_a_member: own,
  accounts_elsewhere: own,
  capability_missing: own,
  recipient_unknown: own,
  account_unknown: own,
  room_unknown: own,
  command_unknown: ownAndClose,
  nobody_online: own,
  idle: ownAndClose,
  name_taken: own,
  already_logged_in: { text: ({ name }) => `this connection is logged in as ${name}`, closes: false },
  logged_in_elsewhere: own,
  taken_over: ownAndClose,
  key_reused: own,
  rooms_too_many: own,
  line_too_long: saysAndCloses('this frame is longer than it may be'),
  body_too_long: own,
  busy: own,
  internal: own,
  store_failed: says('the store failed; try again'),
  closing: own,
  directory_unavailable: own,
  connections_too_many: ownAndClose,
  version_unknown: saysAndCloses('this is version 0, and no other is spoken here'),
  mailbox_full: own,
  store_full: own,
};

/** The text of the RESPONSE that tells `error`; never empty, for that is success. */
export function textOf(error: ChatError): string {
  const text = tellings[error.code].text?.(error.detail) ?? error.message;
  return String.fromCharCode(...toField(encodeText(text)));
}
