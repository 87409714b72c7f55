/** The state of one version 2 connection that its commands share: who is logged in and what was negotiated. */

import { ChatError } from '../../../../shared/errors';
import { writeStatus } from '../../../../shared/reply';
import type { Chat } from '../../../core/chat';
import type { Session } from '../../../core/session';
import type { Connection } from '../../connection';
import { LineOutlet, type OutletOwner } from './outlet';

/** What `hello` agreed on. */
export interface Negotiated {
  readonly ack: boolean;
  readonly keys: boolean;
  readonly receipts: boolean;
  readonly device: string | undefined;
}

export const nothingNegotiated: Negotiated = { ack: false, keys: false, receipts: false, device: undefined };

export class Dialog implements OutletOwner {
  negotiated = nothingNegotiated;
  session: Session | undefined;
  readonly outlet: LineOutlet;

  constructor(
    readonly chat: Chat,
    readonly connection: Connection,
  ) {
    this.outlet = new LineOutlet(connection, this);
  }

  /** @throws ChatError not_logged_in */
  requireSession(): Session {
    if (this.session === undefined) throw new ChatError('not_logged_in');
    return this.session;
  }

  /** @throws ChatError already_logged_in */
  requireNoSession(): void {
    if (this.session !== undefined) throw new ChatError('already_logged_in', { name: this.session.account.name });
  }

  reply(status: number, text?: string): void {
    writeStatus(this.connection.out, status, text);
  }

  /** Answers with everything undelivered as a block; live messages follow it.
   *  @throws ChatError store_failed, or taken_over when the session ended before the block began */
  async deliver(session: Session): Promise<void> {
    const begun = this.outlet.burstsBegun;
    const complete = await session.burst();
    this.endBurst(begun);
    if (complete) session.goLive();
  }

  /** Ends the block that was asked for when `begun` bursts had begun.
   *  @throws ChatError taken_over when none has begun since: then the request has had no answer yet */
  endBurst(begun: number): void {
    if (this.outlet.isInBurst) this.outlet.burstEnd();
    else if (this.outlet.burstsBegun === begun && !this.connection.isGone) throw new ChatError('taken_over');
  }

  sessionEnded(): void {
    this.session = undefined;
  }

  endSession(): void {
    // What is to leave is marked as this session's while it is still there: it counts as delivered.
    this.connection.flush();
    this.session?.end();
    this.session = undefined;
  }
}
