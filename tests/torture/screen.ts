/** A device's screen: what it shows is in the ledger before it counts as shown. */

import { join } from 'node:path';
import type { SeenMark } from '../../client/core/api';
import { bodyOf, nameOf } from './body';
import type { Cast, CastDevice } from './cast';
import { LedgerWriter, ledgerPath, readLedger } from './ledger-file';
import { type LedgerRecord, unknownSender, untoldLog, untoldSeq } from './ledger-record';
import { alphabets, asShownOn } from './wires';

export interface ScreenNeeds {
  readonly cast: Cast;
  readonly device: CastDevice;
  /** Where ledgers are. */
  readonly folder: string;
}

/** A message as a wire tells it. */
export interface ArrivedMessage {
  /** The name of the log that it stands in; undefined where the wire does not say. */
  readonly log: string | undefined;
  /** Undefined where the wire does not say. */
  readonly seq: number | undefined;
  /** When it was sent, in milliseconds since 1970; undefined where the wire does not say. */
  readonly at: number | undefined;
  readonly from: string;
  readonly body: string;
}

export class Screen {
  private readonly ledger: LedgerWriter;
  private readonly marks = new Map<number, { seq: number; at: number }>();
  /** By log. */
  private readonly shownSeqs: readonly Set<number>[];
  private readonly logIndexes: ReadonlyMap<string, number>;
  private sent = 0;
  private visits = 0;

  /** Takes up where the device's former lives have ended. */
  constructor(private readonly needs: ScreenNeeds) {
    const path = ledgerPath(needs.folder, needs.device.index);
    this.logIndexes = new Map(needs.cast.logs.map(({ name }, index) => [name, index]));
    this.shownSeqs = needs.cast.logs.map(() => new Set());
    for (const record of readLedger(path)) this.remember(record);
    this.ledger = new LedgerWriter(path);
  }

  /** How far this screen stands in each log. */
  get seen(): readonly SeenMark[] {
    return [...this.marks].map(([log, mark]) => ({ log: this.needs.cast.logs[log]?.name ?? '', ...mark }));
  }

  /** Whether the message of that number has appeared here. */
  hasShown(log: string, seq: number): boolean {
    return this.shownSeqs[this.logIndexes.get(log) ?? -1]?.has(seq) === true;
  }

  /** Writes down that a connection begins. */
  connected(): void {
    this.write({ kind: 'connected', visit: this.visits + 1 });
  }

  /** Writes down that a message for `log` is about to be sent; gives its number. */
  sending(log: number): number {
    const number = this.sent + 1;
    this.write({ kind: 'sent', number, log });
    return number;
  }

  /** `seq` is undefined where the wire does not say. */
  acknowledged(number: number, seq: number | undefined): void {
    this.write({ kind: 'acknowledged', number, seq: seq ?? untoldSeq });
  }

  refused(number: number, status: number): void {
    this.write({ kind: 'refused', number, status });
  }

  show({ log, seq, at, from, body }: ArrivedMessage): void {
    const { cast } = this.needs;
    const { sender, number } = nameOf(body, (...name) => this.expected(...name));
    const author = cast.accounts[cast.devices[sender]?.account ?? -1]?.name;
    const named = author === from ? { sender, number } : { sender: unknownSender, number: 0 };
    this.write({
      kind: 'shown',
      log: log === undefined ? untoldLog : (this.logIndexes.get(log) ?? -1),
      seq: seq ?? untoldSeq,
      at: at ?? 0,
      ...named,
    });
  }

  /** What a message of that name looks like here; undefined when there is no such sender. */
  expected(sender: number, number: number): string | undefined {
    const { cast, device } = this.needs;
    const author = cast.devices[sender];
    return author === undefined ? undefined : asShownOn(device.wire, bodyOf(sender, number, alphabets[author.wire]));
  }

  close(): void {
    this.ledger.close();
  }

  private write(record: LedgerRecord): void {
    this.ledger.write(record);
    this.remember(record);
  }

  private remember(record: LedgerRecord): void {
    if (record.kind === 'sent') this.sent = record.number;
    if (record.kind === 'connected') this.visits = record.visit;
    if (record.kind !== 'shown' || record.seq === untoldSeq) return;
    this.shownSeqs[record.log]?.add(record.seq);
    const at = Math.max(record.at, this.marks.get(record.log)?.at ?? 0);
    this.marks.set(record.log, { seq: record.seq, at });
  }
}

/** Where the client library keeps a device's sends that have no answer: a folder for each, as two devices of one account
 *  are two machines. */
export function journalFolder(folder: string, device: number): string {
  return join(folder, `device-${device}.journal`);
}
