/** Drafts become messages here, inside the transaction of their batch. */

import type { Database } from 'better-sqlite3';
import type { AccountId, Seq } from '../../core/ports';
import { type ChunkRow, RecordReader } from './chunk';
import type { Destination, Destinations } from './destinations';
import type { DraftReader } from './draft-pack';
import { packCommitted, packRefused, type Refusal } from './outcome-pack';
import type { PackWriter } from './pack';

export interface AppenderOptions {
  readonly db: Database;
  readonly destinations: Destinations;
  /** Messages that a log may hold above what everybody there has acknowledged. */
  readonly mailboxMessagesMax: number;
}

/** Stores drafts, one after the other, and says what came of each. */
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
    else if (this.isFull(destination)) this.repeatOrRefuse(draft, destination, outcomes, 'mailbox_full');
    else if (this.takesKey(draft, destination))
      committed(outcomes, destination, draft, this.destinations.add(destination, draft.record), false);
    else this.repeatOrRefuse(draft, destination, outcomes, 'key_reused');
  }

  /** False when the key was used before; otherwise it is used now. */
  private takesKey({ key, senderId }: DraftReader, { log, head }: Destination): boolean {
    return key === undefined || this.statements.insertKey.run(log, senderId, key, head + 1).changes > 0;
  }

  private isFull(destination: Destination): boolean {
    const { mailboxMessagesMax } = this;
    if (destination.head - destination.floor < mailboxMessagesMax) return false;
    // Nobody is behind in a room without members: only guests are there.
    if (destination.isRoom && destination.accounts.size === 0) return false;
    this.destinations.refreshFloor(destination);
    return destination.head - destination.floor >= mailboxMessagesMax;
  }

  /** The draft is the message that its key was used for, told once more, or it is refused: with `otherwise` when its key
   *  was used for none. */
  private repeatOrRefuse(draft: DraftReader, destination: Destination, outcomes: PackWriter, otherwise: Refusal): void {
    const { key, senderId, body } = draft;
    const seq = key === undefined ? undefined : this.statements.seqOf.get(destination.log, senderId, key);
    if (seq === undefined) packRefused(outcomes, otherwise);
    else if (Buffer.compare(this.storedBody(destination, seq as number), body) !== 0)
      packRefused(outcomes, 'key_reused');
    else committed(outcomes, destination, draft, seq as number, true);
  }

  private storedBody(destination: Destination, seq: number): Uint8Array {
    // It may be of this very batch.
    this.destinations.store(destination);
    const row = this.statements.chunkWith.get(destination.log, seq);
    if (row === undefined) throw new Error(`a key is kept for message ${seq} of log ${destination.log}, which is not`);
    const records = new RecordReader(row.bytes, row.first);
    while (records.seq < seq && records.next());
    return records.body;
  }
}

function isShutOut(sender: AccountId, { isRoom, accounts }: Destination): boolean {
  // Where a guest is a member, and that nobody can block one, is known in the core.
  return sender >= 0 && accounts.has(sender) !== isRoom;
}

function committed(pack: PackWriter, to: Destination, draft: DraftReader, seq: number, repeated: boolean): void {
  packCommitted(pack, { log: to.log, seq: seq as Seq, repeated, name: to.name, to: draft.to });
}

function prepareStatements(db: Database) {
  return {
    insertKey: db.prepare(
      'INSERT INTO keys (log, sender_id, key, seq) VALUES (?, ?, ?, ?) ON CONFLICT (log, sender_id, key) DO NOTHING',
    ),
    seqOf: db.prepare('SELECT seq FROM keys WHERE log = ? AND sender_id = ? AND key = ?').pluck(),
    chunkWith: db.prepare<[number, number], ChunkRow>(
      'SELECT first, last, bytes FROM chunks WHERE log = ? AND last >= ? ORDER BY last LIMIT 1',
    ),
  };
}
