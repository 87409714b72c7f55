/** One log as the model knows it: what was ever committed there. */

import type { LogId } from '../../server/core/ports';
import { isSameName } from '../../shared/names';
import type { Send } from './send';

export class LogRecord {
  /** The send of number n stands at n; nothing stands at 0. */
  readonly entries: (Send | undefined)[] = [undefined];
  prunedThrough = 0;
  /** The furthest that anybody has acknowledged. */
  acked = 0;
  /** The account that it belonged to was deleted. */
  isGone = false;
  /** What the operating system has taken on any connection of a mailbox's account. */
  readonly taken = new Set<number>();

  constructor(
    readonly id: LogId,
    readonly name: string,
  ) {}

  get isRoom(): boolean {
    return this.name.startsWith('#');
  }

  get head(): number {
    return this.entries.length - 1;
  }

  /** Whether message `seq` is one that `account` must be given: in a room its own are not. */
  concerns(account: string, seq: number): boolean {
    const send = this.entries[seq];
    return send !== undefined && seq > this.prunedThrough && !(this.isRoom && isSameName(send.from, account));
  }
}

/** One log as one device follows it. */
export class Place {
  /** The furthest that this device, or for the default one any device, has acknowledged. */
  acked: number;
  /** The furthest that other devices have acknowledged: the default cursor goes along with them. */
  ackedByOthers = 0;
  /** What the user has seen there. */
  readonly shown = new Set<number>();

  constructor(
    readonly log: LogRecord,
    private readonly account: string,
    /** Everything after this is due. */
    readonly begin: number,
  ) {
    this.acked = begin;
  }

  isDue(seq: number): boolean {
    return seq > this.begin && this.log.concerns(this.account, seq);
  }

  /** The first message with `after < seq < before` that is due. */
  firstDue(after: number, before: number): number | undefined {
    for (let seq = Math.max(after, this.begin) + 1; seq < before; seq += 1) if (this.isDue(seq)) return seq;
    return undefined;
  }
}
