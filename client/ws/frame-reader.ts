/** What comes over a WebSocket, printed as it comes. It can be waited for. */

import type { RawData, WebSocket } from 'ws';
import { sanitizeLine } from '../core/sanitize';

/** How long the next frame may take until everything has come, as far as one can tell. */
const quietMs = 200;

export class FrameReader {
  private count = 0;
  /** Frames that were waited for, or that nobody waits for. */
  private known = 0;
  private isClosed = false;
  private changed: (() => void)[] = [];
  /** Said by the peer when it closed. */
  private closing = '';

  constructor(
    private readonly socket: WebSocket,
    private readonly print: (line: string) => void,
  ) {
    socket.on('message', (data, isBinary) => this.received(data, isBinary));
    // 'close' follows.
    socket.on('error', () => undefined);
    socket.on('close', (code, reason) => {
      this.isClosed = true;
      this.closing = sanitizeLine(`${code} ${reason.toString()}`.trim());
      this.tellNews();
    });
  }

  /** Why the connection is over; undefined while it is not. */
  get ending(): string | undefined {
    return this.isClosed ? this.closing : undefined;
  }

  /** Resolves when the connection is over. */
  async ended(): Promise<void> {
    while (!this.isClosed) await this.news();
  }

  /** What has come by now is no answer to what is asked next. */
  forget(): void {
    this.known = this.count;
  }

  /** Resolves once nothing more comes. False when nothing has come within `patienceMs`, nor since it was last waited for
   *  or forgotten. */
  async quiet(patienceMs: number): Promise<boolean> {
    let ms = this.count > this.known ? quietMs : patienceMs;
    for (let seen = -1; seen !== this.count && !this.isClosed; ms = quietMs) {
      seen = this.count;
      await Promise.race([this.news(), elapsed(ms)]);
    }
    const isNew = this.count > this.known;
    this.forget();
    return isNew;
  }

  /** Ends the connection in good order. */
  async close(patienceMs: number): Promise<void> {
    this.socket.close(1_000);
    await Promise.race([this.ended(), elapsed(patienceMs)]);
    this.socket.terminate();
  }

  private received(data: RawData, isBinary: boolean): void {
    this.count += 1;
    const bytes = data as Buffer;
    this.print(isBinary ? `(${bytes.length} bytes that are no text)` : sanitizeLine(bytes.toString()));
    this.tellNews();
  }

  private news(): Promise<void> {
    return new Promise((resolve) => this.changed.push(resolve));
  }

  private tellNews(): void {
    for (const resolve of this.changed.splice(0)) resolve();
  }
}

function elapsed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
