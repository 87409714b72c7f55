/** One direction of a connection through the fault proxy: bytes from one socket to the other, when and as it likes. */

import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';

export class FaultyPipe {
  /** Bytes that still leave one by one, each in a packet of its own. */
  trickleBytes = 0;
  /** Bytes are swallowed: they left their sender and arrive nowhere. */
  isLost = false;
  private readonly gone: Promise<void>;
  private held: Promise<void> | undefined;
  private letGo: (() => void) | undefined;
  private cutAfter: number | undefined;

  /** `keepsChunks`: what was written at once stays together, for a wire that takes a read for a request. Nothing trickles
   *  then, and a cut is between two chunks. */
  constructor(
    private readonly from: Socket,
    private readonly to: Socket,
    private readonly keepsChunks = false,
  ) {
    this.gone = new Promise((resolve) => to.once('close', resolve));
  }

  /** Carries bytes until its source ends, or {@link FaultyPipe.cut} does. Never rejects. */
  async run(): Promise<void> {
    try {
      for await (const chunk of this.from as AsyncIterable<Buffer>) {
        if (!(await this.carry(chunk))) return;
      }
    } catch {
      // A connection that breaks ends like any other here.
    }
  }

  /** Holds bytes back until {@link FaultyPipe.release}. */
  hold(): void {
    this.held ??= new Promise((resolve) => {
      this.letGo = resolve;
    });
  }

  release(): void {
    this.letGo?.();
    this.held = undefined;
  }

  /** Ends the pipe after so many bytes of the next chunk, if it has as many. */
  cut(afterBytes: number): void {
    this.cutAfter = afterBytes;
  }

  /** False when this was the end. */
  private async carry(chunk: Buffer): Promise<boolean> {
    await this.held;
    if (this.isLost) return true;
    const cutAfter = this.keepsChunks ? 0 : this.cutAfter;
    const end = this.cutAfter === undefined ? chunk.length : Math.min(chunk.length, cutAfter ?? 0);
    let at = 0;
    for (; at < end && this.trickleBytes > 0 && !this.keepsChunks; at++) {
      this.trickleBytes -= 1;
      await this.write(chunk.subarray(at, at + 1));
      await nextTurn();
    }
    await this.write(chunk.subarray(at, end));
    return this.cutAfter === undefined;
  }

  private async write(bytes: Buffer): Promise<void> {
    if (bytes.length === 0 || this.to.destroyed || this.to.write(bytes)) return;
    await Promise.race([new Promise<void>((resolve) => this.to.once('drain', resolve)), this.gone]);
  }
}
