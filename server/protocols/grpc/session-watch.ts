/** Closes a connection whose HTTP/2 session Node has given up. On some errors of a peer (a frame that is too long) Node
 *  sends a GOAWAY, and from then on neither reads nor writes nor closes the connection, and tells nobody.
 *
 *  Whatever is to be sent then stays in the session's queue. So a ping is sent when a peer that has said something falls
 *  silent: a busy one is not asked, and an idle one once after each answer to grpc-js's own keep-alive. */

import type { ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';

/** How long a ping may take to be written, and to be answered. */
export const pingTimeoutMs = 20_000;

export class SessionWatch {
  /** What had been read at the last sweep, and when the peer was last known to be well. */
  private readBytes = 0;
  private wellAtBytes = 0;
  /** How long a ping has waited to be written; `undefined` when none is under way. */
  private unwrittenMs: number | undefined;

  constructor(
    private readonly session: ServerHttp2Session,
    private readonly socket: Socket,
  ) {}

  /** Called every `elapsedMs`. */
  sweep(elapsedMs: number): void {
    if (this.session.destroyed) return;
    if (this.unwrittenMs === undefined) this.askOnceSilent();
    // By then what can be written is.
    else setImmediate(() => this.look(elapsedMs));
  }

  private askOnceSilent(): void {
    const { bytesRead } = this.socket;
    const isSilent = bytesRead === this.readBytes;
    this.readBytes = bytesRead;
    if (!isSilent || bytesRead === this.wellAtBytes) return;
    this.unwrittenMs = 0;
    this.session.ping(() => {
      this.unwrittenMs = undefined;
      this.readBytes = this.socket.bytesRead;
      this.wellAtBytes = this.readBytes;
    });
  }

  private look(elapsedMs: number): void {
    if (this.unwrittenMs === undefined || this.session.destroyed) return;
    this.unwrittenMs = this.session.state.outboundQueueSize === 0 ? 0 : this.unwrittenMs + elapsedMs;
    // A session that is well comes here too when its peer's system takes next to nothing for so long.
    if (this.unwrittenMs >= pingTimeoutMs) this.socket.destroy();
  }
}
