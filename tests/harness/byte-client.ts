/** A bare TCP connection whose bytes stay bytes: for wires that are no text. */

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export class ByteClient {
  /** What came and was not taken yet. */
  private pending: Buffer[] = [];
  private pendingBytes = 0;
  private isClosed = false;
  private waiting: (() => void)[] = [];

  private constructor(readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      this.pending.push(chunk);
      this.pendingBytes += chunk.length;
      this.wake();
    });
    // A reset is told by what did not come.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.isClosed = true;
      this.wake();
    });
  }

  static async connect(port: number): Promise<ByteClient> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new ByteClient(socket);
  }

  /** How many bytes have come that were not taken. */
  get waitingBytes(): number {
    return this.pendingBytes;
  }

  send(bytes: Uint8Array): void {
    this.socket.write(bytes);
  }

  /** Resolves once the operating system has these bytes. */
  async sendNow(bytes: Uint8Array): Promise<void> {
    await new Promise<void>((resolve) => this.socket.write(bytes, () => resolve()));
  }

  /** The next `count` bytes. Rejects, with what came, if the connection ends before. */
  async bytes(count: number): Promise<Buffer> {
    while (this.pendingBytes < count) {
      if (this.isClosed) throw new Error(`closed before ${count} bytes: ${Buffer.concat(this.pending).toString()}`);
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    if ((this.pending[0]?.length ?? 0) < count) this.pending = [Buffer.concat(this.pending)];
    const [first = Buffer.alloc(0)] = this.pending;
    this.pending[0] = first.subarray(count);
    this.pendingBytes -= count;
    return first.subarray(0, count);
  }

  /** Resolves with whatever was left once the server has closed the connection. */
  async closed(): Promise<Buffer> {
    while (!this.isClosed) await new Promise<void>((resolve) => this.waiting.push(resolve));
    return Buffer.concat(this.pending.splice(0));
  }

  /** Says that nothing more will be sent. */
  endInput(): void {
    this.socket.end();
  }

  /** Reads nothing until {@link ByteClient.resume}. */
  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  close(): void {
    this.socket.destroy();
  }

  /** Cuts the connection without a goodbye. */
  cut(): void {
    this.socket.resetAndDestroy();
  }

  private wake(): void {
    const { waiting } = this;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }
}
