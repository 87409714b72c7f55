/** Asks the server again and again, on a connection of its own, whether it is there, and notes the slowest answer, by the
 *  clock and by the work that the server did before it gave it. */

import { RawClient } from '../harness/raw-client';
import type { ServerProcess } from '../harness/server-process';
import { UnstalledTime } from '../harness/unstalled-time';

/** Between an answer and the next question. */
const pauseMs = 20;

/** How long an answer took. */
export interface PingTimes {
  /** By the clock, without the time in which this process stood still with the machine. */
  readonly elapsedMs: number;
  /** Time that the server's main thread spent on the processor meanwhile. */
  readonly workMs: number;
}

export class Watchdog {
  private worst: PingTimes = { elapsedMs: 0, workMs: 0 };
  pings = 0;
  private isOver = false;
  private readonly watching: Promise<void>;

  private constructor(
    private readonly server: ServerProcess,
    private readonly client: RawClient,
    private readonly onPing: () => void,
  ) {
    this.watching = this.watch();
  }

  /** Resolves once the server has accepted the connection and answered. `onPing` is called after each further answer: the
   *  beat of what else happens regularly. */
  static async start(server: ServerProcess, onPing: () => void): Promise<Watchdog> {
    const client = await RawClient.connect(server.port);
    await client.ask('ping first');
    return new Watchdog(server, client, onPing);
  }

  /** Rejects if the server has not answered, or wrongly. */
  async stop(): Promise<void> {
    this.isOver = true;
    await this.watching;
    this.client.close();
  }

  /** The most that any answer took since this was asked last. */
  takeWorst(): PingTimes {
    const { worst } = this;
    this.worst = { elapsedMs: 0, workMs: 0 };
    return worst;
  }

  private async watch(): Promise<void> {
    while (!this.isOver) {
      const [time, workedMs] = [new UnstalledTime(), this.server.mainThreadCpuMs()];
      const answer = await this.client.ask(`ping ${this.pings}`);
      if (answer !== `200 ${this.pings}`) throw new Error(`not the answer to a ping: ${answer}`);
      this.pings += 1;
      this.worst = worseOf(this.worst, {
        elapsedMs: time.stop(),
        workMs: this.server.mainThreadCpuMs() - workedMs,
      });
      this.onPing();
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

/** The more of each. */
export function worseOf(one: PingTimes, other: PingTimes): PingTimes {
  return { elapsedMs: Math.max(one.elapsedMs, other.elapsedMs), workMs: Math.max(one.workMs, other.workMs) };
}
