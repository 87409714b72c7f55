/** What the reference store answers to reads. */

import {
  type Account,
  type AccountId,
  type AddressedMessage,
  type Backlog,
  type CountedSpan,
  type LogId,
  type LogPosition,
  type LogSpan,
  type Message,
  mailboxOf,
  type NamePage,
  type NameQuery,
  type RoomHead,
  type Seq,
  type Subscription,
  type UnixMs,
} from '../../server/core/ports';
import { ChatError } from '../../shared/errors';
import { bounds } from '../../shared/limits';
import { type DestinationName, nameKey, type RoomName, type Username } from '../../shared/names';
import { nameMatcher } from '../../shared/pattern';
import { byKey, type ReferenceTables, type StoredMessage } from './reference-tables';

/** What a message counts for in a page besides its body, in bytes. */
const overheadBytes = 64;

export class ReferenceQueries {
  constructor(
    private readonly tables: ReferenceTables,
    /** What a message counts for in a page, in bytes. */
    private readonly bytesOf: (message: Message) => number = ({ body }) => body.length + overheadBytes,
  ) {}

  between(log: LogId, after: Seq, through: Seq): StoredMessage[] {
    return this.stored(log).filter((message) => message.seq > after && message.seq <= through);
  }

  /** As many as fit, and the first in any case; ends with the page that not all of its messages fit in. */
  pages(spans: readonly LogSpan[], bytesMax: number): Message[][] {
    const pages: Message[][] = [];
    let bytes = 0;
    for (const [index, { log, after, through }] of spans.entries()) {
      const messages = this.between(log, after, through);
      if (messages.length === 0 && after < through && this.fallsShort(log, through)) {
        if (index === 0) throw new ChatError('store_failed');
        break;
      }
      const fitting = messages.filter((message) => {
        const isFirst = bytes === 0;
        bytes += this.bytesOf(message);
        return isFirst || bytes <= bytesMax;
      });
      if (fitting.length > 0 || messages.length === 0) pages.push(fitting.map(messageOf));
      if (fitting.length < messages.length) break;
    }
    return pages;
  }

  backlog(positions: readonly LogPosition[], bytesMax: number): Backlog {
    const heads = positions.map(({ log }) => this.tables.head(log));
    const spans = positions.map((position, index) => ({ ...position, through: heads[index] as Seq }));
    return { heads, pages: this.pages(spans, bytesMax) };
  }

  count(spans: readonly CountedSpan[]): number[] {
    return spans.map(
      ({ log, after, through, except }) =>
        this.between(log, after, through).filter((message) => message.from !== except).length,
    );
  }

  private fallsShort(log: LogId, through: Seq): boolean {
    return this.tables.hasLog(log) && this.tables.head(log) < through;
  }

  subscriptions(account: AccountId, device: string, at: UnixMs): Subscription[] {
    const row = this.tables.accounts.get(account);
    if (row === undefined) return [];
    const cursors = this.tables.cursorsOf(account, device, at);
    const mailbox = { log: mailboxOf(account), name: row.name as DestinationName };
    return [mailbox, ...this.tables.roomsOf(account)].map(({ log, name }) => ({
      log,
      name,
      cursor: cursors.get(log) as Seq,
    }));
  }

  names({ pattern, after, namesMax }: NameQuery): NamePage {
    const matches = pattern === undefined ? () => true : nameMatcher(pattern);
    const names = [...this.tables.accounts.values()]
      .map((row) => row.name)
      .filter((name) => matches(name) && (after === undefined || nameKey(name) > after.toLowerCase()))
      .sort((a, b) => byKey(nameKey(a), nameKey(b)));
    return { names: names.slice(0, namesMax), more: names.length > namesMax };
  }

  room(name: RoomName): RoomHead | undefined {
    const room = this.tables.room(name);
    return room && { log: room.log, name: room.name, head: this.tables.head(room.log) };
  }

  members(name: RoomName): Username[] {
    return [...this.tables.namedRoom(name).members]
      .map((member) => this.tables.existing(member).name)
      .sort((a, b) => byKey(nameKey(a), nameKey(b)));
  }

  roomHistory(account: AccountId, name: RoomName, before: Seq | undefined, messagesMax: number): AddressedMessage[] {
    const room = this.tables.namedRoom(name);
    if (!room.members.has(account)) throw new ChatError('not_a_member', { name });
    const older = this.stored(room.log).filter((message) => before === undefined || message.seq < before);
    return pageOf(older.slice(-messagesMax).map((message) => addressed(message, room.name)));
  }

  conversation(account: Account, other: Username, before: Seq | undefined, messagesMax: number): AddressedMessage[] {
    const partner = this.tables.named(other);
    const mailbox = this.stored(mailboxOf(account.id));
    const bound = before === undefined ? undefined : mailbox.find((message) => message.seq >= before)?.ordinal;
    // By the sender's id: a name may have belonged to somebody else before.
    const fromIn = (sender: AccountId, log: readonly StoredMessage[]): StoredMessage[] =>
      log.filter(({ senderId, ordinal }) => senderId === sender && (bound === undefined || ordinal < bound));
    const received = fromIn(partner.id, mailbox);
    const sent = partner.id === account.id ? [] : fromIn(account.id, this.stored(mailboxOf(partner.id)));
    const both = [
      ...received.map((message) => ({ message, to: account.name })),
      ...sent.map((message) => ({ message, to: partner.name })),
    ].sort((a, b) => a.message.ordinal - b.message.ordinal);
    return pageOf(both.slice(-messagesMax).map(({ message, to }) => addressed(message, to)));
  }

  private stored(log: LogId): readonly StoredMessage[] {
    return this.tables.messages.get(log) ?? [];
  }
}

function messageOf({ seq, at, from, body }: StoredMessage): Message {
  return { seq, at, from, body };
}

function addressed({ seq, at, from, body }: StoredMessage, to: DestinationName): AddressedMessage {
  return { seq, at, from, body, to };
}

/** As many of the newest as a page of history has room for, but at least one. */
function pageOf(messages: readonly AddressedMessage[]): AddressedMessage[] {
  let room = bounds.historyBytesMax;
  const tooMuch = messages.findLastIndex(({ body }) => {
    room -= body.length + overheadBytes;
    return room < 0;
  });
  return messages.slice(Math.min(tooMuch + 1, messages.length - 1));
}
