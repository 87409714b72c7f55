/** NATS with JetStream: a stream on disk for each recipient and one durable consumer that is pushed to.
 *
 *  A message is published with an inbox to reply to; the reply with the number in the stream says that it is stored. A
 *  recipient acknowledges everything up to the last message at once (`ack_policy` all), as with a cursor. Streams keep
 *  what was acknowledged (retention by limits, the default): nothing is paid for deleting. One stream for all recipients with
 *  a filter for each would take offline messages twice as fast, deliver live ones half as fast, and drain at a fifth.
 *  @see https://docs.nats.io/reference/reference-protocols/nats-protocol
 *  @see https://docs.nats.io/reference/reference-protocols/nats_api_reference */

import type { Out, Role, Sink, User, Wire, WireConnection } from '../load/wire';

const lf = 0x0a;
const space = 0x20;
const zero = 0x30;
const letterI = 0x49;
const letterM = 0x4d;
const letterO = 0x4f;
const letterP = 0x50;
const plus = 0x2b;
const crlf = Buffer.from('\r\n');
const pub = Buffer.from('PUB ');
const emptyPayload = Buffer.from(' 0\r\n\r\n');
const ping = 'PING\r\n';
const pong = 'PONG\r\n';
/** A reply that refuses begins with its error: `{"error":` or, from the API, `{"type":"...","error":`. */
const errorKey = '"error":';
const subjectBytesMax = 512;

export const nats: Wire = {
  name: 'nats',
  acknowledges: true,
  enrols: true,
  address: (recipient) => Buffer.from(`PUB to.${recipient}`),
  open: (user, role, sink) => new NatsConnection(user, role, sink),
};

class NatsConnection implements WireConnection {
  private isConnected = false;
  /** Replies that `enrol` waits for: the stream's and the consumer's. */
  private repliesAwaited = 0;
  /** Of the bytes that are being read, to be told at once. */
  private accepted = 0;
  /** Where to acknowledge the last message that came, copied since its bytes do not stay. */
  private readonly ackSubject = Buffer.alloc(subjectBytesMax);
  private ackSubjectBytes = 0;
  /** What stands between the subject and a body of `bodyBytes`. */
  private replyAndLength = Buffer.alloc(0);
  private bodyBytes = -1;

  constructor(
    private readonly user: User,
    private readonly role: Role,
    private readonly sink: Sink,
  ) {}

  /** The server speaks first, with INFO, but does not wait to be listened to. */
  begin(out: Out): void {
    const { name, password } = this.user;
    const options = {
      verbose: false,
      pedantic: false,
      user: name,
      pass: password,
      protocol: 1,
      lang: 'bench',
      version: '1',
    };
    out.latin1(`CONNECT ${JSON.stringify(options)}\r\n`);
    switch (this.role) {
      case 'send':
        out.latin1(`SUB ${this.inbox} 1\r\n`);
        break;
      case 'enrol':
        out.latin1(`SUB ${this.inbox} 1\r\n`);
        this.writeEnrolment(out);
        break;
      default:
        out.latin1(`SUB in.${name} 1\r\n`);
    }
    out.latin1(ping);
  }

  read(bytes: Buffer, start: number, end: number, out: Out): number {
    let at = start;
    while (at < end) {
      const next = this.operation(bytes, at, end, out);
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
      this.replyAndLength = Buffer.from(` ${this.inbox} ${body.length}\r\n`);
    }
    out.raw(to);
    out.raw(this.replyAndLength);
    out.raw(body);
    out.raw(crlf);
  }

  writeAcks(out: Out): void {
    out.raw(pub);
    out.raw(this.ackSubject.subarray(0, this.ackSubjectBytes));
    out.raw(emptyPayload);
  }

  writePing(out: Out): void {
    out.latin1(ping);
  }

  private get inbox(): string {
    return `_INBOX.${this.user.name}`;
  }

  /** Creating what exists with the same configuration is answered as if it were new. */
  private writeEnrolment(out: Out): void {
    const { name } = this.user;
    const stream = {
      name,
      subjects: [`to.${name}`],
      storage: 'file',
      retention: 'limits',
      discard: 'new',
      num_replicas: 1,
    };
    const config = {
      durable_name: 'client',
      deliver_subject: `in.${name}`,
      deliver_policy: 'all',
      ack_policy: 'all',
      max_ack_pending: -1,
      replay_policy: 'instant',
    };
    this.repliesAwaited = 2;
    this.writeRequest(out, `$JS.API.STREAM.CREATE.${name}`, JSON.stringify(stream));
    const create = JSON.stringify({ stream_name: name, config });
    this.writeRequest(out, `$JS.API.CONSUMER.DURABLE.CREATE.${name}.client`, create);
  }

  private writeRequest(out: Out, subject: string, payload: string): void {
    out.latin1(`PUB ${subject} ${this.inbox} ${payload.length}\r\n${payload}\r\n`);
  }

  /** Where the operation after the one at `at` begins, or -1 when the latter has not come whole. */
  private operation(bytes: Buffer, at: number, end: number, out: Out): number {
    const lineEnd = bytes.indexOf(lf, at);
    if (lineEnd < 0 || lineEnd >= end) return -1;
    const next = lineEnd + 1;
    switch (bytes[at]) {
      case letterM:
        return this.message(bytes, lineEnd - 1, end);
      case plus:
      case letterI:
        return next;
      case letterP:
        if (bytes[at + 1] === letterO) this.ponged();
        else out.latin1(pong);
        return next;
      default:
        this.sink.failed(`nats: ${bytes.toString('latin1', at, lineEnd - 1)}`);
        return next;
    }
  }

  private ponged(): void {
    if (this.isConnected) {
      this.sink.ponged();
      return;
    }
    this.isConnected = true;
    if (this.repliesAwaited === 0) this.sink.ready();
  }

  /** `MSG subject sid [reply] length`, of which `lineEnd` is the end. */
  private message(bytes: Buffer, lineEnd: number, end: number): number {
    let digit = lineEnd - 1;
    let length = 0;
    for (let unit = 1; bytes[digit] !== space; digit -= 1, unit *= 10)
      length += unit * ((bytes[digit] as number) - zero);
    const start = lineEnd + 2;
    const next = start + length + 2;
    if (next > end) return -1;
    if (this.role === 'receive' || this.role === 'idle') {
      const wordStart = bytes.lastIndexOf(space, digit - 1) + 1;
      this.ackSubjectBytes = bytes.copy(this.ackSubject, 0, wordStart, digit);
      this.sink.received(bytes, start, start + length);
    } else this.reply(bytes, start, start + length);
    return next;
  }

  /** `{"stream":"r17", "seq":1}` for a message that was stored. */
  private reply(bytes: Buffer, start: number, end: number): void {
    const isStored = this.role === 'send' && bytes[start + 2] === 0x73;
    if (isStored) {
      this.accepted += 1;
      return;
    }
    const text = bytes.toString('latin1', start, end);
    if (text.includes(errorKey) || this.role === 'send') {
      this.sink.failed(`nats: ${text}`);
      return;
    }
    this.repliesAwaited -= 1;
    if (this.repliesAwaited === 0 && this.isConnected) this.sink.ready();
  }
}
