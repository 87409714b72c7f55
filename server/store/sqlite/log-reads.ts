/** What is read of logs and cursors. */

import type { Database } from 'better-sqlite3';
import type { DestinationName } from '../../../shared/names';
import {
  type AccountId,
  type CountedSpan,
  type LogId,
  type LogPosition,
  type LogSpan,
  type Seq,
  type Subscription,
  seqZero,
  type UnixMs,
} from '../../core/ports';
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
    // A transaction, so that all logs are seen at one moment: what is missing at a head was not committed later.
    this.pages = db.transaction((spans: readonly LogSpan[], bytesMax: number) => {
      const packer = new PagePacker();
      this.packPages(packer, spans, bytesMax);
      return packer.take();
    });
    this.backlog = db.transaction((positions: readonly LogPosition[], bytesMax: number) => {
      const packer = new PagePacker();
      const heads = this.heads(positions.map(({ log }) => log));
      packer.heads(heads);
      const spans = positions.map((position, index) => ({ ...position, through: heads[index] as Seq }));
      this.packPages(packer, spans, bytesMax);
      return packer.take();
    });
    this.count = db.transaction((spans: readonly CountedSpan[]) => spans.map((span) => this.countSpan(span)));
  }

  /** As {@link LogStore.read}, packed. */
  readonly pages: (spans: readonly LogSpan[], bytesMax: number) => ArrayBuffer;
  /** As {@link LogStore.backlog}, packed. */
  readonly backlog: (positions: readonly LogPosition[], bytesMax: number) => ArrayBuffer;
  /** As {@link LogStore.count}. */
  readonly count: (spans: readonly CountedSpan[]) => number[];

  heads(logs: readonly LogId[]): Seq[] {
    return logs.map((log) => this.head(log) ?? seqZero);
  }

  private head(log: LogId): Seq | undefined {
    return this.statements.head.get({ log }) as Seq | undefined;
  }

  /** Ends with the first page that has no room for all of its messages, or before a log that falls short of its span.
   *  @throws Error when the first log falls short */
  private packPages(packer: PagePacker, spans: readonly LogSpan[], bytesMax: number): void {
    let leftBytes = bytesMax;
    for (const [index, span] of spans.entries()) {
      const left = this.packPage(packer, span, leftBytes, leftBytes === bytesMax);
      if (left === undefined && index === 0) throw new Error(`log ${span.log} ends before ${span.through}`);
      if (left === undefined || left < 0) return;
      leftBytes = left;
    }
  }

  /** Gives how many bytes are left, below 0 if not all messages fit. With `isFirst` one message fits in any case; without
   *  it there is no page if none does. There is none either, and `undefined` is given, for a log that has nothing of the
   *  span because it does not reach as far. */
  private packPage(
    packer: PagePacker,
    { log, after, through }: LogSpan,
    bytesMax: number,
    isFirst: boolean,
  ): number | undefined {
    let leftBytes = bytesMax;
    let isEmpty = true;
    // Most logs of a backlog have nothing: they are not looked for.
    const chunks = after < through ? this.statements.behind.iterate({ log, after }) : [];
    for (const { first, bytes } of chunks) {
      if (first > through) break;
      const records = new RecordReader(bytes, first);
      const range = new RecordRange();
      while (records.seq < through && records.next()) {
        if (records.seq <= after) continue;
        leftBytes -= records.bodyLength + messageOverheadBytes;
        if (leftBytes < 0 && !(isFirst && isEmpty)) break;
        range.take(records);
        isEmpty = false;
      }
      packer.add(bytes, range);
      if (leftBytes < 0) break;
    }
    if (isEmpty && leftBytes < 0) return leftBytes;
    if (isEmpty && after < through && this.fallsShort(log, through)) return undefined;
    packer.endPage();
    return leftBytes;
  }

  /** Without messages: they were pruned if the log has come this far, and a log that was removed has none. */
  private fallsShort(log: LogId, through: Seq): boolean {
    const head = this.head(log);
    return head !== undefined && head < through;
  }

  private countSpan({ log, after, through, except }: CountedSpan): number {
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
