/** Writes on their way to the disk, a batch at a time: gathered, committed, answered, each a step of its own. */

import type { Draft } from '../../server/core/ports';
import { ChatError, type ErrorCode } from '../../shared/errors';
import type { Disk } from './disk';
import type { Lane } from './scheduler';

interface Write {
  /** What it does to the disk. */
  apply(): void;
  /** Tells who waits for it what came of that. */
  tell(): void;
  fail(code: ErrorCode): void;
}

export interface WriteQueueNeeds {
  readonly disk: Disk;
  readonly lane: Lane;
  readonly draftsMax: number;
  /** Draws what the next commit fails with. */
  readonly drawFailure: () => ErrorCode | undefined;
  readonly drawBoolean: () => boolean;
}

export class WriteQueue {
  private gathering: Write[] = [];
  private drafts = 0;
  private isBusy = false;
  private wasCongested = false;
  private readonly reliefListeners: (() => void)[] = [];

  constructor(private readonly needs: WriteQueueNeeds) {}

  get congested(): boolean {
    return this.drafts >= this.needs.draftsMax;
  }

  onRelief(listener: () => void): void {
    this.reliefListeners.push(listener);
  }

  append(draft: Draft): void {
    this.drafts += 1;
    this.wasCongested ||= this.congested;
    let tell: () => void;
    this.gather({
      apply: () => {
        const result = chatErrorOr(() => this.needs.disk.append(draft));
        tell = result instanceof ChatError ? () => draft.refused(result.code) : () => draft.committed(result);
      },
      tell: () => tell(),
      fail: (code) => draft.refused(code),
    });
  }

  write<T>(change: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      let tell: () => void;
      this.gather({
        apply: () => {
          const result = chatErrorOr(change);
          tell = result instanceof ChatError ? () => reject(result) : () => resolve(result);
        },
        tell: () => tell(),
        fail: (code) => reject(new ChatError(code)),
      });
    });
  }

  private gather(write: Write): void {
    this.gathering.push(write);
    if (this.isBusy) return;
    this.isBusy = true;
    this.needs.lane.push('batch leaves', () => this.leave());
  }

  private leave(): void {
    const batch = this.gathering;
    this.isBusy = batch.length > 0;
    if (!this.isBusy) return;
    this.gathering = [];
    this.drafts = 0;
    this.needs.lane.push(`batch of ${batch.length} commits`, () => this.commit(batch));
    if (!this.wasCongested) return;
    this.wasCongested = false;
    for (const listener of this.reliefListeners) listener();
  }

  private commit(batch: readonly Write[]): void {
    const code = this.needs.drawFailure();
    if (code === undefined) for (const write of batch) write.apply();
    this.needs.lane.push(code === undefined ? 'batch is answered' : `batch fails with ${code}`, () => {
      this.answer(batch, code);
    });
  }

  /** The next batch may leave before those who waited for this one are told, or gather what they do next. */
  private answer(batch: readonly Write[], code: ErrorCode | undefined): void {
    const leavesFirst = this.needs.drawBoolean();
    if (leavesFirst) this.leave();
    for (const write of batch) {
      if (code === undefined) write.tell();
      else write.fail(code);
    }
    if (!leavesFirst) this.needs.lane.push('batch leaves', () => this.leave());
  }
}

/** Any other error is a bug of the store, and thrown. */
export function chatErrorOr<T>(action: () => T): T | ChatError {
  try {
    return action();
  } catch (error) {
    if (error instanceof ChatError) return error;
    throw error;
  }
}
