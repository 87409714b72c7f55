/** Which message stands at which seq of one log, as everybody saw it. */

import { messageId, numberOf, senderOf } from './message-id';

/** A message by its sender's device and its number there. */
export interface NumberedMessage {
  readonly sender: number;
  readonly number: number;
}

export class LogNumbers {
  private readonly idBySeq = new Map<number, number>();
  private readonly seqById = new Map<number, number>();
  /** Messages that appeared and that no auditor has met yet. */
  private readonly waiting = new Set<number>();
  private readonly kept = new Set<number>();

  /** False when another message stands there, or this one elsewhere. */
  place(seq: number, sender: number, number: number): boolean {
    const id = messageId(sender, number);
    const other = this.idBySeq.get(seq);
    const elsewhere = this.seqById.get(id);
    if (other === undefined) this.idBySeq.set(seq, id);
    if (elsewhere === undefined) this.seqById.set(id, seq);
    return (other ?? id) === id && (elsewhere ?? seq) === seq;
  }

  /** Where a message stands; `undefined` when nobody has seen it with its seq. */
  seqOf(sender: number, number: number): number | undefined {
    return this.seqById.get(messageId(sender, number));
  }

  /** What stands at a seq. */
  at(seq: number): NumberedMessage | undefined {
    const id = this.idBySeq.get(seq);
    return id === undefined ? undefined : { sender: senderOf(id), number: numberOf(id) };
  }

  /** The message appeared on a device; on an auditor's: the log had it at the end. */
  appeared(sender: number, number: number, onAuditor: boolean): void {
    const id = messageId(sender, number);
    if (onAuditor) {
      this.kept.add(id);
      this.waiting.delete(id);
    } else if (!this.kept.has(id)) {
      this.waiting.add(id);
    }
  }

  /** What appeared and was not in the log at the end. */
  *notKept(): Generator<NumberedMessage> {
    for (const id of this.waiting) yield { sender: senderOf(id), number: numberOf(id) };
  }
}
