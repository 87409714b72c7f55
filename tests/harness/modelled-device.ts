/** One device of an account in the modelled world: its connection, and what the model knows of its session. */

import type { Session } from '../../server/core/session';
import { type DeliveryModel, require } from './delivery-model';
import { RecordingOutlet, type Told } from './recording-outlet';

/** The first acknowledges by itself, the other implicitly. */
export const deviceNames = ['explicit', 'implicit'] as const;
export type DeviceName = (typeof deviceNames)[number];

/** What a session was given of one log. */
interface Progress {
  acked: number;
  last: number;
  furthest: number;
  /** A burst begins: its first message may stand before the last one. */
  mayRepeat: boolean;
}

export class ModelledDevice {
  outlet = new RecordingOutlet();
  session: Session | undefined;
  /** A login or a deliver is under way. */
  isBusy = false;
  /** Messages that the burst still owes; `undefined` outside one. */
  private owed: number | undefined;
  private readonly progress = new Map<string, Progress>();

  constructor(
    private readonly model: DeliveryModel,
    readonly account: string,
    readonly name: DeviceName,
  ) {}

  get isExplicit(): boolean {
    return this.name === 'explicit';
  }

  /** A session starts, with these cursors by log. */
  begin(session: Session, cursors: ReadonlyMap<string, number>): void {
    this.session = session;
    this.owed = undefined;
    this.outlet.attach(session);
    this.progress.clear();
    for (const [log, cursor] of cursors) {
      this.model.begun(this.account, this.name, log, cursor);
      this.progress.set(log, { acked: cursor, last: cursor, furthest: cursor, mayRepeat: false });
    }
  }

  /** The furthest that it was given of a log, or `undefined` when it was given nothing. */
  furthest(log: string): number | undefined {
    return this.progress.get(log)?.furthest;
  }

  acknowledged(log: string, seq: number): void {
    const progress = this.progress.get(log) as Progress;
    progress.acked = Math.max(progress.acked, seq);
    this.model.acknowledged(this.account, this.name, log, seq);
  }

  /** The operating system takes everything; without acknowledgements of its own the device has it by that. */
  flush(): void {
    if (this.session === undefined) return;
    if (!this.isExplicit) for (const [log, { furthest }] of this.progress) this.acknowledged(log, furthest);
    this.outlet.flush();
  }

  /** @throws Error when the model does not allow it */
  observe(told: Told): void {
    if (told.kind === 'burst') this.burstBegun(told.count);
    if (told.kind === 'burst_end') this.burstEnded();
    if (told.kind === 'message') this.messageWritten(told);
  }

  private burstBegun(count: number): void {
    this.owed = count;
    for (const progress of this.progress.values()) {
      progress.last = progress.acked;
      progress.mayRepeat = true;
    }
  }

  private burstEnded(): void {
    require(this.owed === 0, `a burst ended ${this.owed} messages short`);
    this.owed = undefined;
    for (const progress of this.progress.values()) progress.mayRepeat = false;
  }

  private messageWritten(told: Told & { readonly kind: 'message' }): void {
    if (this.owed !== undefined) this.owed -= 1;
    require(this.owed === undefined || this.owed >= 0, 'a burst holds more than it announced');
    const progress = this.progress.get(told.to) as Progress;
    // What was acknowledged after the burst was counted is still in it.
    const last = progress.mayRepeat ? Math.min(progress.last, told.seq - 1) : progress.last;
    progress.mayRepeat = false;
    this.model.written(this.account, this.name, told.to, last, told.seq, told);
    progress.last = told.seq;
    progress.furthest = Math.max(progress.furthest, told.seq);
  }
}
