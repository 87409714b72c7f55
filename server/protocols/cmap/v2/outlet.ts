/** What a session says, as version 2 writes it: bursts as blocks, everything else as events between replies.
 *  @see docs/protocol.md#replies-and-events */

import { ChatError, type ErrorCode } from '../../../../shared/errors';
import type { DestinationName } from '../../../../shared/names';
import { writeBlockEnd, writeMessage, writeNotice, writeStatus } from '../../../../shared/reply';
import type { Outlet } from '../../../core/outlet';
import type { Account, Message, Seq } from '../../../core/ports';
import type { Connection } from '../../connection';

interface Notice {
  readonly status: number;
  readonly text: string;
}

/** Whose outlet it is. */
export interface OutletOwner {
  /** The session was ended by somebody else. */
  sessionEnded(): void;
}

export class LineOutlet implements Outlet {
  /** Between the first line of a burst and its end. */
  private inBurst = false;
  /** Bursts whose first line was written. */
  burstsBegun = 0;
  /** An event must not stand inside a block: it waits for the end of the burst. */
  private heldNotices: Notice[] = [];

  constructor(
    private readonly connection: Connection,
    private readonly owner: OutletOwner,
  ) {}

  get hasRoom(): boolean {
    return this.connection.hasRoom;
  }

  get isInBurst(): boolean {
    return this.inBurst;
  }

  flushed(): Promise<boolean> {
    return this.connection.flushed();
  }

  burst(account: Account, count: number): void {
    this.inBurst = true;
    this.burstsBegun += 1;
    writeStatus(this.connection.out, 200, `${account.name} ${count}`);
  }

  burstEnd(): void {
    if (!this.inBurst) return;
    this.inBurst = false;
    writeBlockEnd(this.connection.out);
    for (const { status, text } of this.heldNotices) writeNotice(this.connection.out, status, text);
    this.heldNotices = [];
  }

  message(message: Message, to: DestinationName): void {
    writeMessage(this.connection.out, message, to);
  }

  receipt(to: DestinationName, seq: Seq): void {
    this.notice(250, `${to} ${seq}`);
  }

  ended(reason: ErrorCode): void {
    this.burstEnd();
    this.owner.sessionEnded();
    this.fail(new ChatError(reason));
  }

  /** Tells of a failure that is not the answer to a request. */
  fail(error: ChatError): void {
    this.notice(error.status, error.message);
  }

  notice(status: number, text: string): void {
    if (this.inBurst) this.heldNotices.push({ status, text });
    else writeNotice(this.connection.out, status, text);
  }
}
