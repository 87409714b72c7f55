/** When the write-ahead log is copied into the database: by a thread of its own, beside the writer. A commit that had to
 *  do it itself would keep everybody waiting for 5 to 15 ms. */

import { storeBounds } from './limits';

/** Counts what the log grows by, and asks for one checkpoint at a time. */
export class Checkpoints {
  /** About as many as the log has grown by since the last checkpoint was begun. */
  private walBytes = 0;
  private isUnderWay = false;

  /** `begin` asks the thread for a checkpoint, which ends in {@link Checkpoints.ended}; false when there is no thread. */
  constructor(private readonly begin: () => boolean) {}

  /** A transaction with so many messages, which take so many bytes, was committed. */
  committed(messages: number, bytes: number): void {
    const { walBytesPerCommit, walBytesPerMessage } = storeBounds;
    this.walBytes += walBytesPerCommit + messages * walBytesPerMessage + bytes;
    this.beginIfDue();
  }

  /** The checkpoint has ended, in whatever way. */
  ended(): void {
    this.isUnderWay = false;
    this.beginIfDue();
  }

  private beginIfDue(): void {
    if (this.isUnderWay || this.walBytes < storeBounds.checkpointBytes || !this.begin()) return;
    this.isUnderWay = true;
    this.walBytes = 0;
  }
}
