/** Which messages were handed out already: `(log, seq)` identifies a message for ever.
 *  @see docs/delivery.md */

import type { SeenMark } from './api';

interface Mark {
  /** As the server wrote it. */
  readonly log: string;
  readonly seq: number;
  /** The latest time of a message of this log so far, in milliseconds since 1970. */
  readonly at: number;
}

/** Remembers how far each log was handed out. Its size is the number of logs, a mailbox and rooms, not of messages. */
export class Shown {
  private readonly byLog = new Map<string, Mark>();

  constructor(marks: readonly SeenMark[] = []) {
    for (const { log, seq, at } of marks) this.byLog.set(log.toLowerCase(), { log, seq, at });
  }

  /** How far each log was handed out, one mark each. */
  get marks(): readonly SeenMark[] {
    return [...this.byLog.values()];
  }

  /** Whether a message is new; from then on it is not.
   *
   *  A log comes in the order of `seq`, so what is not above the mark is a repetition. The exception is a log that
   *  began anew under its name, as on a server that keeps nothing and was restarted: its messages are younger than
   *  everything before, which no repetition is. */
  add(log: string, seq: number, at: number): boolean {
    const key = log.toLowerCase();
    const mark = this.byLog.get(key);
    if (mark !== undefined && seq <= mark.seq && at <= mark.at) return false;
    this.byLog.set(key, { log, seq, at: Math.max(at, mark?.at ?? 0) });
    return true;
  }
}
