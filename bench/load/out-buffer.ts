/** The bytes that one connection writes in one turn of the event loop. */

import type { Socket } from 'node:net';
import type { Out } from './wire';

const initialBytes = 256;

export class OutBuffer implements Out {
  private bytes = Buffer.allocUnsafeSlow(initialBytes);
  private used = 0;

  get isEmpty(): boolean {
    return this.used === 0;
  }

  byte(value: number): void {
    if (this.used === this.bytes.length) this.grow(1);
    this.bytes[this.used++] = value;
  }

  raw(bytes: Uint8Array): void {
    if (this.used + bytes.length > this.bytes.length) this.grow(bytes.length);
    this.bytes.set(bytes, this.used);
    this.used += bytes.length;
  }

  latin1(text: string): void {
    if (this.used + text.length > this.bytes.length) this.grow(text.length);
    this.used += this.bytes.write(text, this.used, 'latin1');
  }

  /** Writes everything at once. The memory serves again if the operating system has taken it all. */
  flushTo(socket: Socket): void {
    if (this.used === 0) return;
    socket.write(this.bytes.subarray(0, this.used));
    if (socket.writableLength > 0) this.bytes = Buffer.allocUnsafeSlow(this.bytes.length);
    this.used = 0;
  }

  private grow(byBytes: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(2 * this.bytes.length, this.used + byBytes));
    this.bytes.copy(grown, 0, 0, this.used);
    this.bytes = grown;
  }
}
