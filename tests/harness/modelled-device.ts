/** One device of an account in the modelled world: its connection, and what the model knows of its session. */

import type { Session } from '../../server/core/session';
import { type DeliveryModel, require } from './delivery-model';
import { ModelledProgress } from './modelled-progress';
import { RecordingOutlet, type Told } from './recording-outlet';

/** The first acknowledges by itself, the other implicitly. */
export const deviceNames = ['explicit', 'implicit'] as const;
export type DeviceName = (typeof deviceNames)[number];

export class ModelledDevice {
  outlet = new RecordingOutlet();
  session: Session | undefined;
  /** A login or a deliver is under way. */
  isBusy = false;
  /** The session went live without a burst. */
  isBeyond = false;
  /** Messages that the burst still owes; `undefined` outside one. */
  private owed: number | undefined;
  private readonly progress = new Map<string, ModelledProgress>();

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
    this.isBeyond = false;
    this.outlet.attach(session);
    this.progress.clear();
    for (const [log, cursor] of cursors) {
      this.model.begun(this.account, this.name, log, cursor);
      this.progress.set(log, new ModelledProgress(this.model, this.account, this.name, log, cursor));
    }
  }

  /** The session may go on beyond what is there now or comes meanwhile. */
  goesBeyond(): void {
    this.isBeyond = true;
    for (const progress of this.progress.values()) progress.goesBeyond();
  }

  /** The session has gone live: it leaves out nothing that comes from now on. */
  isLive(headOf: (log: string) => number): void {
    for (const [log, progress] of this.progress) progress.isLive(headOf(log));
  }

  /** The furthest that it was given of a log, or `undefined` when it was given nothing. */
  furthest(log: string): number | undefined {
    return this.progress.get(log)?.furthest;
  }

  acknowledged(log: string, seq: number): void {
    this.progress.get(log)?.acknowledged(seq);
  }

  /** The operating system takes everything; without acknowledgements of its own the device has it by that. */
  flush(): void {
    if (this.session === undefined) return;
    if (!this.isExplicit) for (const progress of this.progress.values()) progress.acknowledged(progress.furthest);
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
    for (const progress of this.progress.values()) progress.burstBegun();
  }

  private burstEnded(): void {
    require(this.owed === 0, `a burst ended ${this.owed} messages short`);
    this.owed = undefined;
    for (const progress of this.progress.values()) progress.burstEnded();
  }

  private messageWritten(told: Told & { readonly kind: 'message' }): void {
    if (this.owed !== undefined) this.owed -= 1;
    require(this.owed === undefined || this.owed >= 0, 'a burst holds more than it announced');
    this.progress.get(told.to)?.written(told.seq, told, this.owed !== undefined);
  }
}
