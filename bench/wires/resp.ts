/** Redis streams over RESP2: a mailbox is a stream, XADD appends to it and its reply says that the entry is stored.
 *
 *  A recipient reads with a blocking XREAD from its cursor on, stores the cursor under a key of its own (SET, as durable
 *  as the entries are) and asks again, both in one write. Streams keep what was acknowledged: nothing is paid for deleting.
 *  @see https://redis.io/docs/latest/develop/reference/protocol-spec/
 *  @see https://redis.io/docs/latest/commands/xread/ */

import type { Out, Role, Sink, User, Wire, WireConnection } from '../load/wire';

const lf = 0x0a;
const cr = 0x0d;
const zero = 0x30;
const minus = 0x2d;
const simple = 0x2b;
const bulk = 0x24;
const array = 0x2a;
const letterP = 0x50;
const crlf = Buffer.from('\r\n');

/** Entries of one reply: enough that asking again does not count, few enough for a buffer. */
const entriesMax = 1_000;
/** How long the server holds a question that it has no answer to: for ever. */
const block = bulkOf('0');

export const resp: Wire = {
  name: 'resp',
  acknowledges: true,
  enrols: false,
  address: (recipient) => Buffer.from(`*5\r\n$4\r\nXADD\r\n${bulkOf(mailboxOf(recipient))}$1\r\n*\r\n$1\r\nb\r\n`),
  open: (user, role, sink) => new RespConnection(user, role, sink),
};

/** What the next token is. Of an XREAD's reply: array(1) of array(2) of the key and array(n) of entries, each an array(2)
 *  of an id and array(2) of a field and its value. */
type Step = 'reply' | 'stream' | 'key' | 'entries' | 'entry' | 'id' | 'fields' | 'field' | 'value';

class RespConnection implements WireConnection {
  private step: Step = 'reply';
  private isLoggedIn = false;
  private entriesLeft = 0;
  /** Of the bytes that are being read, to be told at once. */
  private accepted = 0;
  /** The id of the last entry that came; at first the whole mailbox is after it. */
  private cursor = '0-0';
  private readonly idBytes = Buffer.alloc(64);
  private idLength = 0;
  /** Whether an XREAD was answered with entries and its cursor is to be stored. */
  private owesCursor = false;
  /** SETs that the server has not answered. */
  private storesAwaited = 0;
  private pingsAwaited = 0;
  private bodyBytes = -1;
  private bodyHead = Buffer.alloc(0);
  private readonly askHead: string;
  private readonly storeHead: string;

  constructor(
    private readonly user: User,
    private readonly role: Role,
    private readonly sink: Sink,
  ) {
    const limits = `$5\r\nCOUNT\r\n${bulkOf(String(entriesMax))}$5\r\nBLOCK\r\n${block}`;
    this.askHead = `*8\r\n$5\r\nXREAD\r\n${limits}$7\r\nSTREAMS\r\n${bulkOf(mailboxOf(user.name))}`;
    this.storeHead = `*3\r\n$3\r\nSET\r\n${bulkOf(cursorOf(user.name))}`;
  }

  begin(out: Out): void {
    out.latin1(`*3\r\n$4\r\nAUTH\r\n${bulkOf(this.user.name)}${bulkOf(this.user.password)}`);
    if (this.reads) out.latin1(`*2\r\n$3\r\nGET\r\n${bulkOf(cursorOf(this.user.name))}`);
  }

  read(bytes: Buffer, start: number, end: number, out: Out): number {
    let at = start;
    while (at < end) {
      const next = this.token(bytes, at, end, out);
      if (next < 0) break;
      at = next;
    }
    if (this.accepted > 0) {
      this.sink.acked(this.accepted);
      this.accepted = 0;
    }
    return at;
  }

  writeSend(out: Out, to: Uint8Array, body: Uint8Array): void {
    if (body.length !== this.bodyBytes) {
      this.bodyBytes = body.length;
      this.bodyHead = Buffer.from(`$${body.length}\r\n`);
    }
    out.raw(to);
    out.raw(this.bodyHead);
    out.raw(body);
    out.raw(crlf);
  }

  /** In the middle of a reply nothing can be asked: its end is acknowledged in the turn in which it comes. */
  writeAcks(out: Out): void {
    if (!this.owesCursor) return;
    this.owesCursor = false;
    this.cursor = this.idBytes.toString('latin1', 0, this.idLength);
    out.latin1(this.storeHead);
    out.latin1(bulkOf(this.cursor));
    this.storesAwaited += 1;
    this.ask(out);
  }

  /** A connection that is held by XREAD is not listened to, so a recipient is answered by the answer to its last SET. */
  writePing(out: Out): void {
    if (!this.reads) out.latin1('*1\r\n$4\r\nPING\r\n');
    else if (this.storesAwaited === 0) this.sink.ponged();
    else this.pingsAwaited += 1;
  }

  private get reads(): boolean {
    return this.role === 'receive' || this.role === 'idle';
  }

  private ask(out: Out): void {
    out.latin1(this.askHead);
    out.latin1(bulkOf(this.cursor));
  }

  /** Where the token after the one at `at` begins, or -1 when the latter has not come whole. */
  private token(bytes: Buffer, at: number, end: number, out: Out): number {
    const lineEnd = bytes.indexOf(lf, at);
    if (lineEnd < 0 || lineEnd >= end) return -1;
    const next = lineEnd + 1;
    switch (bytes[at]) {
      case bulk: {
        const length = lengthAt(bytes, at + 1);
        const bodyEnd = next + length;
        if (length >= 0 && bodyEnd + 2 > end) return -1;
        this.bulkCame(bytes, next, bodyEnd, length < 0, out);
        return length < 0 ? next : bodyEnd + 2;
      }
      case array:
        this.arrayCame(lengthAt(bytes, at + 1), out);
        return next;
      case simple:
        this.simpleCame(bytes[at + 1] === letterP);
        return next;
      default:
        this.sink.failed(`redis: ${bytes.toString('latin1', at, lineEnd - 1)}`);
        return next;
    }
  }

  private simpleCame(isPong: boolean): void {
    if (isPong) {
      this.sink.ponged();
      return;
    }
    if (this.isLoggedIn) {
      this.stored();
      return;
    }
    this.isLoggedIn = true;
    if (!this.reads) this.sink.ready();
  }

  private stored(): void {
    this.storesAwaited -= 1;
    if (this.storesAwaited > 0) return;
    for (; this.pingsAwaited > 0; this.pingsAwaited -= 1) this.sink.ponged();
  }

  private arrayCame(length: number, out: Out): void {
    switch (this.step) {
      case 'reply':
        if (length < 0) this.ask(out);
        else this.step = 'stream';
        return;
      case 'stream':
        this.step = 'key';
        return;
      case 'entries':
        this.entriesLeft = length;
        this.step = 'entry';
        return;
      case 'entry':
        this.step = 'id';
        return;
      case 'fields':
        this.step = 'field';
        return;
      default:
        this.sink.failed(`redis: an array where the ${this.step} must be`);
    }
  }

  private bulkCame(bytes: Buffer, start: number, end: number, isNull: boolean, out: Out): void {
    switch (this.step) {
      case 'value':
        this.entriesLeft -= 1;
        this.step = this.entriesLeft === 0 ? 'reply' : 'entry';
        this.owesCursor = this.entriesLeft === 0;
        this.sink.received(bytes, start, end);
        return;
      case 'id':
        this.idLength = bytes.copy(this.idBytes, 0, start, end);
        this.step = 'fields';
        return;
      case 'field':
        this.step = 'value';
        return;
      case 'key':
        this.step = 'entries';
        return;
      case 'reply':
        if (!this.reads) this.accepted += 1;
        else this.cursorCame(isNull ? '0-0' : bytes.toString('latin1', start, end), out);
        return;
      default:
        this.sink.failed(`redis: a string where the ${this.step} must be`);
    }
  }

  private cursorCame(cursor: string, out: Out): void {
    this.cursor = cursor;
    this.ask(out);
    this.sink.ready();
  }
}

function mailboxOf(name: string): string {
  return `mailbox:${name}`;
}

function cursorOf(name: string): string {
  return `cursor:${name}`;
}

/** @param text characters below 256 */
function bulkOf(text: string): string {
  return `$${text.length}\r\n${text}\r\n`;
}

/** The number that begins at `at` and ends before CR; -1 is that of nothing. */
function lengthAt(bytes: Buffer, at: number): number {
  if (bytes[at] === minus) return -1;
  let value = 0;
  for (let i = at; bytes[i] !== cr; i += 1) value = value * 10 + (bytes[i] as number) - zero;
  return value;
}
