/** A TCP connection whose end is no error. */

import { createConnection, type Socket } from 'node:net';

export class LossySocket {
  readonly gone: Promise<void>;
  private readonly socket: Socket;

  /** `received` is given what comes, until {@link LossySocket.close}. */
  constructor(port: number, received: (chunk: Buffer) => void) {
    this.socket = createConnection({ host: '127.0.0.1', port, noDelay: true });
    this.socket.on('error', () => {});
    this.socket.on('data', (chunk) => {
      if (!this.socket.destroyed) received(chunk);
    });
    this.gone = new Promise((resolve) => this.socket.once('close', () => resolve()));
  }

  write(bytes: string | Uint8Array): void {
    if (!this.socket.destroyed) this.socket.write(bytes);
  }

  close(): void {
    this.socket.destroy();
  }
}
