/** What appeared on a device that does not acknowledge. To the server a message is delivered when the operating system has
 *  taken it, so a lost connection may take some along, and some may come again on the next one. Within one connection
 *  everything holds: each message once, in order, and none passed over. */

import { isDue } from './cast';
import { type DeviceCheckNeeds, type DeviceJudge, findSend, reportShown, type ShownRecord } from './device-check';
import { type LedgerRecord, untoldSeq } from './ledger-record';
import type { LogNumbers } from './log-numbers';
import { messageId } from './message-id';
import { descentsMax } from './wires';

export interface VisitsCheckNeeds extends DeviceCheckNeeds {
  /** By log. Where the wire tells no seq it is known from those devices whose wire does. */
  readonly numbers: readonly LogNumbers[];
}

export class VisitsCheck implements DeviceJudge {
  /** Messages that appeared on an earlier connection once more. */
  repeated = 0;
  private readonly shown = new Set<number>();
  private visit = new Visit();

  constructor(private readonly needs: VisitsCheckNeeds) {}

  hasShown(sender: number, number: number): boolean {
    return this.shown.has(messageId(sender, number));
  }

  take(record: LedgerRecord): ShownRecord | undefined {
    switch (record.kind) {
      case 'connected':
        this.visit = new Visit();
        return undefined;
      case 'sent':
        this.visit.firstSent ??= record.number;
        return undefined;
      case 'shown':
        return this.takeShown(record);
      case 'acknowledged':
      case 'refused':
        return undefined;
    }
  }

  private takeShown(record: ShownRecord): ShownRecord | undefined {
    const { needs, visit } = this;
    const { sender, number } = record;
    const send = findSend(needs, record);
    if (send === undefined || this.isEcho(record, send.log)) {
      reportShown(needs, 'neverSent', record);
      return undefined;
    }
    const told = { ...record, log: send.log };
    const id = messageId(sender, number);
    if (visit.shown.has(id)) {
      reportShown(needs, 'duplicated', told);
      return told;
    }
    visit.shown.add(id);
    if (this.shown.has(id)) this.repeated += 1;
    this.shown.add(id);
    const seq = record.seq === untoldSeq ? needs.numbers[send.log]?.seqOf(sender, number) : record.seq;
    // Nobody has seen where it stands, no auditor either: it is found as not stored.
    if (seq !== undefined) this.goTo({ ...told, seq });
    return told;
  }

  /** One's own messages in a room do not come back on the connection that they were sent on. */
  private isEcho({ sender, number }: ShownRecord, log: number): boolean {
    const { cast, device } = this.needs;
    const isOwn = sender === device.index && cast.logs[log]?.isRoom === true;
    return isOwn && number >= (this.visit.firstSent ?? Number.POSITIVE_INFINITY);
  }

  private goTo(record: ShownRecord): void {
    const { log, seq } = record;
    const last = this.visit.lastSeq.get(log);
    this.visit.lastSeq.set(log, seq);
    if (last === undefined) return;
    if (seq < last) {
      const descents = (this.visit.descents.get(log) ?? 0) + 1;
      this.visit.descents.set(log, descents);
      if (descents > descentsMax(this.needs.device.wire)) reportShown(this.needs, 'disordered', record);
      return;
    }
    for (let between = last + 1; between < seq; between++) this.requireShown(log, between, record);
  }

  private requireShown(log: number, seq: number, after: ShownRecord): void {
    const { cast, device, numbers, report } = this.needs;
    const message = numbers[log]?.at(seq);
    const author = cast.devices[message?.sender ?? -1];
    if (message === undefined || author === undefined || !isDue(cast, log, author, device)) return;
    if (this.hasShown(message.sender, message.number)) return;
    report('lost', () => {
      const where = `${cast.logs[log]?.name} ${seq}`;
      return `message ${message.sender}.${message.number}, ${where}, was passed over on device ${device.index} before ${after.seq}`;
    });
  }
}

/** One connection of the device. */
class Visit {
  readonly shown = new Set<number>();
  readonly lastSeq = new Map<number, number>();
  readonly descents = new Map<number, number>();
  firstSent: number | undefined;
}
