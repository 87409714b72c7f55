/** A connection, TCP or TLS, with a bounded outbox: what every wire that is a stream of bytes writes through.
 *
 *  Whatever is written in one turn of the event loop leaves in one write. The outbox is what was written and not
 *  yet taken by the operating system. */

import type { Duplex } from 'node:stream';
import { ByteWriter } from '../../shared/bytes';
import { bounds } from '../../shared/limits';
import { Outflow } from './outflow';

/** One conversation on a connection: what a protocol makes of bytes. */
export interface Conversation {
  data(chunk: Uint8Array): void;
  /** The peer will send no more; answers may still go out. */
  inputEnded(): void;
  /** The outbox has room again, or what held the conversation up has gone. */
  resume(): void;
  /** Goodbye was said: whoever is logged in here is so no more. */
  leave(): void;
  /** The connection is gone. */
  closed(): void;
  /** Called just before bytes leave; what it returns is called once the operating system has taken them. */
  beforeFlush(): (() => void) | undefined;
  /** Tells the peer that the server closes, in `seconds`, as far as the wire can. */
  announceClosing(seconds: number): void;
  /** Whether somebody is logged in: then silence is no reason to close. */
  readonly isLoggedIn: boolean;
  /** Tells the peer that it was silent for too long; the connection is closed after it. */
  announceIdle(): void;
}

interface Home {
  delete(connection: Connection): unknown;
}

/** Where a socket keeps its connection. */
const connectionOf = Symbol('connection');
type OwnedSocket = Duplex & { readonly [connectionOf]: Connection };

/** Listens to an event that nothing follows from. */
export function ignore(): void {}

/** No write is refused: whoever writes looks at {@link Connection.hasRoom} first. {@link Connection.sweep} looks at the
 *  timeouts: `bounds.idleTimeoutMs` of silence without a login, `bounds.lingerMs` after goodbye. */
export class Connection {
  private writer: ByteWriter | undefined;
  private conversation: Conversation | undefined;
  private flushScheduled = false;
  private ending = false;
  private gone = false;
  private inputIsOver = false;
  private readonly outflow = new Outflow();
  /** How long nothing has come, as the sweeps have counted. */
  private silentMs = 0;
  private readonly socket: OwnedSocket;

  /** `home` forgets the connection once it is gone, or was released. */
  constructor(
    socket: Duplex,
    private readonly home: Home,
  ) {
    this.socket = Object.assign(socket, { [connectionOf]: this });
    for (const [event, listener] of Connection.listeners) socket.on(event, listener);
    // A peer that resets its connection is no fault of ours: 'close' follows.
    socket.on('error', ignore);
  }

  /** The same functions for all sockets, which call them as their own: an idle connection has no closure. */
  private static readonly listeners = [
    [
      'data',
      function (this: OwnedSocket, chunk: Uint8Array) {
        this[connectionOf].received(chunk);
      },
    ],
    [
      'end',
      function (this: OwnedSocket) {
        this[connectionOf].conversation?.inputEnded();
      },
    ],
    [
      'close',
      function (this: OwnedSocket) {
        this[connectionOf].wasClosed();
      },
    ],
  ] as const;

  /** Bytes go to this conversation from now on. */
  converse(conversation: Conversation): void {
    this.conversation = conversation;
  }

  get current(): Conversation | undefined {
    return this.conversation;
  }

  get isGone(): boolean {
    return this.gone;
  }

  /** Nothing more is read or written for the peer but what is in the outbox. */
  get isEnding(): boolean {
    return this.ending;
  }

  /** Whether the outbox is within its bound. The conversation's `resume` is called whenever it has shrunk to that. */
  get hasRoom(): boolean {
    return this.outboxBytes < bounds.outboxBytesMax;
  }

  /** Bytes written that the operating system has not taken. */
  get outboxBytes(): number {
    return this.outflow.underWayBytes + (this.writer?.length ?? 0);
  }

  /** Where to write what is to leave at the end of this turn. */
  get out(): ByteWriter {
    this.writer ??= new ByteWriter();
    this.scheduleFlush();
    return this.writer;
  }

  /** What comes after goodbye was said is still read, to be thrown away: see {@link Connection.end}. */
  stopReading(): void {
    if (!this.ending) this.socket.pause();
  }

  readOn(): void {
    if (!this.ending) this.socket.resume();
  }

  /** Resolves once the operating system has taken everything written so far; false when the connection went first. */
  flushed(): Promise<boolean> {
    if (this.gone) return Promise.resolve(false);
    return this.outflow.flushed(this.writer?.length ?? 0);
  }

  /** Sends what is in the outbox, then says goodbye. What the peer still sends is read and thrown away: closing on
   *  unread bytes would reset the connection and could take the last reply with it. */
  end(): void {
    if (this.ending) return;
    this.ending = true;
    this.silentMs = 0;
    this.flush();
    this.conversation?.leave();
    this.socket.end();
    this.socket.resume();
  }

  /** Reads nothing more, and says goodbye once everything that was asked before is answered. */
  finish(): void {
    if (this.ending) return;
    this.inputIsOver = true;
    this.conversation?.inputEnded();
  }

  /** Hands what was written to the operating system now, not at the end of the turn. */
  flush(): void {
    const { writer } = this;
    if (writer === undefined || this.gone) return;
    const whenTaken = this.conversation?.beforeFlush();
    const bytes = writer.take();
    this.writer = undefined;
    this.outflow.handed(bytes.length);
    this.socket.write(bytes, (error) => {
      if (error) return;
      this.outflow.taken(bytes.length);
      whenTaken?.();
      if (!this.gone && this.hasRoom) this.conversation?.resume();
    });
  }

  /** Lets go of the socket, paused, with `heard` in front of what it will give, for somebody else to read from the first
   *  byte. Nothing was written, and nobody converses here any more. */
  release(heard: Uint8Array): Duplex {
    const { socket } = this;
    for (const [event, listener] of Connection.listeners) socket.off(event, listener);
    socket.pause();
    socket.unshift(heard);
    this.gone = true;
    this.ending = true;
    this.conversation = undefined;
    this.home.delete(this);
    return socket;
  }

  /** Closes at once, whatever is in the outbox. */
  destroy(): void {
    this.socket.destroy();
  }

  /** Called every `elapsedMs` for every connection: looks at its timeouts. */
  sweep(elapsedMs: number): void {
    this.silentMs += elapsedMs;
    if (this.ending) {
      if (this.silentMs >= bounds.lingerMs) this.destroy();
    } else if (this.silentMs >= bounds.idleTimeoutMs && this.conversation?.isLoggedIn === false) {
      this.conversation.announceIdle();
      this.end();
    }
  }

  private received(chunk: Uint8Array): void {
    if (this.ending || this.inputIsOver) return;
    this.silentMs = 0;
    this.conversation?.data(chunk);
  }

  private scheduleFlush(): void {
    if (this.flushScheduled) return;
    this.flushScheduled = true;
    setImmediate(() => {
      this.flushScheduled = false;
      this.flush();
    });
  }

  private wasClosed(): void {
    this.gone = true;
    this.ending = true;
    this.outflow.lost();
    this.conversation?.closed();
    this.home.delete(this);
  }
}
