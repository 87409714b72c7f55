/** What the bare server with a store speaks: {@link lines}, with one byte for each message that is on disk, and
 *  acknowledgements by cursor. A connection begins with `S name` or `R name`; `+` says that a message was stored; what
 *  comes is `seq SP body LF`, and `seq LF` acknowledges up to it. */

import { LF, SP } from '../../shared/bytes';
import type { Out, Role, Sink, User, Wire, WireConnection } from '../load/wire';

const plus = 0x2b;
const zero = 0x30;

export const storedLines: Wire = {
  name: 'stored-lines',
  acknowledges: true,
  enrols: false,
  address: (recipient) => Buffer.from(`${recipient} `, 'latin1'),
  open: (user, role, sink) => new StoredLinesConnection(user, role, sink),
};

class StoredLinesConnection implements WireConnection {
  private isOpen = false;
  private seq = 0;

  constructor(
    private readonly user: User,
    private readonly role: Role,
    private readonly sink: Sink,
  ) {}

  begin(out: Out): void {
    out.latin1(`${this.role === 'send' ? 'S' : 'R'} ${this.user.name}\n`);
  }

  read(bytes: Buffer, start: number, end: number): number {
    let acked = 0;
    let at = start;
    while (at < end) {
      if (bytes[at] === plus) {
        acked += 1;
        at += 1;
        continue;
      }
      const lf = bytes.indexOf(LF, at);
      if (lf === -1 || lf >= end) break;
      if (lf > at) this.message(bytes, at, lf);
      else if (this.isOpen) this.sink.ponged();
      else {
        this.isOpen = true;
        this.sink.ready();
      }
      at = lf + 1;
    }
    if (acked > 0) this.sink.acked(acked);
    return at;
  }

  writeSend(out: Out, to: Uint8Array, body: Uint8Array): void {
    out.raw(to);
    out.raw(body);
    out.byte(LF);
  }

  writeAcks(out: Out): void {
    out.latin1(`${this.seq}\n`);
  }

  writePing(out: Out): void {
    out.byte(LF);
  }

  private message(bytes: Buffer, start: number, lf: number): void {
    let at = start;
    let seq = 0;
    for (; bytes[at] !== SP; at += 1) seq = seq * 10 + (bytes[at] as number) - zero;
    this.seq = seq;
    this.sink.received(bytes, at + 1, lf);
  }
}
