/** What the bare servers of this benchmark speak: the least that could be called a protocol. The first line of a
 *  connection is a name, answered by an empty line. Then `name SP body LF` sends, and what comes is `body LF`. */

import { LF } from '../../shared/bytes';
import type { Out, Sink, User, Wire, WireConnection } from '../load/wire';

export const lines: Wire = {
  name: 'lines',
  acknowledges: false,
  enrols: false,
  address: (recipient) => Buffer.from(`${recipient} `, 'latin1'),
  open: (user, _role, sink) => new LinesConnection(user, sink),
};

class LinesConnection implements WireConnection {
  private isOpen = false;

  constructor(
    private readonly user: User,
    private readonly sink: Sink,
  ) {}

  begin(out: Out): void {
    out.latin1(`${this.user.name}\n`);
  }

  read(bytes: Buffer, start: number, end: number): number {
    for (let at = start; ; ) {
      const lf = bytes.indexOf(LF, at);
      if (lf === -1 || lf >= end) return at;
      if (lf > at) this.sink.received(bytes, at, lf);
      else if (this.isOpen) this.sink.ponged();
      else {
        this.isOpen = true;
        this.sink.ready();
      }
      at = lf + 1;
    }
  }

  writeSend(out: Out, to: Uint8Array, body: Uint8Array): void {
    out.raw(to);
    out.raw(body);
    out.byte(LF);
  }

  /** There is nothing to acknowledge: nothing is kept. */
  writeAcks(): void {}

  writePing(out: Out): void {
    out.byte(LF);
  }
}
