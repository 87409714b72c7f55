/** A bare TCP connection whose bytes stay bytes: for wires that are no text. */

import { BareConnection, openSocket } from './bare-connection';

export class ByteClient extends BareConnection {
  static async connect(port: number): Promise<ByteClient> {
    return new ByteClient(await openSocket(port));
  }

  /** How many bytes have come that were not taken. */
  get waitingBytes(): number {
    return this.pending.length;
  }

  /** The next `count` bytes. Rejects, with what came, if the connection ends before. */
  async bytes(count: number): Promise<Buffer> {
    while (this.pending.length < count) await this.more(`${count} bytes`);
    return this.take(count);
  }

  /** Resolves with whatever was left once the server has closed the connection. */
  closed(): Promise<Buffer> {
    return this.rest();
  }

  /** Cuts the connection without a goodbye. */
  cut(): void {
    this.socket.resetAndDestroy();
  }
}
