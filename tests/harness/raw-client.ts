/** A bare TCP or TLS connection: sends exactly these bytes, waits for exactly those. */

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

export class RawClient {
  /** What came and was not taken yet is what stands between `start` and `end`. */
  private bytes = Buffer.alloc(65_536);
  private start = 0;
  private end = 0;
  private isClosed = false;
  private waiting: (() => void)[] = [];
  /** What broke the connection, if it did not end in good order. */
  failure: Error | undefined;

  private constructor(readonly socket: Socket) {
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

  static async connect(port: number): Promise<RawClient> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  /** By TLS, to whoever has one of these certificates. */
  static async connectTls(port: number, ca: string): Promise<RawClient> {
    const socket = connectTls({ port, host: '127.0.0.1', ca });
    await once(socket, 'secureConnect');
    return new RawClient(socket);
  }

  send(bytes: string | Uint8Array): void {
    this.socket.write(bytes);
  }

  /** Resolves once the operating system has these bytes, as one packet if they are few. */
  async sendNow(bytes: string | Uint8Array): Promise<void> {
    await new Promise<void>((resolve) => this.socket.write(bytes, () => resolve()));
  }

  /** Everything up to and with `marker`. Rejects, with what came, if the connection ends before. */
  async until(marker: string): Promise<string> {
    let searched = 0;
    for (;;) {
      const at = this.pending.indexOf(marker, searched);
      if (at !== -1) return this.take(at + Buffer.byteLength(marker));
      if (this.isClosed) throw new Error(`closed before ${JSON.stringify(marker)}: ${this.pending.toString()}`);
      searched = Math.max(0, this.pending.length - marker.length);
      await this.more();
    }
  }

  /** The next line, without its end. */
  async line(): Promise<string> {
    return (await this.until('\r\n')).slice(0, -2);
  }

  /** The next `count` lines, without their ends. */
  async lines(count: number): Promise<string[]> {
    const lines: string[] = [];
    while (lines.length < count) lines.push(await this.line());
    return lines;
  }

  /** A block: its status line, and its items. */
  async block(): Promise<string[]> {
    const lines: string[] = [];
    for (let line = await this.line(); line !== ''; line = await this.line()) lines.push(line);
    return lines;
  }

  /** Sends a request and gives its one-line reply. */
  ask(request: string): Promise<string> {
    this.send(`${request}\n`);
    return this.line();
  }

  /** Sends a request and gives the lines of its block. */
  askBlock(request: string): Promise<string[]> {
    this.send(`${request}\n`);
    return this.block();
  }

  /** Resolves with whatever was left once the server has closed the connection. */
  async closed(): Promise<string> {
    while (!this.isClosed) await this.more();
    return this.takeAll();
  }

  /** Resolves once at least so many bytes have come that were not taken. */
  async received(byteCount: number): Promise<void> {
    while (this.end - this.start < byteCount) {
      if (this.isClosed) throw new Error(`closed after ${this.end - this.start} of ${byteCount} bytes`);
      await this.more();
    }
  }

  /** Whatever has come by now. */
  takeAll(): string {
    return this.take(this.end - this.start);
  }

  /** Says that nothing more will be sent, as `nc -N` does at the end of its input. */
  endInput(): void {
    this.socket.end();
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  close(): void {
    this.socket.destroy();
  }

  private get pending(): Buffer {
    return this.bytes.subarray(this.start, this.end);
  }

  private more(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private wake(): void {
    const { waiting } = this;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }

  /** Doubling keeps a burst of many megabytes from being copied with every packet. */
  private append(chunk: Buffer): void {
    if (this.end + chunk.length > this.bytes.length) {
      const { pending } = this;
      const grown = Buffer.alloc(Math.max(this.bytes.length, 2 * (pending.length + chunk.length)));
      pending.copy(grown);
      this.bytes = grown;
      this.end = pending.length;
      this.start = 0;
    }
    chunk.copy(this.bytes, this.end);
    this.end += chunk.length;
  }

  private take(length: number): string {
    const taken = this.bytes.toString('utf8', this.start, this.start + length);
    this.start += length;
    return taken;
  }
}
