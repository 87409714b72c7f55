/** What is read of logs and cursors. */

import type { Database } from 'better-sqlite3';
import type { DestinationName, Username } from '../../../shared/names';
import { type AccountId, type LogId, type Seq, type Subscription, seqZero, type UnixMs } from '../../core/ports';
import { type ChunkRow, RecordReader } from './chunk';
import { messageOverheadBytes } from './limits';
import { PagePacker, RecordRange } from './page-pack';

/** Where a device stands, and when it was seen last: `undefined` when it has to be begun, and then where the account's
 *  default cursor stands. */
export interface DeviceSubscriptions {
  readonly subscriptions: Subscription[];
  readonly seenAt: UnixMs | undefined;
}

interface SubscriptionRow {
  readonly log: LogId;
  readonly name: DestinationName;
  readonly usual: Seq;
  readonly own: Seq | null;
}

/** Pages of one log, heads, and where devices stand. */
export class LogReads {
  private readonly statements: ReturnType<typeof prepareStatements>;

  constructor(db: Database) {
    this.statements = prepareStatements(db);
  }

  /** Messages with `after < seq <= through`, oldest first and packed: as many as fit in `bytesMax`, but at least one. */
  page(log: LogId, after: Seq, through: Seq, bytesMax: number): ArrayBuffer {
    const page = new PagePacker();
    let room = bytesMax;
    for (const { first, bytes } of this.statements.behind.iterate({ log, after })) {
      if (first > through) break;
      const records = new RecordReader(bytes, first);
      const range = new RecordRange();
      while (records.seq < through && records.next()) {
        if (records.seq <= after) continue;
        room -= records.bodyLength + messageOverheadBytes;
        if (room < 0 && !(page.isEmpty && range.isEmpty)) break;
        range.take(records);
      }
      page.add(bytes, range);
      if (room < 0) break;
    }
    return page.take();
  }

  heads(logs: readonly LogId[]): Seq[] {
    return logs.map((log) => (this.statements.head.get({ log }) as Seq | undefined) ?? seqZero);
  }

  countForeign(log: LogId, after: Seq, through: Seq, except: Username): number {
    let count = 0;
    for (const { first, bytes } of this.statements.behind.iterate({ log, after })) {
      if (first > through) break;
      const records = new RecordReader(bytes, first);
      while (records.seq < through && records.next()) {
        if (records.seq > after && records.from !== except) count += 1;
      }
    }
    return count;
  }

  subscriptions(account: AccountId, device: string): DeviceSubscriptions {
    const rows = this.statements.subscriptions.all({ account, device });
    return {
      subscriptions: rows.map(({ log, name, usual, own }) => ({ log, name, cursor: own ?? usual })),
      seenAt: rows.some((row) => row.own === null)
        ? undefined
        : (this.statements.seenAt.get(account, device) as UnixMs | undefined),
    };
  }
}

function prepareStatements(db: Database) {
  const isThere = 'NOT EXISTS (SELECT 1 FROM removed_logs WHERE log = @log)';
  const stands = `JOIN cursors d ON d.account = f.account AND d.device = '' AND d.log = f.log
    LEFT JOIN cursors c ON c.account = f.account AND c.device = @device AND c.log = f.log`;
  return {
    behind: db.prepare<[{ log: LogId; after: Seq }], ChunkRow>(
      `SELECT first, last, bytes FROM chunks WHERE log = @log AND last > @after AND ${isThere} ORDER BY last`,
    ),
    head: db.prepare<[{ log: LogId }]>(`SELECT head FROM logs WHERE id = @log AND ${isThere}`).pluck(),
    seenAt: db.prepare('SELECT seen_at FROM devices WHERE account = ? AND device = ?').pluck(),
    // Rooms' keys begin with #, which is less than any letter: the mailbox is put first by its empty one.
    subscriptions: db.prepare<[{ account: AccountId; device: string }], SubscriptionRow>(
      `WITH followed AS (
         SELECT id AS account, id AS log, name, '' AS place FROM accounts WHERE id = @account
         UNION ALL
         SELECT m.account, r.id, r.name, r.name_key FROM members m JOIN rooms r ON r.id = m.room
         WHERE m.account = @account)
       SELECT f.log, f.name, d.seq AS usual, c.seq AS own FROM followed f ${stands} ORDER BY f.place`,
    ),
  };
}
