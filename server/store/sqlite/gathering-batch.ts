/** A batch on the main thread: it gathers, is sent, and settles what it gathered. */

import { ChatError } from '../../../shared/errors';
import type { Draft, Logger } from '../../core/ports';
import type { Call, StoreFailure } from './calls';
import { packDraft } from './draft-pack';
import { storeBounds } from './limits';
import { OutcomeReader } from './outcome-pack';
import { PackWriter } from './pack';
import type { Batch, BatchCall, BatchResult } from './writer';
import type { Writes } from './writes';

interface Waiter {
  resolve(value: unknown): void;
  reject(error: ChatError): void;
}

export class GatheringBatch {
  private readonly pack: PackWriter;
  private readonly drafts: Draft[] = [];
  private readonly calls: BatchCall[] = [];
  private readonly waiters: Waiter[] = [];

  /** `bytesGuess` is how many bytes the drafts are likely to take. */
  constructor(
    private readonly logger: Logger,
    bytesGuess: number,
  ) {
    const { packBytesMin, packBytesGuessMax } = storeBounds;
    this.pack = new PackWriter(Math.min(Math.max(bytesGuess, packBytesMin), packBytesGuessMax));
  }

  get isEmpty(): boolean {
    return this.drafts.length === 0 && this.calls.length === 0;
  }

  get draftCount(): number {
    return this.drafts.length;
  }

  get bytes(): number {
    return this.pack.length;
  }

  /** Whether more has gathered than should. */
  get isOverBound(): boolean {
    const { gatheringBytesMax, gatheringWritesMax } = storeBounds;
    return this.pack.length > gatheringBytesMax || this.drafts.length + this.calls.length > gatheringWritesMax;
  }

  addDraft(draft: Draft): void {
    packDraft(this.pack, draft);
    this.drafts.push(draft);
  }

  addCall(call: Call<Writes>, waiter: Waiter): void {
    this.calls.push({ call, draftsBefore: this.drafts.length });
    this.waiters.push(waiter);
  }

  /** What is sent to the writer. The buffer is transferred, so this is the end of gathering. */
  take(): Batch {
    const { drafts, calls, pack } = this;
    return { drafts: pack.buffer, draftsBytes: pack.length, draftCount: drafts.length, calls };
  }

  /** Tells everyone what came of it, in the order in which it was gathered. */
  settle(result: BatchResult): void {
    if (result.kind === 'failed') {
      this.fail(result.code);
      return;
    }
    const outcomes = new OutcomeReader(result.outcomes, result.outcomesBytes);
    this.inOrder(
      (draft) => outcomes.settle(draft),
      (waiter, index) => {
        const outcome = result.calls[index];
        if (outcome?.kind === 'returned') waiter.resolve(outcome.value);
        else waiter.reject(new ChatError(outcome?.code ?? 'store_failed', outcome?.detail));
      },
    );
  }

  /** Refuses everyone: nothing was stored. */
  fail(code: StoreFailure): void {
    this.inOrder(
      (draft) => draft.refused(code),
      (waiter) => waiter.reject(new ChatError(code)),
    );
  }

  private inOrder(settleDraft: (draft: Draft) => void, settleCall: (waiter: Waiter, index: number) => void): void {
    let call = 0;
    for (const [index, draft] of this.drafts.entries()) {
      for (; this.calls[call]?.draftsBefore === index; call += 1) settleCall(this.waiters[call] as Waiter, call);
      try {
        settleDraft(draft);
      } catch (error) {
        // The bug of one who waits must not keep their answers from the others.
        this.logger.error('draft_not_told', error);
      }
    }
    for (; call < this.calls.length; call += 1) settleCall(this.waiters[call] as Waiter, call);
  }
}
