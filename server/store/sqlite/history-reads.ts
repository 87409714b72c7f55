/** Pages of history, the newest messages first found and oldest first given. */

import type { Database } from 'better-sqlite3';
import { ChatError } from '../../../shared/errors';
import { bounds } from '../../../shared/limits';
import { type DestinationName, nameKey, type RoomName, type Username } from '../../../shared/names';
import {
  type Account,
  type AccountId,
  type AddressedMessage,
  type LogId,
  type Message,
  mailboxOf,
  type Room,
  type Seq,
  type UnixMs,
} from '../../core/ports';
import { type ChunkRow, RecordReader } from './chunk';
import { findRoom } from './find-room';
import { messageOverheadBytes } from './limits';
import { MessagePacker } from './message-pack';

const { historyBytesMax } = bounds;
/** Beyond every seq and time. */
const end = Number.MAX_SAFE_INTEGER;

/** Pages of what was said, newest last, of a room or with an account. Both look through chunks from the end of a log. */
export class HistoryReads {
  private readonly statements: ReturnType<typeof prepareStatements>;

  constructor(db: Database) {
    this.statements = prepareStatements(db);
  }

  /** @throws ChatError room_unknown, not_a_member */
  room(account: AccountId, name: RoomName, before: Seq | undefined, messagesMax: number): ArrayBuffer {
    const room = findRoom(this.statements.room, name);
    if (room === undefined) throw new ChatError('room_unknown', { name });
    if (this.statements.isMember.get(room.log, account) === undefined) throw new ChatError('not_a_member', { name });
    const newest = this.newest(room.log, before ?? end, messagesMax, () => true);
    return packMerged(newest, room.name, [], room.name, messagesMax);
  }

  /** @throws ChatError account_unknown */
  conversation(account: Account, other: Username, before: Seq | undefined, messagesMax: number): ArrayBuffer {
    const partner = this.statements.account.get(nameKey(other));
    if (partner === undefined) throw new ChatError('account_unknown', { name: other });
    const mailbox = mailboxOf(account.id);
    const until = (before === undefined ? undefined : this.timeOf(mailbox, before)) ?? end;
    // By the sender's id: a name may have belonged to somebody else before.
    const received = this.newest(mailbox, before ?? end, messagesMax, ({ senderId }) => senderId === partner.id);
    const sent =
      partner.id === account.id
        ? []
        : this.newest(
            mailboxOf(partner.id),
            end,
            messagesMax,
            ({ senderId, at }) => senderId === account.id && at <= until,
          );
    return packMerged(received, account.name, sent, partner.name, messagesMax);
  }

  /** The newest `messagesMax` messages of a log before `before` that are wanted, newest first, up to the one with which they
   *  take more than a page may. It looks through the log backwards until it has found them. */
  private newest(
    log: LogId,
    before: number,
    messagesMax: number,
    isWanted: (records: RecordReader) => boolean,
  ): Message[] {
    const found: Message[] = [];
    let room = historyBytesMax;
    for (const { first, bytes } of this.statements.backwards.iterate({ log, before })) {
      const wanted: Message[] = [];
      const records = new RecordReader(bytes, first);
      while (records.next() && records.seq < before) if (isWanted(records)) wanted.push(messageAt(records));
      for (const message of wanted.reverse()) {
        found.push(message);
        room -= weightOf(message);
        if (room < 0 || found.length === messagesMax) return found;
      }
    }
    return found;
  }

  /** When the message was accepted, or the first behind it that is there. */
  private timeOf(log: LogId, seq: Seq): UnixMs | undefined {
    const row = this.statements.chunkWith.get({ log, seq });
    if (row === undefined) return undefined;
    const records = new RecordReader(row.bytes, row.first);
    while (records.next() && records.seq < seq);
    return records.at;
  }
}

function messageAt({ seq, at, from, body }: RecordReader): Message {
  return { seq: seq as Seq, at, from, body };
}

function weightOf({ body }: Message): number {
  return body.length + messageOverheadBytes;
}

/** As many as fit in a page, but at least one. Both lists are newest first. By time, but neither list is reordered when the
 *  clock went back. Of two at the same time the one that was sent is the older: a page that begins at the other one leaves
 *  it to the page before. */
function packMerged(
  received: readonly Message[],
  receiver: DestinationName,
  sent: readonly Message[],
  recipient: DestinationName,
  messagesMax: number,
): ArrayBuffer {
  const page: AddressedMessage[] = [];
  let r = 0;
  let s = 0;
  let room = historyBytesMax;
  while (page.length < messagesMax) {
    const mine = received[r];
    const theirs = sent[s];
    const isMine = mine !== undefined && (theirs === undefined || mine.at >= theirs.at);
    const next = isMine ? mine : theirs;
    if (next === undefined) break;
    room -= weightOf(next);
    if (room < 0 && page.length > 0) break;
    page.push({ ...next, to: isMine ? receiver : recipient });
    if (isMine) r += 1;
    else s += 1;
  }
  const packer = new MessagePacker();
  for (const message of page.reverse()) packer.add(message);
  return packer.take();
}

function prepareStatements(db: Database) {
  const select = 'SELECT first, last, bytes FROM chunks WHERE log = @log';
  return {
    room: db.prepare<[string], Room>('SELECT id AS log, name FROM rooms WHERE name_key = ?'),
    account: db.prepare<[string], Account>('SELECT id, name FROM accounts WHERE name_key = ?'),
    isMember: db.prepare('SELECT 1 FROM members WHERE room = ? AND account = ?').pluck(),
    // From the chunk in which `before` lies, or would.
    backwards: db.prepare<[{ log: LogId; before: number }], ChunkRow>(
      `${select} AND last <= coalesce((SELECT min(last) FROM chunks WHERE log = @log AND last >= @before), @before)
       ORDER BY last DESC`,
    ),
    chunkWith: db.prepare<[{ log: LogId; seq: Seq }], ChunkRow>(`${select} AND last >= @seq ORDER BY last LIMIT 1`),
  };
}
