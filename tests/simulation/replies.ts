/** Sends of one connection and their answers, in the order of the requests. */

import type { Chat } from '../../server/core/chat';
import type { Session } from '../../server/core/session';
import { ChatError, type ErrorCode } from '../../shared/errors';
import type { Ledger } from './ledger';
import { bodyOf, type Send } from './send';

interface Slot {
  readonly id: number;
  readonly send: Send;
  /** The store was asked: its answers must come in the order of the asking. */
  isAsked: boolean;
  outcome: 'stored' | ErrorCode | undefined;
}

export class Replies {
  private readonly slots: Slot[] = [];

  constructor(
    private readonly ledger: Ledger,
    private readonly reply: (id: number, code: ErrorCode | undefined) => void,
    private readonly onSettled: () => void,
  ) {}

  /** Sends that are not answered yet. */
  get count(): number {
    return this.slots.length;
  }

  send(chat: Chat, session: Session | undefined, id: number, send: Send): void {
    const slot: Slot = { id, send, isAsked: true, outcome: undefined };
    this.slots.push(slot);
    try {
      if (session === undefined) throw new ChatError('not_logged_in');
      send.tries += 1;
      send.isRefused = false;
      chat.messages.send({
        session,
        to: send.to,
        key: send.key,
        body: bodyOf(send),
        ticket: {
          sent: ({ seq, to }) => this.sent(slot, to, seq),
          failed: ({ code }) => this.settle(slot, code),
        },
      });
    } catch (error) {
      slot.isAsked = false;
      if (error instanceof ChatError) this.settle(slot, error.code);
      else this.ledger.require(false, 'fault of the server', () => `${(error as Error).stack}`);
    }
  }

  private sent(slot: Slot, to: string, seq: number): void {
    this.ledger.acknowledged(slot.send, to, seq);
    this.settle(slot, 'stored');
  }

  private settle(slot: Slot, outcome: 'stored' | ErrorCode): void {
    const { ledger, slots } = this;
    const told = (): string => `${slot.send.number}: ${outcome}`;
    ledger.require(slot.outcome === undefined, 'answered twice', told);
    if (slot.isAsked) {
      const next = slots.find((other) => other.isAsked && other.outcome === undefined);
      ledger.require(next === slot, 'answered out of order', told);
    }
    slot.outcome = outcome;
    if (outcome !== 'stored' && slot.isAsked) ledger.refused(slot.send);
    while (slots[0]?.outcome !== undefined) {
      const { id, outcome: code } = slots.shift() as Slot;
      this.reply(id, code === 'stored' ? undefined : code);
    }
    this.onSettled();
  }
}
