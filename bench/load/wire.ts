/** A protocol as the load generator speaks it: bytes in, bytes out, nothing allocated for a message.
 *
 *  The generator owns the sockets. It gives a wire contiguous bytes to parse in place, and writes at the end of every
 *  turn of the event loop what the wire has put into `out`, in one write for each connection. */

/** Bytes that grow at the end and leave in one write at the end of the turn. */
export interface Out {
  byte(value: number): void;
  raw(bytes: Uint8Array): void;
  /** For handshakes: text whose characters are all below 256. */
  latin1(text: string): void;
}

/** Who a connection belongs to. All names are lower-case letters and digits, such as `r17`. */
export interface User {
  readonly name: string;
  readonly password: string;
}

/** What a connection is for. `enrol`: to become somebody whom messages are kept for while away (a persistent session, a
 *  durable consumer), after which it is closed; the wire may be asked for this again for the same user. `send`: to send
 *  only. `receive`: to be sent what was kept, then what comes, and to acknowledge it. `idle`: as `receive`, but nothing
 *  will come. */
export type Role = 'enrol' | 'send' | 'receive' | 'idle';

/** Where a connection reports to. Call as often as the bytes say; nothing is retained. */
export interface Sink {
  /** The handshake is over: messages may be sent, or will come. Call it once. */
  ready(): void;
  /** So many more messages of this connection were accepted by the server, in the order in which they were sent. Call it
   *  once for several when they are in one chunk, if that is cheaper. A wire with `acknowledges: false` never does. */
  acked(count: number): void;
  /** A message came; its body is `bytes[start, end)`, in place. The wire notes what it must acknowledge. */
  received(bytes: Uint8Array, start: number, end: number): void;
  /** The answer to {@link WireConnection.writePing}. */
  ponged(): void;
  /** Refusals and what must not come: the run fails with this sentence. */
  failed(reason: string): void;
}

/** One connection's side of a conversation. */
export interface WireConnection {
  /** Called once, as soon as the socket is connected: writes the beginning of the handshake. */
  begin(out: Out): void;
  /** Takes what it can of `bytes[start, end)` and gives the index of the first byte that it did not take: the rest, at
   *  most 64 KiB, stands before the next bytes at the next call. The bytes are overwritten after the call. It may write
   *  to `out` (the next step of a handshake, an answer), and reports to the sink. */
  read(bytes: Buffer, start: number, end: number, out: Out): number;
  /** Writes one message. `to` is the recipient's name as {@link Wire.address} gave it; `body` is printable ASCII and
   *  overwritten after the call. Only for the role `send`, and only after `ready`. */
  writeSend(out: Out, to: Uint8Array, body: Uint8Array): void;
  /** Called at the end of a turn in which `received` was called: acknowledges everything that has come up to now, as
   *  cheaply as the wire allows, or asks for more where the wire is asked. */
  writeAcks(out: Out): void;
  /** Asks for something that is answered only after everything written before was read. Connections of every role but
   *  `enrol`; for `receive` only when nothing more is to come. */
  writePing(out: Out): void;
}

/** A protocol. Stateless; {@link Wire.open} makes the state of one connection. */
export interface Wire {
  /** As in the table of wires. */
  readonly name: string;
  /** Whether the server tells the sender of a message that it was accepted. Without, a message leaves the window when it
   *  is delivered, which is said beside the figure. */
  readonly acknowledges: boolean;
  /** Whether recipients must have connected with the role `enrol` before messages are kept for them. */
  readonly enrols: boolean;
  /** What to give to `writeSend` for this recipient; called once, and may be all that comes before the body. */
  address(recipient: string): Uint8Array;
  open(user: User, role: Role, sink: Sink): WireConnection;
}
