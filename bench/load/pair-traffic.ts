/** What senders and receivers that are both online have sent, had accepted, and were delivered: by pair. */

import type { Histogram } from './histogram';
import type { Link } from './link';
import { NumberedBody, numberOf, pairOf } from './numbered-body';
import { type Faults, PairChecker } from './pair-checker';
import type { Wire } from './wire';

export interface PairTrafficOptions {
  readonly wire: Wire;
  /** Names of the recipients, by pair. */
  readonly recipients: readonly string[];
  /** The most messages of a pair that may be under way: a power of two. */
  readonly underWayMax: number;
}

export class PairTraffic {
  /** By pair. */
  readonly sent: Uint32Array;
  readonly acked: Uint32Array;
  readonly delivered: Uint32Array;
  /** While it is there, each delivery's latency is added to it. */
  latency: Histogram | undefined;
  private readonly checker: PairChecker;
  private readonly bodies: readonly NumberedBody[];
  private readonly addresses: readonly Uint8Array[];
  /** When each message under way was sent, or was due: a ring for each pair. */
  private readonly sinceMs: Float64Array;
  private readonly acknowledges: boolean;
  private readonly underWayMax: number;

  constructor({ wire, recipients, underWayMax }: PairTrafficOptions) {
    const pairs = recipients.length;
    this.sent = new Uint32Array(pairs);
    this.acked = new Uint32Array(pairs);
    this.delivered = new Uint32Array(pairs);
    this.checker = new PairChecker(pairs);
    this.bodies = recipients.map((_, pair) => new NumberedBody(pair));
    this.addresses = recipients.map((name) => wire.address(name));
    this.sinceMs = new Float64Array(pairs * underWayMax);
    this.acknowledges = wire.acknowledges;
    this.underWayMax = underWayMax;
  }

  /** Messages of a pair that have left its window. */
  done(pair: number): number {
    const delivered = this.delivered[pair] as number;
    if (!this.acknowledges) return delivered;
    const acked = this.acked[pair] as number;
    return acked < delivered ? acked : delivered;
  }

  totalDone(): number {
    let done = 0;
    for (let pair = 0; pair < this.sent.length; pair += 1) done += this.done(pair);
    return done;
  }

  /** Messages that were sent, and those that the server has answered; on a wire without answers these are the same. */
  totals(): { readonly sent: number; readonly answered: number } {
    const sent = sum(this.sent);
    return { sent, answered: this.acknowledges ? sum(this.acked) : sent };
  }

  /** Whether everything that was sent has left its window. */
  isSettled(): boolean {
    return this.sent.every((sent, pair) => sent === this.done(pair));
  }

  /** How many more of a pair may be sent. */
  room(pair: number): number {
    return this.underWayMax - ((this.sent[pair] as number) - this.done(pair));
  }

  /** Sends the next message of a pair; its latency counts from `sinceMs`. */
  send(link: Link, pair: number, sinceMs: number): void {
    const number = this.sent[pair] as number;
    this.sinceMs[pair * this.underWayMax + (number & (this.underWayMax - 1))] = sinceMs;
    this.sent[pair] = number + 1;
    link.send(this.addresses[pair] as Uint8Array, (this.bodies[pair] as NumberedBody).numbered(number));
  }

  receive(link: Link, bytes: Uint8Array, start: number, end: number): void {
    const pair = link.index;
    if (pairOf(bytes, start) !== pair || end - start !== (this.bodies[pair] as NumberedBody).bytes.length) {
      this.checker.strange();
      return;
    }
    const number = numberOf(bytes, start);
    if (!this.checker.deliver(pair, number)) return;
    this.delivered[pair] = (this.delivered[pair] as number) + 1;
    const { latency } = this;
    if (latency === undefined) return;
    const sinceMs = this.sinceMs[pair * this.underWayMax + (number & (this.underWayMax - 1))] as number;
    latency.addMs(link.readAtMs - sinceMs);
  }

  faults(): Faults {
    const accepted = this.acknowledges ? this.acked : this.sent;
    return this.checker.faults((pair) => accepted[pair] as number);
  }
}

function sum(counts: Uint32Array): number {
  return counts.reduce((total, count) => total + count, 0);
}
