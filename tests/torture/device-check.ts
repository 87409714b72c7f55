/** What appeared on one device, compared with what was sent. */

import { type Cast, type CastDevice, isDue } from './cast';
import type { LedgerRecord } from './ledger-record';
import { messageId } from './message-id';
import type { SendLedger } from './send-ledger';
import type { ViolationKind } from './verdict';

export type ShownRecord = Extract<LedgerRecord, { kind: 'shown' }>;

export interface DeviceCheckNeeds {
  readonly cast: Cast;
  readonly device: CastDevice;
  /** By the index of the device that sent. */
  readonly sends: readonly SendLedger[];
  /** Logs that refused somebody. A send that was refused and whose answer was lost with the connection is repeated, and
   *  may be taken then, after a later one: there, only what the sender knew binds the order. */
  readonly refusing: ReadonlySet<number>;
  readonly report: (kind: ViolationKind, describe: () => string) => void;
}

export class DeviceCheck {
  private readonly shown = new Set<number>();
  private readonly lastSeq = new Map<number, number>();
  /** By log and sender. */
  private readonly lastNumber = new Map<number, number>();

  constructor(private readonly needs: DeviceCheckNeeds) {}

  hasShown(sender: number, number: number): boolean {
    return this.shown.has(messageId(sender, number));
  }

  /** Takes the next one that appeared. False when it is no message that somebody sent there. */
  take(record: ShownRecord): boolean {
    const id = messageId(record.sender, record.number);
    if (!this.wasSent(record)) {
      this.report('neverSent', record);
      return false;
    }
    if (this.shown.has(id)) {
      this.report('duplicated', record);
    } else {
      this.shown.add(id);
      if (!this.isInOrder(record)) this.report('disordered', record);
    }
    return true;
  }

  private wasSent({ sender, number, log }: ShownRecord): boolean {
    const { cast, device, sends } = this.needs;
    const author = cast.devices[sender];
    const send = sends[sender]?.find(number);
    if (author === undefined || send === undefined || send.outcome.kind === 'refused') return false;
    return send.log === log && isDue(cast, log, author, device);
  }

  private isInOrder({ log, seq, sender, number }: ShownRecord): boolean {
    const place = messageId(log, sender);
    const follows =
      seq > (this.lastSeq.get(log) ?? 0) &&
      (number > (this.lastNumber.get(place) ?? 0) || this.needs.refusing.has(log));
    this.lastSeq.set(log, seq);
    this.lastNumber.set(place, number);
    return follows;
  }

  private report(kind: ViolationKind, { log, seq, sender, number }: ShownRecord): void {
    const { cast, device, report, sends } = this.needs;
    report(kind, () => {
      const told = sends[sender]?.find(number)?.outcome;
      const where = `${cast.logs[log]?.name ?? `log ${log}`} ${seq}`;
      return `device ${device.index} showed ${where} as message ${sender}.${number}; its sender knows: ${JSON.stringify(told)}`;
    });
  }
}
