/** What one session of a modelled device was given of one log, and whether it may be given what comes next. */

import { type DeliveryModel, type Entry, require } from './delivery-model';

/** Undelivered messages that the session went live beyond. */
interface Gap {
  readonly begin: number;
  /** The first message that was written beyond it. */
  readonly first: number;
  /** The last one beyond it before a burst has gone back for it; `undefined` while none has. */
  last: number | undefined;
}

export class ModelledProgress {
  /** The furthest message of all. */
  furthest: number;
  private acked: number;
  private last: number;
  /** A burst begins: its first message may stand before the last one. */
  private mayRepeat = false;
  /** Messages up to here may be left out of what is written live; `undefined` when none may. */
  private mayLeaveOut: number | undefined;
  private gap: Gap | undefined;
  /** The burst may go on after this one, or repeat it: there was nothing due in the gap, if there was a gap at all. */
  private mayResumeAfter: number | undefined;
  /** What was acknowledged beyond the gap before all of the gap was. */
  private ackedBeyond = 0;

  constructor(
    private readonly model: DeliveryModel,
    private readonly account: string,
    private readonly device: string,
    private readonly log: string,
    cursor: number,
  ) {
    this.acked = cursor;
    this.last = cursor;
    this.furthest = cursor;
  }

  goesBeyond(): void {
    this.mayLeaveOut = Number.POSITIVE_INFINITY;
  }

  isLive(head: number): void {
    if (this.mayLeaveOut !== undefined) this.mayLeaveOut = head;
  }

  /** What it cannot have before the gap counts only once it has all of that. */
  acknowledged(seq: number): void {
    const handed = this.handed();
    this.acked = Math.max(this.acked, Math.min(seq, handed));
    if (seq > handed) this.ackedBeyond = Math.max(this.ackedBeyond, seq);
    if (this.gap === undefined || !this.isDue(this.acked, this.gap.first)) {
      this.acked = Math.max(this.acked, this.ackedBeyond);
    }
    this.model.acknowledged(this.account, this.device, this.log, this.acked);
  }

  burstBegun(): void {
    this.mayRepeat = true;
    this.mayLeaveOut = undefined;
    // Once a burst has written all of the gap, the next one is like any other.
    if (this.gap?.last !== undefined) this.gap = undefined;
    if (this.gap !== undefined && !this.isDue(this.gap.begin, this.gap.first)) {
      this.gap = undefined;
      this.mayResumeAfter = this.last;
    }
    if (this.gap !== undefined) this.gap.last = this.last;
    this.last = this.acked;
  }

  burstEnded(): void {
    this.mayRepeat = false;
    this.last = Math.max(this.last, this.mayResumeAfter ?? 0);
    this.mayResumeAfter = undefined;
    if (this.gap?.last !== undefined && this.last < this.gap.first) this.passGap(this.gap, this.gap.last);
  }

  written(seq: number, entry: Entry, isBurst: boolean): void {
    if (!isBurst) this.leaveOut(seq);
    if (this.mayResumeAfter !== undefined && seq > this.mayResumeAfter) this.last = this.mayResumeAfter;
    this.mayResumeAfter = undefined;
    const { gap } = this;
    if (gap?.last !== undefined && this.last < gap.first && seq >= gap.first) this.passGap(gap, gap.last);
    // What was acknowledged after the burst was counted is still in it.
    const last = this.mayRepeat ? Math.min(this.last, seq - 1) : this.last;
    this.mayRepeat = false;
    this.model.written(this.account, this.device, this.log, last, seq, entry);
    this.last = seq;
    this.furthest = Math.max(this.furthest, seq);
  }

  /** The first message that is written live may come after others that were there before. */
  private leaveOut(seq: number): void {
    if (this.mayLeaveOut === undefined) return;
    if (seq > this.last + 1) this.gap = { begin: this.last, first: seq, last: undefined };
    this.last = Math.max(this.last, Math.min(seq - 1, this.mayLeaveOut));
    this.mayLeaveOut = undefined;
  }

  private passGap({ first }: Gap, last: number): void {
    require(!this.isDue(this.last, first), `${this.log} ${this.last + 1} was left out of a burst for ${this.account}`);
    this.last = last;
    this.mayRepeat = false;
  }

  /** Everything up to here was given to it. */
  private handed(): number {
    const { gap } = this;
    if (gap === undefined) return this.furthest;
    const handed = gap.last === undefined ? gap.begin : Math.max(gap.begin, this.last);
    return handed >= gap.first || !this.isDue(handed, gap.first) ? this.furthest : handed;
  }

  private isDue(after: number, before: number): boolean {
    return this.model.isDueBetween(this.account, this.log, after, before);
  }
}
