/** cmap, version 2, with acknowledgements by cursor, without and with keys.
 *  @see docs/protocol.md */

import { systemChance } from '../../client/core/chance';
import { CR, LF, SP } from '../../shared/bytes';
import type { Out, Role, Sink, User, Wire, WireConnection } from '../load/wire';

const star = 0x2a;
const digitTwo = 0x32;
const zero = 0x30;

/** What comes next: the reply to `hello`, the first line of the login's block, the rest of it, then replies and events. */
type State = 'hello' | 'login' | 'burst' | 'open';

export const cmap = dialect('cmap', 'none');
/** Every send carries a key of its own. */
export const cmapWithKeys = dialect('cmap-keys', 'keys');
/** Senders are sent a receipt for each message that was acknowledged. Only for senders whose recipients are away. */
export const cmapWithReceipts = dialect('cmap-receipts', 'receipts');

/** What a sender asks for. */
type SenderCapability = 'none' | 'keys' | 'receipts';

function dialect(name: string, capability: SenderCapability): Wire {
  return {
    name,
    acknowledges: true,
    enrols: false,
    address: (recipient) => Buffer.from(`3 ${recipient} `, 'latin1'),
    open: (user, role, sink) => new CmapConnection(user, role, sink, capability),
  };
}

/** The keys of one connection, as the client library draws them. */
class Keys {
  private readonly prefix = systemChance.keyPrefix();
  private drawn = 0;

  next(): string {
    return `${this.prefix}-${(this.drawn++).toString(36)}`;
  }
}

class CmapConnection implements WireConnection {
  private state: State = 'hello';
  private readonly acknowledgement: Uint8Array;
  /** The seq of the newest message that has come. */
  private seq = 0;
  private readonly keys: Keys | undefined;

  constructor(
    private readonly user: User,
    private readonly role: Role,
    private readonly sink: Sink,
    private readonly capability: SenderCapability,
  ) {
    this.keys = capability === 'keys' ? new Keys() : undefined;
    this.acknowledgement = Buffer.from(`9 ${user.name} `, 'latin1');
  }

  begin(out: Out): void {
    const { name, password } = this.user;
    const asked = this.role !== 'send' ? ' ack' : this.capability === 'none' ? '' : ` ${this.capability}`;
    out.latin1(`7 2${asked}\n2 ${name} ${password}\n`);
  }

  read(bytes: Buffer, start: number, end: number): number {
    let at = start;
    let acked = 0;
    while (at < end) {
      const first = bytes[at];
      if (first === star) {
        const next = this.message(bytes, at, end);
        if (next === 0) break;
        at = next;
        continue;
      }
      const lf = bytes.indexOf(LF, at);
      if (lf === -1 || lf >= end) break;
      // A reply to a send is the one reply of an open connection whose status is followed by something.
      if (this.state === 'open' && first === digitTwo && bytes[at + 3] === SP) acked += 1;
      else this.line(bytes, at, lf);
      at = lf + 1;
    }
    if (acked > 0) this.sink.acked(acked);
    return at;
  }

  writeSend(out: Out, to: Uint8Array, body: Uint8Array): void {
    out.raw(to);
    if (this.keys !== undefined) out.latin1(`${this.keys.next()} `);
    out.raw(body);
    out.byte(LF);
  }

  writeAcks(out: Out): void {
    out.raw(this.acknowledgement);
    out.latin1(`${this.seq}\n`);
  }

  writePing(out: Out): void {
    out.latin1('18\n');
  }

  /** Reads `* seq time from to body`; gives where the next line begins, or 0 when there is no whole one. */
  private message(bytes: Buffer, at: number, end: number): number {
    let seq = 0;
    let i = at + 2;
    for (; i < end && bytes[i] !== SP; i += 1) seq = seq * 10 + (bytes[i] as number) - zero;
    for (let spaces = 0; i < end; i += 1) {
      if (bytes[i] === SP) spaces += 1;
      if (spaces === 4) break;
    }
    const cr = bytes.indexOf(CR, i);
    if (i >= end || cr === -1 || cr + 1 >= end) return 0;
    this.seq = seq;
    this.sink.received(bytes, i + 1, cr);
    return cr + 2;
  }

  /** Everything but messages and the replies to sends. */
  private line(bytes: Buffer, at: number, lf: number): void {
    const text = bytes.toString('latin1', at, lf).trimEnd();
    if (this.state === 'burst' && text === '') {
      this.state = 'open';
      this.sink.ready();
    } else if (this.state === 'open' && text === '200') {
      this.sink.ponged();
    } else if (this.state === 'hello' && text.startsWith('200 ')) {
      this.state = 'login';
    } else if (this.state === 'login' && text.startsWith('200 ')) {
      this.state = 'burst';
    } else {
      this.sink.failed(`${this.user.name}: ${text}`);
    }
  }
}
