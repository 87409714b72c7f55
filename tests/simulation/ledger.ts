/** The model: logs, cursors, and what was promised about them. It is told of everything that happens and remembers the
 *  first thing that must not have happened. */

import { type AccountId, defaultDevice, type LogId, mailboxOf } from '../../server/core/ports';
import { isSameName } from '../../shared/names';
import { LogRecord, Place } from './log-record';
import type { Send } from './send';

/** A rule of the delivery contract, or of what the core promises its protocols. */
export type Check =
  | 'acknowledged before its commit'
  | 'acknowledged and not kept'
  | 'answered out of order'
  | 'answered twice'
  | 'burst count wrong'
  | 'cursor beyond what was acknowledged'
  | 'deleted before it was delivered'
  | 'due and never shown'
  | 'event inside a burst'
  | 'fault of the server'
  | 'gap'
  | 'memory of the outlet'
  | 'never quiet'
  | 'out of order'
  | 'own message shown'
  | 'pruned before it was acknowledged'
  | 'receipt too early'
  | 'refused and kept'
  | 'seq reused'
  | 'shown before its commit'
  | 'shown twice'
  | 'stored twice'
  | 'stored and never sent'
  | 'stuck'
  | 'unanswered';

export interface Violation {
  readonly check: Check;
  readonly detail: string;
}

interface AccountRecord {
  readonly name: string;
  readonly devices: Map<string, Map<LogId, Place>>;
}

export class Ledger {
  violation: Violation | undefined;
  readonly sends: Send[] = [];
  private readonly logs = new Map<LogId, LogRecord>();
  private readonly accounts = new Map<AccountId, AccountRecord>();

  /** Notes a violation unless `holds`; only the first one counts. */
  require(holds: boolean, check: Check, detail: () => string): void {
    if (!holds) this.violation ??= { check, detail: detail() };
  }

  log(id: LogId): LogRecord {
    return this.logs.get(id) as LogRecord;
  }

  hasAccount(id: AccountId): boolean {
    return this.accounts.has(id);
  }

  place(account: AccountId, device: string, log: LogId): Place | undefined {
    return this.accounts.get(account)?.devices.get(device)?.get(log);
  }

  places(account: AccountId, device: string): Iterable<Place> {
    return this.accounts.get(account)?.devices.get(device)?.values() ?? [];
  }

  roomLog(name: string): LogId {
    for (const log of this.logs.values()) if (log.isRoom && isSameName(log.name, name)) return log.id;
    throw new Error(`no room ${name}`);
  }

  send(from: string, to: string, isKeyed: boolean): Send {
    const number = this.sends.length + 1;
    const key = isKeyed ? `k${number}` : undefined;
    const send = { number, from, to, key, tries: 0, stored: undefined, isSettled: false, isRefused: false };
    this.sends.push(send);
    return send;
  }

  // What the disk has committed.

  accountMade(id: AccountId, name: string): void {
    const log = this.logMade(mailboxOf(id), name);
    const places = new Map([[log.id, new Place(log, name, 0)]]);
    this.accounts.set(id, { name, devices: new Map([[defaultDevice, places]]) });
  }

  accountRemoved(id: AccountId): void {
    const log = this.log(mailboxOf(id));
    const acked = this.place(id, defaultDevice, log.id)?.acked ?? 0;
    for (let seq = acked + 1; seq <= log.head; seq += 1) {
      this.require(log.taken.has(seq), 'deleted before it was delivered', () => `${log.name} ${seq}`);
    }
    log.isGone = true;
    this.accounts.delete(id);
  }

  logMade(id: LogId, name: string): LogRecord {
    const log = new LogRecord(id, name);
    this.logs.set(id, log);
    return log;
  }

  /** Every device of the account follows the log from after `begin`. */
  joined(id: AccountId, log: LogId, begin: number): void {
    const account = this.accounts.get(id) as AccountRecord;
    for (const places of account.devices.values()) places.set(log, new Place(this.log(log), account.name, begin));
  }

  left(id: AccountId, log: LogId): void {
    for (const places of this.accounts.get(id)?.devices.values() ?? []) places.delete(log);
  }

  deviceBegun(id: AccountId, device: string, cursors: ReadonlyMap<LogId, number>): void {
    const account = this.accounts.get(id) as AccountRecord;
    const places = account.devices.get(device) ?? new Map<LogId, Place>();
    account.devices.set(device, places);
    for (const [log, seq] of cursors) {
      if (!places.has(log)) places.set(log, new Place(this.log(log), account.name, seq));
    }
  }

  committed(id: LogId, seq: number, number: number): void {
    const log = this.log(id);
    const send = this.sends[number - 1];
    this.require(log.entries[seq] === undefined, 'seq reused', () => `${log.name} ${seq}`);
    if (send === undefined || !isSameName(send.to, log.name)) {
      this.require(false, 'stored and never sent', () => `${log.name} ${seq}: ${number}`);
      return;
    }
    this.require(!send.isRefused, 'refused and kept', () => `${log.name} ${seq}: ${number}`);
    this.require(!log.entries.includes(send), 'stored twice', () => `${log.name} ${seq}: ${number}`);
    log.entries[seq] = send;
  }

  cursorMoved(account: AccountId, device: string, log: LogId, cursor: number): void {
    const place = this.place(account, device, log);
    const passed = place?.firstDue(place.acked, cursor + 1);
    this.require(passed === undefined, 'cursor beyond what was acknowledged', () => {
      return `${place?.log.name} ${passed} for device '${device}' of ${this.accounts.get(account)?.name}`;
    });
  }

  pruned(id: LogId, through: number): void {
    const log = this.log(id);
    for (const { name, devices } of this.accounts.values()) {
      for (const [device, places] of devices) {
        const place = places.get(id);
        const lost = place?.firstDue(place.acked, through + 1);
        this.require(lost === undefined, 'pruned before it was acknowledged', () => {
          return `${log.name} ${lost} for device '${device}' of ${name}`;
        });
      }
    }
    log.prunedThrough = Math.max(log.prunedThrough, through);
  }

  /** An account may have been deleted and made anew under its name. */
  private logWith(send: Send, name: string, seq: number): LogRecord | undefined {
    for (const log of this.logs.values()) if (log.entries[seq] === send && isSameName(log.name, name)) return log;
    return undefined;
  }

  // What clients see of it.

  /** A sender was told that its message is on disk, in the log of `to`. */
  acknowledged(send: Send, to: string, seq: number): void {
    const told = (): string => `${to} ${seq}: ${send.number}`;
    const log = this.logWith(send, to, seq);
    this.require(log !== undefined, 'acknowledged before its commit', told);
    if (log === undefined) return;
    this.require(send.stored?.log !== log.id || send.stored.seq === seq, 'stored twice', told);
    send.stored = { log: log.id, seq };
  }

  /** A sender was told that nothing was kept of its message. */
  refused(send: Send): void {
    // A repetition may be refused though the first try was stored: the sender has left the room since, for one.
    if (send.tries > 1) return;
    send.isRefused = true;
    for (const log of this.logs.values()) {
      this.require(!log.entries.includes(send), 'refused and kept', () => `${log.name}: ${send.number}`);
    }
  }

  acked(account: AccountId, device: string, log: LogId, seq: number): void {
    const record = this.log(log);
    if (seq > record.acked) record.acked = seq;
    const place = this.place(account, device, log);
    if (place !== undefined && seq > place.acked) place.acked = seq;
    const usual = this.place(account, defaultDevice, log);
    if (usual === undefined) return;
    if (seq > usual.acked) usual.acked = seq;
    if (device !== defaultDevice && seq > usual.ackedByOthers) usual.ackedByOthers = seq;
  }

  /** A sender was told that its message was acknowledged. */
  receiptTold(to: string, seq: number): void {
    const isDue = [...this.logs.values()].some((log) => isSameName(log.name, to) && log.acked >= seq);
    this.require(isDue, 'receipt too early', () => `${to} ${seq}`);
  }

  /** The user of a device has seen a message. */
  shown(account: AccountId, device: string, log: LogId, seq: number): void {
    this.place(account, device, log)?.shown.add(seq);
  }

  /** Everything that is due to anybody was shown there; after everybody has logged in and read. */
  requireComplete(): void {
    for (const { name, devices } of this.accounts.values()) {
      for (const [device, places] of devices) {
        for (const { log, shown, begin, ackedByOthers, isDue } of [...places.values()].map(view)) {
          for (let seq = begin + 1; seq <= log.head; seq += 1) {
            const isThere = !isDue(seq) || shown.has(seq) || (device === defaultDevice && seq <= ackedByOthers);
            this.require(isThere, 'due and never shown', () => `${log.name} ${seq} to device '${device}' of ${name}`);
          }
        }
      }
    }
  }

  /** What senders were told is stored is what `kept` finds, as long as the log is there. */
  requireKept(kept: (log: LogId, seq: number) => number | undefined): void {
    for (const { number, stored } of this.sends) {
      if (stored === undefined) continue;
      const log = this.log(stored.log);
      const isKept = log.isGone || stored.seq <= log.prunedThrough || kept(log.id, stored.seq) === number;
      this.require(isKept, 'acknowledged and not kept', () => `${log.name} ${stored.seq}: ${number}`);
    }
  }
}

function view(place: Place) {
  const { log, shown, begin, ackedByOthers } = place;
  return { log, shown, begin, ackedByOthers, isDue: (seq: number) => place.isDue(seq) };
}
