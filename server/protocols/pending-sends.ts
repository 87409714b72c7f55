/** The sends of one connection that are not answered yet. Replies keep the order of the requests, though a send is
 *  answered when its commit is through and a refusal is known at once. */

import type { ChatError } from '../../shared/errors';
import type { SendTicket, Sent } from '../core/service/messages';

/** How a send is answered, once it is settled. */
export interface SendReplier {
  sent(result: Sent): void;
  failed(error: ChatError): void;
}

/** Whose sends they are. */
export interface SendsOwner {
  /** Replies were written, or more are settled. */
  sendSettled(): void;
}

/** Sends whose replies are due. A settled one is answered when all before it are. */
export class PendingSends {
  private readonly slots: Slot[] = [];
  private answered = 0;

  constructor(private readonly owner: SendsOwner) {}

  /** Sends that are not answered yet. */
  get count(): number {
    return this.slots.length - this.answered;
  }

  /** The ticket of the next send; `replier` writes its reply. */
  add(replier: SendReplier): SendTicket {
    const slot = new Slot(this, replier);
    this.slots.push(slot);
    return slot;
  }

  /** Writes every reply that is due now. */
  settled(): void {
    for (let slot = this.slots[this.answered]; slot?.outcome !== undefined; slot = this.slots[this.answered]) {
      this.answered += 1;
      slot.answer(slot.outcome);
    }
    if (this.answered === this.slots.length || this.answered >= compactAt) {
      this.slots.splice(0, this.answered);
      this.answered = 0;
    }
    this.owner.sendSettled();
  }
}

/** Answered slots are dropped in runs: dropping each by itself would move the rest every time. */
const compactAt = 256;

class Slot implements SendTicket {
  outcome: Sent | ChatError | undefined;

  constructor(
    private readonly pending: PendingSends,
    private readonly replier: SendReplier,
  ) {}

  sent(result: Sent): void {
    this.outcome = result;
    this.pending.settled();
  }

  failed(error: ChatError): void {
    this.outcome = error;
    this.pending.settled();
  }

  answer(outcome: Sent | ChatError): void {
    if (outcome instanceof Error) this.replier.failed(outcome);
    else this.replier.sent(outcome);
  }
}
