/** Senders and receivers that are both online, and the measuring of what goes between them. */

import { CpuMeter } from './cpu-meter';
import { Crew, delay, within } from './crew';
import { Histogram } from './histogram';
import type { Link } from './link';
import type { LatencyResult, LiveOrder, PacedOrder } from './orders';
import { PairTraffic } from './pair-traffic';
import type { Wire } from './wire';

const settleMsMax = 30_000;

/** What decides when messages are sent. */
export interface Pacing {
  /** The most messages of a pair that may be under way: a power of two. */
  readonly underWayMax: number;
  begin(pairs: OnlinePairs): void;
  /** At the end of a turn in which something of the pair of this sender was accepted or delivered. */
  turnEnds(pairs: OnlinePairs, sender: Link): void;
  stop(): void;
}

export class OnlinePairs {
  readonly crew: Crew;
  readonly traffic: PairTraffic;
  /** By pair. */
  senders: readonly Link[] = [];
  private onProgress: (() => void) | undefined;

  private constructor(
    wire: Wire,
    private readonly order: LiveOrder | PacedOrder,
    private readonly pacing: Pacing,
  ) {
    this.crew = new Crew(wire, order.target, this);
    const recipients = order.pairs.map(({ receiver }) => receiver.name);
    this.traffic = new PairTraffic({ wire, recipients, underWayMax: pacing.underWayMax });
  }

  /** Warms up, measures, and waits until everything that was sent has arrived. */
  static async measure(wire: Wire, order: LiveOrder | PacedOrder, pacing: Pacing): Promise<LatencyResult> {
    const pairs = new OnlinePairs(wire, order, pacing);
    try {
      return await pairs.run();
    } finally {
      pacing.stop();
      pairs.crew.close();
    }
  }

  acked(link: Link, count: number): void {
    const { acked } = this.traffic;
    acked[link.index] = (acked[link.index] as number) + count;
    link.later();
    this.onProgress?.();
  }

  received(link: Link, bytes: Uint8Array, start: number, end: number): void {
    this.traffic.receive(link, bytes, start, end);
    this.senders[link.index]?.later();
    this.onProgress?.();
  }

  turnEnds(link: Link): void {
    if (link.role === 'send') this.pacing.turnEnds(this, link);
  }

  private async run(): Promise<LatencyResult> {
    const { crew, traffic, order } = this;
    const users = {
      receivers: order.pairs.map((pair) => pair.receiver),
      senders: order.pairs.map((pair) => pair.sender),
    };
    const receivers = await crew.open(users.receivers, 'receive');
    this.senders = await crew.open(users.senders, 'send');
    const cpu = new CpuMeter(order.target.pid);
    this.pacing.begin(this);
    await crew.until(delay(order.warmUpMs));
    const latency = new Histogram();
    traffic.latency = latency;
    const before = traffic.totalDone();
    const startMs = performance.now();
    cpu.start();
    await crew.until(delay(order.measureMs));
    const messages = traffic.totalDone() - before;
    const seconds = (performance.now() - startMs) / 1_000;
    const shares = cpu.stop();
    traffic.latency = undefined;
    this.pacing.stop();
    await crew.until(this.settled());
    // What was delivered must be acknowledged, or it comes again to whoever logs in next.
    await crew.ping(receivers);
    if (latency.count === 0) throw new Error('no message arrived while it was measured');
    return { messages, seconds, cpu: shares, faults: traffic.faults(), latency: latency.toData() };
  }

  /** Resolves when everything was accepted and delivered; what was accepted and is missing after long enough is a fault to be
   *  counted. Rejects when something was not even answered. */
  private async settled(): Promise<void> {
    const settled = new Promise<void>((resolve) => {
      this.onProgress = () => {
        if (this.traffic.isSettled()) resolve();
      };
      this.onProgress();
    });
    await within(settleMsMax, settled);
    const { sent, answered } = this.traffic.totals();
    if (answered < sent) throw new Error(`${answered} of ${sent} messages were answered`);
  }
}
