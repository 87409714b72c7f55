/** Pages of history, the newest messages first found and oldest first given. */

import type { Database } from 'better-sqlite3';
import { ChatError } from '../../../shared/errors';
import { nameKey, type RoomName, type Username } from '../../../shared/names';
import { type Account, type AccountId, mailboxOf, type Room, type Seq } from '../../core/ports';
import { MessagePacker, type MessageRow } from './message-pack';

/** Beyond every seq and time. */
const end = Number.MAX_SAFE_INTEGER;

export class HistoryReads {
  private readonly statements: ReturnType<typeof prepareStatements>;

  constructor(db: Database) {
    this.statements = prepareStatements(db);
  }

  /** @throws ChatError room_unknown, not_a_member */
  room(account: AccountId, name: RoomName, before: Seq | undefined, messagesMax: number): ArrayBuffer {
    const room = this.statements.room.get(nameKey(name));
    if (room === undefined) throw new ChatError('room_unknown', { name });
    if (this.statements.isMember.get(room.log, account) === undefined) throw new ChatError('not_a_member', { name });
    const packer = new MessagePacker();
    const newest = this.statements.newest.all(room.log, before ?? end, messagesMax);
    for (const row of newest.reverse()) packer.add(row, room.name);
    return packer.take();
  }

  /** @throws ChatError account_unknown */
  conversation(account: Account, other: Username, before: Seq | undefined, messagesMax: number): ArrayBuffer {
    const partner = this.statements.account.get(nameKey(other));
    if (partner === undefined) throw new ChatError('account_unknown', { name: other });
    const { newestFrom, newestFromUntil, timeOf } = this.statements;
    const mailbox = mailboxOf(account.id);
    const received = newestFrom.all(mailbox, partner.id, before ?? end, messagesMax);
    const until = before === undefined ? undefined : (timeOf.get(mailbox, before) as number | undefined);
    const sent =
      partner.id === account.id
        ? []
        : newestFromUntil.all(mailboxOf(partner.id), account.id, until ?? end, messagesMax);
    return packMerged(received, account.name, sent, partner.name, messagesMax);
  }
}

/** Both lists are newest first. By time, but neither list is reordered when the clock went back. Of two at the same
 *  time the one that was sent is the older: a page that begins at the other one leaves it to the page before. */
function packMerged(
  received: readonly MessageRow[],
  receiver: Username,
  sent: readonly MessageRow[],
  recipient: Username,
  messagesMax: number,
): ArrayBuffer {
  const page: (readonly [MessageRow, Username])[] = [];
  let r = 0;
  let s = 0;
  while (page.length < messagesMax) {
    const mine = received[r];
    const theirs = sent[s];
    if (mine !== undefined && (theirs === undefined || mine.at >= theirs.at)) {
      page.push([mine, receiver]);
      r += 1;
    } else if (theirs !== undefined) {
      page.push([theirs, recipient]);
      s += 1;
    } else {
      break;
    }
  }
  const packer = new MessagePacker();
  for (const [row, to] of page.reverse()) packer.add(row, to);
  return packer.take();
}

function prepareStatements(db: Database) {
  const select = 'SELECT seq, at, sender, body FROM messages WHERE log = ?';
  const newestFirst = 'ORDER BY seq DESC LIMIT ?';
  return {
    room: db.prepare<[string], Room>('SELECT id AS log, name FROM rooms WHERE name_key = ?'),
    account: db.prepare<[string], Account>('SELECT id, name FROM accounts WHERE name_key = ?'),
    isMember: db.prepare('SELECT 1 FROM members WHERE room = ? AND account = ?').pluck(),
    newest: db.prepare<[number, number, number], MessageRow>(`${select} AND seq < ? ${newestFirst}`),
    // By the sender's id: a name may have belonged to somebody else before.
    newestFrom: db.prepare<[number, number, number, number], MessageRow>(
      `${select} AND sender_id = ? AND seq < ? ${newestFirst}`,
    ),
    newestFromUntil: db.prepare<[number, number, number, number], MessageRow>(
      `${select} AND sender_id = ? AND at <= ? ${newestFirst}`,
    ),
    timeOf: db.prepare('SELECT at FROM messages WHERE log = ? AND seq >= ? ORDER BY seq LIMIT 1').pluck(),
  };
}
