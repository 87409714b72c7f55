/** Drafts become messages here, inside the transaction of their batch. */

import type { Database } from 'better-sqlite3';
import type { AccountId, Seq } from '../../core/ports';
import type { Destination, Destinations } from './destinations';
import type { DraftReader } from './draft-pack';
import { packCommitted, packRefused, type Refusal } from './outcome-pack';
import type { PackWriter } from './pack';

interface StoredRow {
  readonly seq: number;
  readonly body: Uint8Array;
}

export interface AppenderOptions {
  readonly db: Database;
  readonly destinations: Destinations;
  /** Messages that a log may hold above what everybody there has acknowledged. */
  readonly mailboxMessagesMax: number;
}

export class Appender {
  private readonly destinations: Destinations;
  private readonly mailboxMessagesMax: number;
  private readonly statements: ReturnType<typeof prepareStatements>;

  constructor({ db, destinations, mailboxMessagesMax }: AppenderOptions) {
    this.destinations = destinations;
    this.mailboxMessagesMax = mailboxMessagesMax;
    this.statements = prepareStatements(db);
  }

  /** Stores the draft that the reader stands at, or refuses it, and adds the outcome. The order of the checks lets a
   *  retry of a stored message succeed in a mailbox that has filled up since. */
  append(draft: DraftReader, outcomes: PackWriter): void {
    const destination = this.destinations.find(draft.to);
    if (destination === undefined) packRefused(outcomes, 'recipient_unknown');
    else if (isShutOut(draft.senderId, destination))
      packRefused(outcomes, destination.isRoom ? 'not_a_member' : 'blocked');
    else if (this.isFull(destination)) this.settleStored(draft, destination, outcomes, 'mailbox_full');
    else if (this.insert(draft, destination))
      committed(outcomes, destination, draft, this.destinations.advance(destination), false);
    else this.settleStored(draft, destination, outcomes, 'key_reused');
  }

  /** False when the key was used before. */
  private insert({ at, senderId, from, key, body }: DraftReader, { log, head }: Destination): boolean {
    const { insert, insertKeyed } = this.statements;
    if (key === undefined) insert.run(log, head + 1, at, senderId, from, body);
    else return insertKeyed.run(log, head + 1, at, senderId, from, key, body).changes > 0;
    return true;
  }

  private isFull(destination: Destination): boolean {
    const { mailboxMessagesMax } = this;
    if (destination.head - destination.floor < mailboxMessagesMax) return false;
    this.destinations.refreshFloor(destination);
    return destination.head - destination.floor >= mailboxMessagesMax;
  }

  /** The draft is the message that its key was used for, or it is refused: with `otherwise` when there is none. */
  private settleStored(draft: DraftReader, destination: Destination, outcomes: PackWriter, otherwise: Refusal): void {
    const { key, senderId, body } = draft;
    const stored = key === undefined ? undefined : this.statements.byKey.get(destination.log, senderId, key);
    if (stored === undefined) packRefused(outcomes, otherwise);
    else if (Buffer.compare(stored.body, body) !== 0) packRefused(outcomes, 'key_reused');
    else committed(outcomes, destination, draft, stored.seq, true);
  }
}

function isShutOut(sender: AccountId, { isRoom, accounts }: Destination): boolean {
  return accounts.has(sender) !== isRoom;
}

function committed(pack: PackWriter, to: Destination, draft: DraftReader, seq: number, repeated: boolean): void {
  packCommitted(pack, { log: to.log, seq: seq as Seq, repeated, name: to.name, to: draft.to });
}

function prepareStatements(db: Database) {
  return {
    insert: db.prepare('INSERT INTO messages (log, seq, at, sender_id, sender, body) VALUES (?, ?, ?, ?, ?, ?)'),
    insertKeyed: db.prepare(
      `INSERT INTO messages (log, seq, at, sender_id, sender, key, body) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (log, sender_id, key) WHERE key IS NOT NULL DO NOTHING`,
    ),
    byKey: db.prepare<[number, number, string], StoredRow>(
      'SELECT seq, body FROM messages WHERE log = ? AND sender_id = ? AND key = ?',
    ),
  };
}
