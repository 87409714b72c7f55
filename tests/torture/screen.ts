/** A device's screen: what it shows is in the ledger before it counts as shown. */

import { join } from 'node:path';
import type { IncomingMessage, SeenMark } from '../../client/core/api';
import { nameOf } from './body';
import type { Cast, CastDevice } from './cast';
import { LedgerWriter, ledgerPath, readLedger } from './ledger-file';
import { type LedgerRecord, unknownSender } from './ledger-record';

export interface ScreenNeeds {
  readonly cast: Cast;
  readonly device: CastDevice;
  /** Where ledgers are. */
  readonly folder: string;
}

export class Screen {
  private readonly ledger: LedgerWriter;
  private readonly marks = new Map<number, { seq: number; at: number }>();
  private readonly logIndexes: ReadonlyMap<string, number>;
  private sent = 0;

  /** Takes up where the device's former lives have ended. */
  constructor(private readonly needs: ScreenNeeds) {
    const path = ledgerPath(needs.folder, needs.device.index);
    this.logIndexes = new Map(needs.cast.logs.map(({ name }, index) => [name, index]));
    for (const record of readLedger(path)) this.remember(record);
    this.ledger = new LedgerWriter(path);
  }

  /** How far this screen stands in each log. */
  get seen(): readonly SeenMark[] {
    return [...this.marks].map(([log, mark]) => ({ log: this.needs.cast.logs[log]?.name ?? '', ...mark }));
  }

  /** Writes down that a message for `log` is about to be sent; gives its number. */
  sending(log: number): number {
    const number = this.sent + 1;
    this.write({ kind: 'sent', number, log });
    return number;
  }

  acknowledged(number: number, seq: number): void {
    this.write({ kind: 'acknowledged', number, seq });
  }

  refused(number: number, status: number): void {
    this.write({ kind: 'refused', number, status });
  }

  show({ to, seq, at, from, body }: IncomingMessage): void {
    const { cast } = this.needs;
    const { sender, number } = nameOf(body);
    const author = cast.accounts[cast.devices[sender]?.account ?? -1]?.name;
    const log = this.logIndexes.get(to) ?? -1;
    const named = author === from ? { sender, number } : { sender: unknownSender, number: 0 };
    this.write({ kind: 'shown', log, seq, at: at.getTime(), ...named });
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
    if (record.kind !== 'shown') return;
    const at = Math.max(record.at, this.marks.get(record.log)?.at ?? 0);
    this.marks.set(record.log, { seq: record.seq, at });
  }
}

/** Where the client library keeps a device's sends that have no answer: a folder for each, as two devices of one account
 *  are two machines. */
export function journalFolder(folder: string, device: number): string {
  return join(folder, `device-${device}.journal`);
}
