/** Proves from the ledgers alone whether a run's messages are all there, once, in order. Pure: no file, no server. */

import { type Cast, type CastDevice, isDue } from './cast';
import { DeviceCheck, type DeviceJudge } from './device-check';
import { type LedgerRecord, untoldSeq } from './ledger-record';
import { LogNumbers, type NumberedMessage } from './log-numbers';
import { SendLedger } from './send-ledger';
import { noWireCounts, type Verdict, type ViolationKind, violationKinds, type WireCounts } from './verdict';
import { VisitsCheck } from './visits-check';
import type { Wire } from './wires';

/** Sentences kept of each kind of violation. */
const examplesMax = 5;

/** Judges the ledgers of a run that has ended: every device has drained, the auditors last.
 *  `recordsOf` gives a device's ledger from its beginning, each time it is asked.
 *  @throws Error when a ledger makes no sense: then it proves nothing */
export function check(cast: Cast, recordsOf: (device: CastDevice) => Iterable<LedgerRecord>): Verdict {
  return new Check(cast, recordsOf).run();
}

class Check {
  private readonly sends: readonly SendLedger[];
  private readonly numbers: readonly LogNumbers[];
  /** Logs that refused somebody, by index. */
  private readonly refusing = new Set<number>();
  private readonly refused = new Map<number, number>();
  private readonly violations = Object.fromEntries(violationKinds.map((kind) => [kind, 0])) as Record<
    ViolationKind,
    number
  >;
  private readonly examples: string[] = [];
  private readonly wires = new Map<Wire, WireCounts>();
  private acknowledged = 0;
  private unknown = 0;
  private due = 0;
  private shown = 0;

  constructor(
    private readonly cast: Cast,
    private readonly recordsOf: (device: CastDevice) => Iterable<LedgerRecord>,
  ) {
    this.sends = cast.devices.map(() => new SendLedger());
    this.numbers = cast.logs.map(() => new LogNumbers());
  }

  run(): Verdict {
    for (const device of this.cast.devices) this.readSends(device);
    // Where a wire does not number what it shows, the others have to have told the numbers before.
    const { devices } = this.cast;
    for (const device of devices.filter(({ acknowledges }) => acknowledges)) this.readAcknowledging(device);
    for (const device of devices.filter(({ acknowledges }) => !acknowledges)) this.readOther(device);
    this.compareWithKept();
    return {
      sent: this.sends.reduce((sum, ledger) => sum + ledger.count, 0),
      acknowledged: this.acknowledged,
      refused: this.refused,
      unknown: this.unknown,
      due: this.due,
      shown: this.shown,
      wires: this.wires,
      violations: this.violations,
      examples: this.examples,
    };
  }

  private readSends(device: CastDevice): void {
    const ledger = this.sends[device.index];
    if (ledger === undefined) throw new Error(`device ${device.index} is not where the cast has it`);
    for (const record of this.recordsOf(device)) {
      const wrong = ledger.take(record);
      if (wrong === undefined) continue;
      this.report(wrong, () => `${this.title(device.index)} was told ${JSON.stringify(record)}`);
    }
    for (let number = 1; number <= ledger.count; number++) this.countOutcome(device, number);
  }

  private countOutcome(device: CastDevice, number: number): void {
    const send = this.sends[device.index]?.find(number);
    const counts = this.countsOf(device.wire);
    counts.sent += 1;
    if (send?.outcome.kind === 'acknowledged') {
      this.acknowledged += 1;
      counts.acknowledged += 1;
      if (send.outcome.seq !== undefined) this.place(send.log, send.outcome.seq, device.index, number);
    } else if (send?.outcome.kind === 'refused') {
      const { status } = send.outcome;
      this.refused.set(status, (this.refused.get(status) ?? 0) + 1);
      this.refusing.add(send.log);
    } else {
      this.unknown += 1;
    }
  }

  private readAcknowledging(device: CastDevice): void {
    const checked = new DeviceCheck(this.needsOf(device));
    this.readShown(device, checked);
    for (const { sender, number } of this.acknowledgedFor(device)) {
      this.due += 1;
      if (!checked.hasShown(sender, number)) this.reportLost(device, sender, number);
    }
  }

  private readOther(device: CastDevice): void {
    const checked = new VisitsCheck({ ...this.needsOf(device), numbers: this.numbers });
    this.readShown(device, checked);
    const counts = this.countsOf(device.wire);
    counts.repeated += checked.repeated;
    // A guest is due nothing: what came while it was away is not for it.
    if (device.wire === 'nickroom') return;
    for (const { sender, number } of this.acknowledgedFor(device)) {
      if (!checked.hasShown(sender, number)) counts.missed += 1;
    }
  }

  private needsOf(device: CastDevice) {
    const { cast, sends, refusing } = this;
    const report = (kind: ViolationKind, describe: () => string): void => this.report(kind, describe);
    return { cast, device, sends, refusing, report };
  }

  private readShown(device: CastDevice, checked: DeviceJudge): void {
    for (const record of this.recordsOf(device)) {
      if (record.kind === 'shown') {
        this.shown += 1;
        if (!device.isAuditor) this.countsOf(device.wire).shown += 1;
      }
      const message = checked.take(record);
      if (message === undefined) continue;
      if (message.seq !== untoldSeq) this.place(message.log, message.seq, message.sender, message.number);
      this.numbers[message.log]?.appeared(message.sender, message.number, device.isAuditor);
    }
  }

  private countsOf(wire: Wire): WireCounts {
    const counts = this.wires.get(wire) ?? { ...noWireCounts };
    this.wires.set(wire, counts);
    return counts;
  }

  /** Notes that a message stands at a seq, whoever says so. */
  private place(log: number, seq: number, sender: number, number: number): void {
    const numbers = this.numbers[log];
    if (numbers === undefined || numbers.place(seq, sender, number)) return;
    this.report(
      'reassigned',
      () => `${this.logTitle(log)} ${seq} is message ${sender}.${number}, and another one, or that one is elsewhere`,
    );
  }

  /** The messages whose senders were told OK and that were meant for a device. */
  private *acknowledgedFor(device: CastDevice): Generator<NumberedMessage> {
    for (const sender of this.cast.devices) {
      const ledger = this.sends[sender.index];
      for (let number = 1; number <= (ledger?.count ?? 0); number++) {
        const send = ledger?.find(number);
        if (send?.outcome.kind !== 'acknowledged' || !isDue(this.cast, send.log, sender, device)) continue;
        yield { sender: sender.index, number };
      }
    }
  }

  private reportLost(device: CastDevice, sender: number, number: number): void {
    this.report('lost', () => {
      const log = this.sends[sender]?.find(number)?.log ?? -1;
      const where = `${this.logTitle(log)} ${this.numbers[log]?.seqOf(sender, number) ?? ''}`.trim();
      return `message ${sender}.${number}, ${where}, did not appear on ${this.title(device.index)}`;
    });
  }

  /** The auditors have read every log from its first message, when all was over. */
  private compareWithKept(): void {
    for (const [log, numbers] of this.numbers.entries()) {
      for (const { sender, number } of numbers.notKept()) {
        this.report(
          'unstored',
          () => `message ${sender}.${number} appeared, and ${this.logTitle(log)} does not have it`,
        );
      }
    }
  }

  private report(kind: ViolationKind, describe: () => string): void {
    this.violations[kind] += 1;
    if (this.violations[kind] <= examplesMax) this.examples.push(`${kind}: ${describe()}`);
  }

  private title(index: number): string {
    const device = this.cast.devices[index];
    return `device ${index} (${this.cast.accounts[device?.account ?? -1]?.name}, ${device?.name ?? 'default'})`;
  }

  private logTitle(log: number): string {
    return this.cast.logs[log]?.name ?? `log ${log}`;
  }
}
