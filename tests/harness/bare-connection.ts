/** A bare connection: what comes on it stays until somebody takes it. */

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Resolves once somebody on this machine has accepted a connection to `port`. */
export async function openSocket(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

/** Sends exactly what it is given. What comes is for a client of one kind of wire to read. */
export abstract class BareConnection {
  /** What came and was not taken yet is what stands between `start` and `end`. What was taken is never overwritten. */
  private buffer = Buffer.alloc(65_536);
  private start = 0;
  private end = 0;
  private isClosed = false;
  private waiting: (() => void)[] = [];
  /** What broke the connection, if it did not end in good order. */
  failure: Error | undefined;

  protected constructor(readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      this.append(chunk);
      this.wake();
    });
    socket.on('error', (error) => {
      this.failure = error;
    });
    socket.on('close', () => {
      this.isClosed = true;
      this.wake();
    });
  }

  send(bytes: string | Uint8Array): void {
    this.socket.write(bytes);
  }

  /** Resolves once the operating system has these bytes, as one packet if they are few. */
  async sendNow(bytes: string | Uint8Array): Promise<void> {
    await new Promise<void>((resolve) => this.socket.write(bytes, () => resolve()));
  }

  /** Says that nothing more will be sent, as `nc -N` does at the end of its input. */
  endInput(): void {
    this.socket.end();
  }

  /** Reads nothing until {@link BareConnection.resume}. */
  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  close(): void {
    this.socket.destroy();
  }

  /** What came and was not taken. */
  protected get pending(): Buffer {
    return this.buffer.subarray(this.start, this.end);
  }

  /** Takes the first `byteCount` bytes of what is pending, which holds as many. */
  protected take(byteCount: number): Buffer {
    const taken = this.buffer.subarray(this.start, this.start + byteCount);
    this.start += byteCount;
    return taken;
  }

  /** Takes whatever was left once the server has closed the connection. */
  protected async rest(): Promise<Buffer> {
    while (!this.isClosed) await this.change();
    return this.take(this.pending.length);
  }

  /** Resolves when it is time to look again for `wanted`. Rejects, with what came, if the connection ended before. */
  protected async more(wanted: string): Promise<void> {
    if (this.isClosed) throw new Error(`closed before ${wanted}: ${this.pending.toString()}`);
    await this.change();
  }

  private change(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private wake(): void {
    const { waiting } = this;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }

  /** Doubling keeps a burst of many megabytes from being copied with every packet. */
  private append(chunk: Buffer): void {
    if (this.end + chunk.length > this.buffer.length) {
      const { pending } = this;
      const grown = Buffer.alloc(Math.max(this.buffer.length, 2 * (pending.length + chunk.length)));
      pending.copy(grown);
      this.buffer = grown;
      this.end = pending.length;
      this.start = 0;
    }
    chunk.copy(this.buffer, this.end);
    this.end += chunk.length;
  }
}
