/** What appeared on one device, compared with what was sent. */

import { type Cast, type CastDevice, isDue } from './cast';
import { type LedgerRecord, untoldLog } from './ledger-record';
import { messageId } from './message-id';
import type { Send, SendLedger } from './send-ledger';
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

/** Judges one device by its records, which it takes in their order. */
export interface DeviceJudge {
  hasShown(sender: number, number: number): boolean;
  /** Takes the next record. Gives the message that appeared, if one did, and if somebody had sent it there: its log, and
   *  its seq where the wire has told one. */
  take(record: LedgerRecord): ShownRecord | undefined;
}

/** Of a device that acknowledges: each message is due there, and once. */
export class DeviceCheck implements DeviceJudge {
  private readonly shown = new Set<number>();
  private readonly lastSeq = new Map<number, number>();
  /** By log and sender. */
  private readonly lastNumber = new Map<number, number>();

  constructor(private readonly needs: DeviceCheckNeeds) {}

  hasShown(sender: number, number: number): boolean {
    return this.shown.has(messageId(sender, number));
  }

  take(record: LedgerRecord): ShownRecord | undefined {
    if (record.kind !== 'shown') return undefined;
    const id = messageId(record.sender, record.number);
    if (findSend(this.needs, record) === undefined) {
      reportShown(this.needs, 'neverSent', record);
      return undefined;
    }
    if (this.shown.has(id)) {
      reportShown(this.needs, 'duplicated', record);
    } else {
      this.shown.add(id);
      if (!this.isInOrder(record)) reportShown(this.needs, 'disordered', record);
    }
    return record;
  }

  private isInOrder({ log, seq, sender, number }: ShownRecord): boolean {
    const follows = seq > (this.lastSeq.get(log) ?? 0);
    this.lastSeq.set(log, seq);
    if (!this.bindsOrder(sender, number)) return follows;
    const place = messageId(log, sender);
    const followsItsOwn = number > (this.lastNumber.get(place) ?? 0) || this.needs.refusing.has(log);
    this.lastNumber.set(place, number);
    return follows && followsItsOwn;
  }

  /** A send without an answer may still be on its way on a connection that its sender has given up. Where nothing ends the
   *  session that was there before (a takeover, a name that only one can hold) it may be stored after later ones. */
  private bindsOrder(sender: number, number: number): boolean {
    const author = this.needs.cast.devices[sender];
    if (author?.acknowledges || author?.wire === 'nickroom') return true;
    return this.needs.sends[sender]?.find(number)?.outcome.kind !== 'unknown';
  }
}

/** The send that a message which appeared on a device came from; `undefined` when it is none that may appear there. */
export function findSend({ cast, device, sends }: DeviceCheckNeeds, { sender, number, log }: ShownRecord) {
  const author = cast.devices[sender];
  const send: Send | undefined = sends[sender]?.find(number);
  if (author === undefined || send === undefined || send.outcome.kind === 'refused') return undefined;
  if (log !== untoldLog && send.log !== log) return undefined;
  return isDue(cast, send.log, author, device) || isOwnHistory(cast, send.log, author, device) ? send : undefined;
}

/** A guest that comes back is nobody in particular: the room's history has what it said before. */
function isOwnHistory(cast: Cast, log: number, author: CastDevice, device: CastDevice): boolean {
  return device.wire === 'nickroom' && author === device && cast.logs[log]?.isRoom === true;
}

export function reportShown(
  { cast, device, report, sends }: DeviceCheckNeeds,
  kind: ViolationKind,
  { log, seq, sender, number }: ShownRecord,
): void {
  report(kind, () => {
    const told = sends[sender]?.find(number)?.outcome;
    const where = `${cast.logs[log]?.name ?? `log ${log}`} ${seq}`;
    return `device ${device.index} showed ${where} as message ${sender}.${number}; its sender knows: ${JSON.stringify(told)}`;
  });
}
