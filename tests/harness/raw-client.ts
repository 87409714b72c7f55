/** A bare TCP or TLS connection: sends exactly these bytes, waits for exactly those. */

import { once } from 'node:events';
import { connect as connectTls } from 'node:tls';
import { BareConnection, openSocket } from './bare-connection';

export class RawClient extends BareConnection {
  static async connect(port: number): Promise<RawClient> {
    return new RawClient(await openSocket(port));
  }

  /** By TLS, to whoever has one of these certificates. */
  static async connectTls(port: number, ca: string): Promise<RawClient> {
    const socket = connectTls({ port, host: '127.0.0.1', ca });
    await once(socket, 'secureConnect');
    return new RawClient(socket);
  }

  /** Everything up to and with `marker`. Rejects, with what came, if the connection ends before. */
  async until(marker: string): Promise<string> {
    let searched = 0;
    for (;;) {
      const at = this.pending.indexOf(marker, searched);
      if (at !== -1) return this.take(at + Buffer.byteLength(marker)).toString();
      searched = Math.max(0, this.pending.length - Buffer.byteLength(marker));
      await this.more(JSON.stringify(marker));
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
    return (await this.rest()).toString();
  }

  /** Resolves once at least so many bytes have come that were not taken. */
  async received(byteCount: number): Promise<void> {
    while (this.pending.length < byteCount) await this.more(`${byteCount} bytes`);
  }

  /** Whatever has come by now. */
  takeAll(): string {
    return this.take(this.pending.length).toString();
  }
}
