/** What removes messages that are not needed any more, inside the transaction of a batch. */

import type { Database } from 'better-sqlite3';
import type { LogId, Pruned, PruneQuery, UnixMs } from '../../core/ports';
import { storeBounds } from './limits';

interface LogRow {
  readonly log: LogId;
  /** 1 for the mailbox of an account that was removed, else 0. */
  readonly isRemoved: number;
}

interface OldRow {
  readonly seq: number;
  readonly at: number;
  readonly bytes: number;
}

/** What one call may still remove. */
interface Budget {
  messages: number;
  bytes: number;
}

/** Beyond every seq and time. */
const end = Number.MAX_SAFE_INTEGER;

export class Pruner {
  private readonly statements: ReturnType<typeof prepareStatements>;

  constructor(db: Database) {
    this.statements = prepareStatements(db);
  }

  /** @see RetentionStore.prune in core/ports.ts */
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
    const oldest = this.statements.oldestTime.get(log) as number | undefined;
    if (oldest === undefined || oldest >= before) return;
    const floor = this.statements.floor.get(log) as number | null;
    this.removeUntil(log, before, floor ?? end, budget);
  }

  /** Removes from the beginning of the log what is older than `before` and at or below `floor`, within the budget. */
  private removeUntil(log: LogId, before: UnixMs, floor: number, budget: Budget): void {
    let last: number | undefined;
    for (const { seq, at, bytes } of this.statements.oldest.iterate(log, floor)) {
      if (at >= before || isSpent(budget)) break;
      last = seq;
      budget.messages -= 1;
      budget.bytes -= bytes;
    }
    if (last !== undefined) this.statements.removeThrough.run(log, last);
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
    oldestTime: db.prepare('SELECT at FROM messages WHERE log = ? ORDER BY seq LIMIT 1').pluck(),
    floor: db.prepare('SELECT min(seq) FROM cursors WHERE log = ?').pluck(),
    oldest: db.prepare<[number, number], OldRow>(
      'SELECT seq, at, length(body) AS bytes FROM messages WHERE log = ? AND seq <= ? ORDER BY seq',
    ),
    removeThrough: db.prepare('DELETE FROM messages WHERE log = ? AND seq <= ?'),
    markRemoved: db.prepare('INSERT INTO removed_logs (log) VALUES (?)'),
    removeLog: db.prepare('DELETE FROM logs WHERE id = ?'),
  };
}
