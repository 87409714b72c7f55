/** One session as its connection sees it, held against the ledger: what it writes, when, and in which order. */

import { type AccountId, type LogId, mailboxOf } from '../../server/core/ports';
import type { DestinationName } from '../../shared/names';
import type { Ledger } from './ledger';

export interface SessionViewOptions {
  readonly account: AccountId;
  readonly name: string;
  readonly device: string;
  readonly isExplicit: boolean;
}

export class SessionView {
  /** The last message written of each log since the last burst began. */
  private readonly last = new Map<LogId, number>();
  /** Messages that the burst still owes; `undefined` outside one. */
  private owed: number | undefined;
  private count = 0;

  constructor(
    private readonly ledger: Ledger,
    readonly options: SessionViewOptions,
  ) {}

  burstBegun(count: number): void {
    this.count = count;
    this.owed = count;
    this.last.clear();
  }

  /** The session is over in the middle, or its burst is complete. */
  burstEnded(isComplete: boolean): void {
    const { count, owed, ledger, options } = this;
    this.owed = undefined;
    // The account may be deleted by another of its sessions while this one reads: then nothing is left to be read.
    const isOver = !isComplete || !ledger.hasAccount(options.account);
    ledger.require(isOver || !owed, 'burst count wrong', () => `${owed} of ${count} are missing for ${options.name}`);
  }

  written(log: LogId, seq: number, number: number): void {
    const { ledger } = this;
    const { account, device, name } = this.options;
    const record = ledger.log(log);
    const told = (): string => `${record.name} ${seq} (${number}) to device '${device}' of ${name}`;
    if (this.owed !== undefined) this.owed -= 1;
    ledger.require(this.owed === undefined || this.owed >= 0, 'event inside a burst', told);
    ledger.require(record.entries[seq]?.number === number, 'shown before its commit', told);
    ledger.require(!record.isRoom || ledger.sends[number - 1]?.from !== name, 'own message shown', told);
    const last = this.last.get(log);
    ledger.require(last === undefined || seq > last, 'out of order', () => `${told()} after ${last}`);
    const place = ledger.place(account, device, log);
    const skipped = place?.firstDue(last ?? place.acked, seq);
    ledger.require(skipped === undefined, 'gap', () => `${told()} without ${skipped}`);
    this.last.set(log, seq);
  }

  /** Everything that is there was written; for a session that is live, when nothing is under way. */
  requireWritten(): void {
    const { account, device, name } = this.options;
    for (const place of this.ledger.places(account, device)) {
      const { log } = place;
      const due = place.firstDue(this.last.get(log.id) ?? place.acked, log.head + 1);
      this.ledger.require(due === undefined, 'stuck', () => `${log.name} ${due} for device '${device}' of ${name}`);
    }
  }

  /** The operating system has taken a message: it counts as acknowledged unless the client says so itself. */
  taken(log: LogId, seq: number): void {
    const { account, device, isExplicit } = this.options;
    if (log === mailboxOf(account)) this.ledger.log(log).taken.add(seq);
    if (isExplicit) return;
    this.ledger.acked(account, device, log, seq);
    this.ledger.shown(account, device, log, seq);
  }

  /** The log that `to` names for this account. */
  logOf(to: DestinationName): LogId {
    return to.startsWith('#') ? this.ledger.roomLog(to) : mailboxOf(this.options.account);
  }
}
