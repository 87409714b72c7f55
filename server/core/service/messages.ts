/** Messages: sent, drawn a recipient for, looked up. */

import { ChatError, type ErrorCode } from '../../../shared/errors';
import { limits } from '../../../shared/limits';
import { type DestinationName, parseDestination, type RoomName, type Username } from '../../../shared/names';
import type { Followers } from '../followers';
import type {
  Account,
  AccountId,
  AddressedMessage,
  Appended,
  Bus,
  Clock,
  Draft,
  LogStore,
  Seq,
  UnixMs,
} from '../ports';
import type { Presence } from '../presence';
import type { Receipts } from '../receipts';
import type { Session } from '../session';

/** What came of a send. */
export interface Sent {
  readonly seq: Seq;
  /** The recipient's name as it was created. */
  readonly to: DestinationName;
  /** At least one session of the recipient, or of another member of the room, is connected. */
  readonly live: boolean;
}

/** Who asked for a send. Exactly one of the two is called, once, in the order of the sends of a session. */
export interface SendTicket {
  /** The message is on disk. */
  sent(result: Sent): void;
  failed(error: ChatError): void;
}

export interface SendOptions {
  readonly session: Session;
  /** A username or a #room. */
  readonly to: string;
  readonly key: string | undefined;
  /** 1 to 65,536 bytes of valid UTF-8 without NUL; it must not change afterwards. */
  readonly body: Uint8Array;
  readonly ticket: SendTicket;
}

export interface MessagesNeeds {
  readonly logs: LogStore;
  readonly clock: Clock;
  readonly bus: Bus;
  readonly presence: Presence;
  readonly followers: Followers;
  readonly receipts: Receipts;
}

export class Messages {
  constructor(private readonly needs: MessagesNeeds) {}

  /** Takes a message for its destination's log. The ticket is told of it once it is on disk.
   *  @throws ChatError name_invalid, room_name_invalid, body_empty, body_invalid, body_too_long, and then the ticket
   *  is told nothing */
  send(options: SendOptions): void {
    const to = parseDestination(options.to);
    checkBody(options.body);
    this.needs.logs.append(new Sending(this, options, to, this.needs.clock.now()));
  }

  /** Sends to somebody else who is online.
   *  @throws ChatError nobody_online, and as {@link Messages.send} does */
  sendAtRandom(options: Omit<SendOptions, 'to' | 'key'>): void {
    const drawn = this.needs.presence.drawOther(options.session.account.id);
    this.send({ ...options, to: drawn.name, key: undefined });
  }

  /** The newest page of the messages with an account or of a room, oldest first: those before seq `before`, and
   *  `messagesMax` of them, 1 to 200.
   *  @throws ChatError number_invalid for a 0, name_invalid, room_name_invalid, account_unknown, room_unknown, not_a_member */
  history(
    account: Account,
    other: string,
    before: Seq | undefined,
    messagesMax: number | undefined,
  ): Promise<readonly AddressedMessage[]> {
    const name = parseDestination(other);
    if (before === 0) throw new ChatError('number_invalid', { name: 'before' });
    if (messagesMax === 0) throw new ChatError('number_invalid', { name: 'limit' });
    const count = Math.min(Math.max(messagesMax ?? limits.historyMessagesDefault, 1), limits.historyMessagesMax);
    return name.startsWith('#')
      ? this.needs.logs.roomHistory(account.id, name as RoomName, before, count)
      : this.needs.logs.conversation(account, name as Username, before, count);
  }

  /** A draft was committed: its sender is answered first, then whoever follows the log is nudged. */
  settled(sending: Sending, result: Appended): void {
    const { session, ticket } = sending.options;
    const { log, seq, to, repeated } = result;
    const isMailbox = !to.startsWith('#');
    const live = this.needs.followers.hasOther(log, isMailbox ? undefined : session.account.id);
    if (session.wantsReceipts && isMailbox && !repeated && !session.isEnded) {
      this.needs.receipts.expect(log, seq, to, session);
    }
    ticket.sent({ seq, to, live });
    if (repeated) return;
    const { at, from, body } = sending;
    this.needs.bus.publish({ log, message: { seq, at, from, body } });
  }
}

/** @throws ChatError body_empty, body_too_long, body_invalid */
function checkBody(body: Uint8Array): void {
  if (body.length === 0) throw new ChatError('body_empty');
  if (body.length > limits.bodyBytesMax) throw new ChatError('body_too_long');
  if (body.includes(0)) throw new ChatError('body_invalid');
}

/** A send on its way: the draft that the store sees and the ticket of who waits for it, in one object. */
class Sending implements Draft {
  readonly senderId: AccountId;
  readonly from: Username;
  readonly key: string | undefined;
  readonly body: Uint8Array;

  constructor(
    private readonly messages: Messages,
    readonly options: SendOptions,
    readonly to: DestinationName,
    readonly at: UnixMs,
  ) {
    this.senderId = options.session.account.id;
    this.from = options.session.account.name;
    this.key = options.key;
    this.body = options.body;
  }

  committed(result: Appended): void {
    this.messages.settled(this, result);
  }

  refused(code: ErrorCode): void {
    this.options.ticket.failed(new ChatError(code, { name: this.to }));
  }
}
