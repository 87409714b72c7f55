/** Messages from the connection to the listeners: each once, announced, acknowledged. */

import type { Acknowledger } from './acknowledger';
import type { IncomingMessage, SeenMark } from './api';
import { clientLimits } from './limits';
import { Shown } from './shown';

export interface DeliveryNeeds {
  /** What was handed out before this client began, to the account that logs in first. */
  readonly seen: readonly SeenMark[];
  readonly acknowledger: Acknowledger;
  readonly burst: (count: number) => void;
  readonly message: (message: IncomingMessage) => void;
}

/** A block of undelivered messages while it comes. */
export interface Burst {
  /** Messages that are still to come, repetitions included. */
  due: number;
  isAnnounced: boolean;
}

export class Delivery {
  private shown: Shown;
  /** By account, the one whose messages came last at the end. */
  private readonly shownTo = new Map<string, Shown>();
  private account: string | undefined;
  /** For whoever logs in first. */
  private seenAtFirst: readonly SeenMark[];

  constructor(private readonly needs: DeliveryNeeds) {
    this.seenAtFirst = needs.seen;
    this.shown = new Shown(needs.seen);
  }

  /** How far each log was handed out. */
  get seen(): readonly SeenMark[] {
    return this.shown.marks;
  }

  /** Takes a message outside any block. */
  take(message: IncomingMessage): void {
    if (this.isNew(message)) this.needs.message(message);
    // A repetition means that the acknowledgement did not arrive.
    this.needs.acknowledger.note(message.to, message.seq);
  }

  /** Takes a message of a block. `acknowledge` unless its log ends with the block. */
  takeFrom(burst: Burst, message: IncomingMessage, acknowledge: boolean): void {
    if (this.isNew(message)) {
      if (!burst.isAnnounced) this.needs.burst(Math.max(burst.due, 1));
      burst.isAnnounced = true;
      this.needs.message(message);
    }
    burst.due -= 1;
    if (acknowledge) this.needs.acknowledger.note(message.to, message.seq);
  }

  /** `account` has logged in: what another one was shown does not count. */
  begin(account: string): void {
    this.turnTo(account, this.seenAtFirst);
    this.seenAtFirst = [];
  }

  /** The messages of `account` come, logged in or not, such as before it is deleted. */
  visit(account: string): void {
    this.turnTo(account, []);
  }

  /** The account whose messages came last is gone: one that is made under its name later has logs of its own. */
  forget(): void {
    if (this.account !== undefined) this.shownTo.delete(this.account);
    this.account = undefined;
    this.shown = new Shown();
  }

  private turnTo(account: string, seen: readonly SeenMark[]): void {
    if (account === this.account) return;
    this.shown = this.shownTo.get(account) ?? new Shown(seen);
    this.account = account;
    this.shownTo.delete(account);
    this.shownTo.set(account, this.shown);
    const [oldest] = this.shownTo.keys();
    if (this.shownTo.size > clientLimits.accountsShownMax && oldest !== undefined) this.shownTo.delete(oldest);
  }

  private isNew({ to, seq, at }: IncomingMessage): boolean {
    return this.shown.add(to, seq, at.getTime());
  }
}
