/** What senders wrote down, kept in a few bytes for each of millions of sends. */

import { type LedgerRecord, untoldSeq } from './ledger-record';

/** What a sender knows of a send. `seq` is undefined when it was told OK and no more. */
export type Outcome =
  | { readonly kind: 'acknowledged'; readonly seq: number | undefined }
  | { readonly kind: 'refused'; readonly status: number }
  | { readonly kind: 'unknown' };

export interface Send {
  readonly log: number;
  readonly outcome: Outcome;
}

const unknownOutcome: Outcome = { kind: 'unknown' };

/** The sends of one device by their numbers, which begin with 1 and have no gaps. */
export class SendLedger {
  private readonly logs: number[] = [];
  /** Above 0 a seq and one more, so that 1 is an OK without a seq; below 0 a status with its sign turned; 0 unknown. */
  private readonly outcomes: number[] = [];
  /** The highest seq in each log that the sender knew of so far. */
  private readonly known = new Map<number, number>();
  /** By number: what {@link known} was for its log when it was sent. */
  private readonly floors: number[] = [];

  get count(): number {
    return this.logs.length;
  }

  /** Takes the next record of this device; what is not about sends is left out. Returns what is wrong with it.
   *  @throws Error when the ledger itself makes no sense: then it proves nothing */
  take(record: LedgerRecord): 'disordered' | 'reassigned' | undefined {
    switch (record.kind) {
      case 'sent':
        this.begin(record.number, record.log);
        return undefined;
      case 'acknowledged':
        return this.acknowledge(record.number, record.seq);
      case 'refused':
        this.require(record.number);
        this.outcomes[record.number - 1] = -record.status;
        return undefined;
      case 'connected':
      case 'shown':
        return undefined;
    }
  }

  /** `undefined` when this device sent nothing under that number. */
  find(number: number): Send | undefined {
    const log = this.logs[number - 1];
    const outcome = this.outcomes[number - 1];
    if (log === undefined || outcome === undefined) return undefined;
    return { log, outcome: outcomeOf(outcome) };
  }

  private begin(number: number, log: number): void {
    if (number !== this.count + 1) throw new Error(`a ledger goes from send ${this.count} to send ${number}`);
    this.logs.push(log);
    this.outcomes.push(0);
    this.floors.push(this.known.get(log) ?? 0);
  }

  private acknowledge(number: number, seq: number): 'disordered' | 'reassigned' | undefined {
    const log = this.require(number);
    const before = this.outcomes[number - 1] ?? 0;
    this.outcomes[number - 1] = seq + 1;
    if (seq === untoldSeq) return undefined;
    this.known.set(log, Math.max(this.known.get(log) ?? 0, seq));
    if (before > 0 && before !== seq + 1) return 'reassigned';
    // What the sender knew to be stored when it sent this one comes before it in the log.
    return before === 0 && seq <= (this.floors[number - 1] ?? 0) ? 'disordered' : undefined;
  }

  private require(number: number): number {
    const log = this.logs[number - 1];
    if (log === undefined) throw new Error(`a ledger has an answer to send ${number}, which it does not have`);
    return log;
  }
}

function outcomeOf(code: number): Outcome {
  if (code === 0) return unknownOutcome;
  if (code > 0) return { kind: 'acknowledged', seq: code - 1 === untoldSeq ? undefined : code - 1 };
  return { kind: 'refused', status: -code };
}
