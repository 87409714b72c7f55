/** Takes TLS off connections that were accepted without it. */

import type { Duplex } from 'node:stream';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { bounds } from '../../shared/limits';
import type { TlsMaterial } from './tls-material';

/** Speaks TLS 1.2 and 1.3, with the certificate that is in use when a handshake begins.
 *  @see docs/tls.md */
export class TlsTerminator {
  /** It never listens: it is given its connections. */
  private readonly server: Server;

  /** @param opened called with each connection whose handshake has succeeded; what it gives is in the clear */
  constructor(material: TlsMaterial, opened: (socket: TLSSocket) => void) {
    this.server = createServer({ ...material.current, minVersion: 'TLSv1.2', handshakeTimeout: bounds.handshakeMs });
    material.onReload(() => this.server.setSecureContext({ ...material.current, minVersion: 'TLSv1.2' }));
    this.server.on('secureConnection', opened);
    // Whoever comes with a bad handshake, or too slowly, goes: that is no news.
    this.server.on('tlsClientError', (_, socket) => socket.destroy());
  }

  /** Begins the handshake on a paused connection whose first bytes are a TLS hello. It is closed when that fails or
   *  takes longer than `bounds.handshakeMs`. */
  accept(socket: Duplex): void {
    this.server.emit('connection', socket);
  }
}
