/** Messages: sent, drawn a recipient for, looked up. */

import { ChatError, type ErrorCode } from '../../../shared/errors';
import { limits } from '../../../shared/limits';
import { type DestinationName, parseDestination, type RoomName, type Username } from '../../../shared/names';
import type { Followers } from '../followers';
import { type GuestsOnline, isGuest } from '../guests';
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
import type { GuestRooms } from './guest-rooms';

/** What came of a send. */
export interface Sent {
  readonly seq: Seq;
  /** The recipient's name as it was created. */
  readonly to: DestinationName;
  /** At least one session of the recipient, or of another member of the room, is connected. */
  readonly live: boolean;
}

/** Who asked for a send. Exactly one of the two is called, once, after {@link Messages.send} has returned; in the order of
 *  the sends of a session to accounts and rooms. A send to a guest waits for no disk and may be told before them. */
export interface SendTicket {
  /** The message is on disk, or in the mailbox of a guest. */
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
  readonly guests: GuestsOnline;
  readonly guestRooms: GuestRooms;
}

export class Messages {
  constructor(private readonly needs: MessagesNeeds) {}

  /** Takes a message for its destination's log. The ticket is told of it once it is there for good.
   *  @throws ChatError name_invalid, room_name_invalid, body_empty, body_invalid, body_too_long, and then the ticket
   *  is told nothing */
  send(options: SendOptions): void {
    const to = parseDestination(options.to);
    checkBody(options.body);
    const { clock, guests, logs } = this.needs;
    const { id } = options.session.account;
    const senderId = id < 0 ? guests.senderId(id, to) : id;
    const sending = new Sending(this, options, senderId, to, clock.now());
    const guest = guests.count > 0 ? guests.named(to) : undefined;
    if (guest === undefined) logs.append(sending);
    else guest.mailbox.append(sending);
  }

  /** Sends to somebody else who is online.
   *  @throws ChatError nobody_online, and as {@link Messages.send} does */
  sendAtRandom(options: Omit<SendOptions, 'to' | 'key'>): void {
    const drawn = this.needs.presence.drawOther(options.session.account.id);
    this.send({ ...options, to: drawn.name, key: undefined });
  }

  /** The newest page of the messages with an account or of a room, oldest first: those before seq `before`, and
   *  `messagesMax` of them, 1 to 200, or fewer when they are long (`bounds.historyBytesMax`). With a guest there are none.
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
      ? this.roomHistory(account, name as RoomName, before, count)
      : this.conversation(account, name as Username, before, count);
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
    if (repeated) {
      // Whoever failed to tell that it was committed has not nudged anybody either.
      this.needs.followers.reach(log, seq);
      return;
    }
    const { at, from, body } = sending;
    const nudge = { log, message: { seq, at, from, body } };
    // A guest is on this node alone, and another one may have given the id of its mailbox too.
    if (log < 0) this.needs.followers.nudge(nudge);
    else this.needs.bus.publish(nudge);
  }

  private roomHistory(account: Account, name: RoomName, before: Seq | undefined, messagesMax: number) {
    if (isGuest(account)) return this.needs.guestRooms.history(account, name, before, messagesMax);
    return this.needs.logs.roomHistory(account.id, name, before, messagesMax);
  }

  /** A guest's id means nothing once it has left, so that nothing is looked up by one. */
  private async conversation(account: Account, other: Username, before: Seq | undefined, messagesMax: number) {
    if (isGuest(account) || this.needs.guests.named(other) !== undefined) return [];
    return this.needs.logs.conversation(account, other, before, messagesMax);
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
  readonly from: Username;
  readonly key: string | undefined;
  readonly body: Uint8Array;

  constructor(
    private readonly messages: Messages,
    readonly options: SendOptions,
    readonly senderId: AccountId,
    readonly to: DestinationName,
    readonly at: UnixMs,
  ) {
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
