/** What removes messages that are not needed any more, inside the transaction of a batch. */

import type { Database } from 'better-sqlite3';
import type { LogId, UnixMs } from '../../core/ports';
import type { Pruned, PruneQuery } from '../../core/retention-store';
import { type ChunkRow, RecordReader } from './chunk';
import { storeBounds } from './limits';

interface LogRow {
  readonly log: LogId;
  /** 1 for the mailbox of an account that was removed, else 0. */
  readonly isRemoved: number;
}

interface OldChunk extends ChunkRow {
  readonly id: number;
}

/** What one call may still remove. */
interface Budget {
  messages: number;
  bytes: number;
}

/** Beyond every seq and time. */
const end = Number.MAX_SAFE_INTEGER;

/** Takes messages from the beginning of logs, a bounded number in each call. */
export class Pruner {
  private readonly statements: ReturnType<typeof prepareStatements>;

  constructor(db: Database) {
    this.statements = prepareStatements(db);
  }

  /** @see RetentionStore.prune in core/retention-store.ts */
  prune({ after, before, logsMax, messagesMax }: PruneQuery): Pruned {
    const budget = { messages: messagesMax, bytes: storeBounds.pruneBytesMax };
    const found = this.statements.logs.all(after, logsMax);
    for (const { log, isRemoved } of found) {
      if (isRemoved === 1) this.pruneRemoved(log, budget);
      else this.pruneOld(log, before, budget);
      // There may be more in this log: it is the next one again.
      if (isSpent(budget)) return { next: (log - 1) as LogId, messages: messagesMax - budget.messages };
    }
    return { next: found.length < logsMax ? undefined : found.at(-1)?.log, messages: messagesMax - budget.messages };
  }

  /** The mailbox of an account that is gone: out of everybody's reach from now on, and what a short write can take of
   *  its messages is taken. */
  removeLog(log: LogId): void {
    this.statements.markRemoved.run(log);
    this.pruneRemoved(log, { messages: storeBounds.removedMessagesMax, bytes: storeBounds.pruneBytesMax });
  }

  private pruneRemoved(log: LogId, budget: Budget): void {
    this.removeUntil(log, end as UnixMs, end, budget);
    // Everything else of it goes with it, so nothing else may be left.
    if (!isSpent(budget)) this.statements.removeLog.run(log);
  }

  private pruneOld(log: LogId, before: UnixMs, budget: Budget): void {
    const floor = this.statements.floor.get(log) as number | null;
    this.removeUntil(log, before, floor ?? end, budget);
  }

  /** Removes from the beginning of the log what is older than `before` and at or below `floor`, within the budget. */
  private removeUntil(log: LogId, before: UnixMs, floor: number, budget: Budget): void {
    while (!isSpent(budget)) {
      const chunk = this.statements.oldest.get(log);
      if (chunk === undefined || chunk.first > floor || !this.shorten(log, chunk, before, floor, budget)) return;
    }
  }

  /** Removes what may go from the beginning of a chunk, with the keys used for it; whether that was all of it. */
  private shorten(log: LogId, chunk: OldChunk, before: UnixMs, floor: number, budget: Budget): boolean {
    const records = new RecordReader(chunk.bytes, chunk.first);
    let gone = 0;
    while (records.next()) {
      if (records.seq > floor || records.at >= before || isSpent(budget)) break;
      gone = records.end;
      budget.messages -= 1;
      budget.bytes -= records.bodyLength;
      const { key } = records;
      if (key !== undefined) this.statements.removeKey.run(log, records.senderId, key);
    }
    if (gone === chunk.bytes.length) {
      this.statements.remove.run(chunk.id);
      return true;
    }
    if (gone > 0) this.statements.cut.run(records.seq, chunk.bytes.subarray(gone), chunk.id);
    return false;
  }
}

function isSpent({ messages, bytes }: Budget): boolean {
  return messages <= 0 || bytes <= 0;
}

function prepareStatements(db: Database) {
  return {
    logs: db.prepare<[number, number], LogRow>(
      `SELECT l.id AS log, r.log IS NOT NULL AS isRemoved FROM logs l LEFT JOIN removed_logs r ON r.log = l.id
       WHERE l.id > ? ORDER BY l.id LIMIT ?`,
    ),
    floor: db.prepare('SELECT min(seq) FROM cursors WHERE log = ?').pluck(),
    oldest: db.prepare<[number], OldChunk>(
      'SELECT id, first, last, bytes FROM chunks WHERE log = ? ORDER BY last LIMIT 1',
    ),
    remove: db.prepare('DELETE FROM chunks WHERE id = ?'),
    cut: db.prepare('UPDATE chunks SET first = ?, bytes = ? WHERE id = ?'),
    removeKey: db.prepare('DELETE FROM keys WHERE log = ? AND sender_id = ? AND key = ?'),
    markRemoved: db.prepare('INSERT INTO removed_logs (log) VALUES (?)'),
    removeLog: db.prepare('DELETE FROM logs WHERE id = ?'),
  };
}
