/** Recipients who were away log in all at once: how fast they get and acknowledge what was kept for them. */

import { CpuMeter } from './cpu-meter';
import { Crew, delay } from './crew';
import type { Link } from './link';
import { numberOf, pairOf } from './numbered-body';
import type { DeliveryResult, DrainOrder } from './orders';
import { PairChecker } from './pair-checker';
import type { Wire } from './wire';

const lookEveryMs = 50;

export async function drain(wire: Wire, order: DrainOrder): Promise<DeliveryResult> {
  const run = new DrainRun(wire, order);
  try {
    return await run.run();
  } finally {
    run.crew.close();
  }
}

class DrainRun {
  readonly crew: Crew;
  private readonly checker: PairChecker;
  /** By recipient: what is still to come before it has everything. */
  private readonly due: Int32Array;
  /** Recipients that have not everything acknowledged. */
  private unfinished = 0;
  private lastMs = 0;
  private onFinished: () => void = () => {};

  constructor(
    wire: Wire,
    private readonly order: DrainOrder,
  ) {
    this.crew = new Crew(wire, order.target, this);
    this.checker = new PairChecker(order.expected.length);
    const { length } = order.recipients;
    this.due = new Int32Array(length);
    order.expected.forEach((count, pair) => {
      this.due[pair % length] = (this.due[pair % length] as number) + count;
    });
    this.unfinished = this.due.filter((count) => count > 0).length;
  }

  async run(): Promise<DeliveryResult> {
    const { crew, order } = this;
    const finished = new Promise<void>((resolve) => {
      this.onFinished = resolve;
    });
    const cpu = new CpuMeter(order.target.pid);
    cpu.start();
    const startMs = performance.now();
    this.lastMs = startMs;
    const logins = crew.open(order.recipients, 'receive', order.recipients.length);
    logins.catch(() => undefined);
    await crew.until(Promise.race([finished, this.silence()]));
    const shares = cpu.stop();
    return {
      messages: this.checker.delivered,
      seconds: (this.lastMs - startMs) / 1_000,
      cpu: shares,
      faults: this.checker.faults((pair) => order.expected[pair] as number),
    };
  }

  acked(): void {
    this.crew.fail('a recipient was told of a send');
  }

  received(link: Link, bytes: Uint8Array, start: number): void {
    const recipient = link.index;
    const pair = pairOf(bytes, start);
    this.lastMs = link.readAtMs;
    if (pair % this.due.length !== recipient) {
      this.checker.strange();
      return;
    }
    if (!this.checker.deliver(pair, numberOf(bytes, start))) return;
    const due = (this.due[recipient] as number) - 1;
    this.due[recipient] = due;
    if (due === 0) void link.opened.then(() => link.ping()).then(() => this.finish());
  }

  turnEnds(): void {}

  private finish(): void {
    this.lastMs = performance.now();
    this.unfinished -= 1;
    if (this.unfinished === 0) this.onFinished();
  }

  /** Resolves when nothing has come for so long that nothing more will. */
  private async silence(): Promise<void> {
    while (performance.now() - this.lastMs < this.order.patienceMs) await delay(lookEveryMs);
  }
}
