/** Ledgers as a run without a fault would leave them, to be spoilt by tests of the judge. */

import { type Cast, isDue } from './cast';
import { check } from './check';
import { type LedgerRecord, untoldLog, untoldSeq } from './ledger-record';
import type { Verdict } from './verdict';
import type { Wire } from './wires';

const withoutNumbers: readonly Wire[] = ['classic', 'chatbot', 'nickroom'];

export class WrittenLedgers {
  private readonly records: readonly LedgerRecord[][];
  private readonly heads = new Map<number, number>();
  private readonly counts = new Map<number, number>();

  constructor(private readonly cast: Cast) {
    this.records = cast.devices.map(() => []);
  }

  /** A message that is stored and appears wherever it is due; its sender is told OK unless `told` is false. */
  message(sender: number, log: number, told = true): { readonly number: number; readonly seq: number } {
    const { cast } = this;
    const number = this.sending(sender, log);
    const seq = (this.heads.get(log) ?? 0) + 1;
    this.heads.set(log, seq);
    if (told) this.tell(sender, number, seq);
    for (const device of cast.devices) {
      const author = cast.devices[sender];
      if (author !== undefined && isDue(cast, log, author, device)) this.show(device.index, log, seq, sender, number);
    }
    return { number, seq };
  }

  sending(sender: number, log: number): number {
    const number = (this.counts.get(sender) ?? 0) + 1;
    this.counts.set(sender, number);
    this.of(sender).push({ kind: 'sent', number, log });
    return number;
  }

  /** The sender is told OK, as far as its wire can. */
  tell(sender: number, number: number, seq: number): void {
    this.of(sender).push({ kind: 'acknowledged', number, seq: this.isNumbered(sender) ? seq : untoldSeq });
  }

  /** The message appears, with what the wire of the device says about it. */
  show(device: number, log: number, seq: number, sender: number, number: number): void {
    const isNumbered = this.isNumbered(device);
    const place = isNumbered ? { log, seq } : { log: untoldLog, seq: untoldSeq };
    this.of(device).push({ kind: 'shown', ...place, at: 1_000 + seq, sender, number });
  }

  /** The device loses its connection and has another one. */
  reconnect(device: number): void {
    const visit = this.of(device).filter(({ kind }) => kind === 'connected').length + 1;
    this.of(device).push({ kind: 'connected', visit });
  }

  of(device: number): LedgerRecord[] {
    return this.records[device] ?? [];
  }

  /** Takes what a device showed away, and gives it.
   *  @throws Error when it did not show that */
  unshow(device: number, sender: number, number: number): LedgerRecord {
    const records = this.of(device);
    const at = records.findIndex(
      (record) => record.kind === 'shown' && record.sender === sender && record.number === number,
    );
    const [record] = records.splice(at, at === -1 ? 0 : 1);
    if (record === undefined) throw new Error(`device ${device} did not show ${sender}.${number}`);
    return record;
  }

  check(): Verdict {
    return check(this.cast, ({ index }) => this.of(index));
  }

  private isNumbered(device: number): boolean {
    const wire = this.cast.devices[device]?.wire;
    return wire !== undefined && !withoutNumbers.includes(wire);
  }
}
