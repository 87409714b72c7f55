/** What moves cursors, inside the transaction of a batch. */

import type { Database } from 'better-sqlite3';
import { type CursorMove, defaultDevice, type LogId } from '../../core/ports';

/** Moves cursors, forward only. */
export class CursorWrites {
  private readonly statements: ReturnType<typeof prepareStatements>;

  constructor(db: Database) {
    this.statements = prepareStatements(db);
  }

  /** Forward only, and never beyond the head of the log; the account's default cursor moves along. */
  move(moves: readonly CursorMove[]): void {
    for (const { account, device, log, seq } of moves) {
      const head = this.statements.head.get(log) as number | undefined;
      if (head === undefined) continue;
      const target = Math.min(seq, head);
      this.statements.move.run(target, account, device, log, target);
      if (device !== defaultDevice) this.statements.move.run(target, account, defaultDevice, log, target);
    }
  }
}

function prepareStatements(db: Database) {
  return {
    head: db.prepare<[LogId]>('SELECT head FROM logs WHERE id = ?').pluck(),
    move: db.prepare('UPDATE cursors SET seq = ? WHERE account = ? AND device = ? AND log = ? AND seq < ?'),
  };
}
