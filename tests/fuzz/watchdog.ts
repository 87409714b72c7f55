/** Asks the server again and again, on a connection of its own, whether it is there, and notes the slowest answer. */

import { performance } from 'node:perf_hooks';
import { RawClient } from '../harness/raw-client';

/** Between an answer and the next question. */
const pauseMs = 20;

export class Watchdog {
  worstMs = 0;
  pings = 0;
  private isOver = false;
  private readonly watching: Promise<void>;

  private constructor(
    private readonly client: RawClient,
    private readonly onPing: () => void,
  ) {
    this.watching = this.watch();
  }

  /** Resolves once the server has accepted the connection and answered. `onPing` is called after each further answer: the
   *  beat of what else happens regularly. */
  static async start(port: number, onPing: () => void): Promise<Watchdog> {
    const client = await RawClient.connect(port);
    await client.ask('ping first');
    return new Watchdog(client, onPing);
  }

  /** Rejects if the server has not answered, or wrongly. */
  async stop(): Promise<void> {
    this.isOver = true;
    await this.watching;
    this.client.close();
  }

  /** The slowest answer since this was asked last, in milliseconds. */
  takeWorstMs(): number {
    const { worstMs } = this;
    this.worstMs = 0;
    return worstMs;
  }

  private async watch(): Promise<void> {
    while (!this.isOver) {
      const begun = performance.now();
      const answer = await this.client.ask(`ping ${this.pings}`);
      if (answer !== `200 ${this.pings}`) throw new Error(`not the answer to a ping: ${answer}`);
      this.pings += 1;
      this.worstMs = Math.max(this.worstMs, performance.now() - begun);
      this.onPing();
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}
