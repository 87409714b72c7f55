/** Messages to recipients who are not there: how fast the server takes them. */

import { CpuMeter } from './cpu-meter';
import { Crew, within } from './crew';
import type { Link } from './link';
import { NumberedBody } from './numbered-body';
import type { CpuShares, StoreOrder, StoreResult } from './orders';
import type { Wire } from './wire';

/** How long after the measuring what is under way may take. */
const settleMsMax = 30_000;

export async function store(wire: Wire, order: StoreOrder): Promise<StoreResult> {
  const run = new StoreRun(wire, order);
  try {
    return await run.run();
  } finally {
    run.crew.close();
  }
}

/** Where the measuring begins or ends. */
interface Mark {
  readonly atMs: number;
  readonly accepted: number;
}

class StoreRun {
  readonly crew: Crew;
  private readonly addresses: readonly Uint8Array[];
  /** By pair. */
  private readonly bodies: readonly NumberedBody[];
  /** By sender: how many were sent, and accepted, to all recipients. */
  private readonly sentBy: Uint32Array;
  private readonly ackedBy: Uint32Array;
  private sent = 0;
  private accepted = 0;
  private cpu: CpuMeter | undefined;
  private shares: CpuShares = { server: 0, generator: 0, others: 0 };
  private start: Mark | undefined;
  private end: Mark | undefined;
  private onSettled: () => void = () => {};

  constructor(
    wire: Wire,
    private readonly order: StoreOrder,
  ) {
    this.crew = new Crew(wire, order.target, this);
    const { senders, recipients } = order;
    this.addresses = recipients.map(({ name }) => wire.address(name));
    this.bodies = Array.from({ length: senders.length * recipients.length }, (_, pair) => new NumberedBody(pair));
    this.sentBy = new Uint32Array(senders.length);
    this.ackedBy = new Uint32Array(senders.length);
  }

  async run(): Promise<StoreResult> {
    const { crew, order } = this;
    const settled = new Promise<void>((resolve) => {
      this.onSettled = resolve;
    });
    const links = await crew.open(order.senders, 'send');
    this.cpu = new CpuMeter(order.target.pid);
    for (const link of links) link.later();
    const isSettled = await crew.until(within(order.measureMsMax + settleMsMax, settled));
    const { start, end } = this;
    if (!isSettled || start === undefined || end === undefined) {
      throw new Error(`${this.accepted} of ${this.sent} messages were accepted`);
    }
    return {
      messages: end.accepted - start.accepted,
      seconds: (end.atMs - start.atMs) / 1_000,
      cpu: this.shares,
      accepted: this.bodies.map((_, pair) => this.acceptedOf(pair)),
    };
  }

  acked(link: Link, count: number): void {
    this.ackedBy[link.index] = (this.ackedBy[link.index] as number) + count;
    this.accepted += count;
    link.later();
    if (this.start === undefined) {
      if (this.accepted < this.order.warmUpMessages) return;
      this.start = this.mark(link);
      this.cpu?.start();
    } else if (this.end === undefined) {
      const isLate = link.readAtMs - this.start.atMs >= this.order.measureMsMax;
      if (this.accepted < this.order.messages && !isLate) return;
      this.end = this.mark(link);
      this.shares = this.cpu?.stop() ?? this.shares;
    }
    if (this.end !== undefined && this.accepted === this.sent) this.onSettled();
  }

  received(): void {
    this.crew.fail('a sender was sent something');
  }

  turnEnds(link: Link): void {
    const { order } = this;
    const sender = link.index;
    let room = order.inFlight - ((this.sentBy[sender] as number) - (this.ackedBy[sender] as number));
    for (; this.end === undefined && room > 0 && this.sent < order.messages; room -= 1) this.send(link, sender);
  }

  private send(link: Link, sender: number): void {
    const count = this.sentBy[sender] as number;
    const recipients = this.addresses.length;
    const recipient = count % recipients;
    const body = this.bodies[sender * recipients + recipient] as NumberedBody;
    this.sentBy[sender] = count + 1;
    this.sent += 1;
    link.send(this.addresses[recipient] as Uint8Array, body.numbered((count / recipients) | 0));
  }

  private mark({ readAtMs }: Link): Mark {
    return { atMs: readAtMs, accepted: this.accepted };
  }

  /** A sender's messages are accepted in the order in which they were sent: round the recipients. */
  private acceptedOf(pair: number): number {
    const recipients = this.addresses.length;
    const recipient = pair % recipients;
    const acked = this.ackedBy[(pair - recipient) / recipients] as number;
    return Math.max(0, Math.floor((acked - recipient - 1) / recipients) + 1);
  }
}
