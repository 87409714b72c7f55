/** A WebSocket with a bounded outbox. Whatever is written in one turn of the event loop leaves in one write; the outbox
 *  is what was written and not yet taken by the operating system. */

import type { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import { bounds } from '../../../shared/limits';
import { Outflow } from '../outflow';
import { closeCode, wireBounds } from './limits';
import { boundStranger } from './stranger-bound';

/** What this wire makes of one WebSocket. */
export interface FrameConversation {
  frame(text: string): void;
  /** A frame came that is no text. */
  binary(): void;
  /** The outbox has room again, or what held the conversation up has gone. */
  resume(): void;
  /** Nothing more is read: the conversation closes once it has answered what was asked. */
  finish(): void;
  /** The connection was told goodbye, or broke the protocol: nothing more is carried out. */
  closed(): void;
  /** The peer is gone. What it has asked is still carried out, and `done` is called after that. */
  left(done: () => void): void;
  /** Called just before frames leave; what it returns is called once the operating system has taken them. */
  beforeFlush(): (() => void) | undefined;
  announceClosing(seconds: number): void;
  announceIdle(): void;
  /** Whether somebody is registered: then silence is no reason to close. */
  readonly isRegistered: boolean;
  /** Whether somebody has been registered here: until then only short frames are taken. */
  readonly isKnown: boolean;
}

export class WebSocketConnection {
  private conversation: FrameConversation | undefined;
  private unsent: Buffer[] = [];
  private unsentBytes = 0;
  private readonly outflow = new Outflow();
  private ending = false;
  private gone = false;
  /** How long nothing at all has come, and how long no frame has, as the sweeps have counted. */
  private silentMs = 0;
  private idleMs = 0;
  private isAsked = false;

  /** `socket` is what the WebSocket stands on; `onClosed` is called when it is gone and nothing is left to be done. */
  constructor(
    private readonly webSocket: WebSocket,
    private readonly socket: Duplex,
    private readonly onClosed: () => void,
  ) {
    webSocket.on('message', (data, isBinary) => this.received(data, isBinary));
    webSocket.on('pong', () => this.heard());
    webSocket.on('ping', () => this.heard());
    webSocket.on('error', () => this.broken());
    webSocket.on('close', () => this.wasClosed());
    boundStranger(webSocket, socket, {
      isKnown: () => this.conversation?.isKnown === true,
      exceeded: () => this.endTooLong(),
    });
  }

  /** Frames go to this conversation. */
  converse(conversation: FrameConversation): void {
    this.conversation = conversation;
  }

  get current(): FrameConversation | undefined {
    return this.conversation;
  }

  get isGone(): boolean {
    return this.gone;
  }

  /** Nothing more is read or written for the peer but what is in the outbox. */
  get isEnding(): boolean {
    return this.ending;
  }

  /** Whether the outbox is within its bound, or nothing is kept in it any more. The conversation's `resume` is called
   *  whenever it has shrunk to that. */
  get hasRoom(): boolean {
    return this.gone || this.outboxBytes < bounds.outboxBytesMax;
  }

  /** Bytes written that the operating system has not taken. */
  get outboxBytes(): number {
    return this.outflow.underWayBytes + this.unsentBytes;
  }

  /** One text frame, which leaves at the end of this turn. */
  write(text: string): void {
    if (this.ending) return;
    const frame = Buffer.from(text);
    if (this.unsent.length === 0) setImmediate(() => this.flush());
    this.unsent.push(frame);
    this.unsentBytes += frame.length;
  }

  stopReading(): void {
    if (!this.ending) this.webSocket.pause();
  }

  readOn(): void {
    if (!this.ending) this.webSocket.resume();
  }

  /** Resolves once the operating system has taken everything written so far; false when the connection went first. */
  flushed(): Promise<boolean> {
    if (this.gone) return Promise.resolve(false);
    return this.outflow.flushed(this.unsentBytes);
  }

  /** Hands what was written to the operating system now, not at the end of the turn. */
  flush(): void {
    const { unsent, unsentBytes } = this;
    const last = unsent.pop();
    if (last === undefined || this.gone) return;
    this.unsent = [];
    this.unsentBytes = 0;
    this.outflow.handed(unsentBytes);
    const whenTaken = this.conversation?.beforeFlush();
    this.socket.cork();
    for (const frame of unsent) this.webSocket.send(frame, asText);
    this.webSocket.send(last, asText, (error) => {
      if (error) return;
      this.outflow.taken(unsentBytes);
      whenTaken?.();
      if (!this.gone && this.hasRoom) this.conversation?.resume();
    });
    this.socket.uncork();
  }

  /** Sends what is in the outbox, then a close frame with this code and reason. */
  end(code: number, reason: string): void {
    if (this.ending) return;
    this.flush();
    this.ending = true;
    this.silentMs = 0;
    this.conversation?.closed();
    this.webSocket.close(code, reason);
    // The peer's own close frame is still to be read.
    this.webSocket.resume();
  }

  /** Closes with 1009, as the library does where its own bound is exceeded. */
  endTooLong(): void {
    if (this.ending) return;
    // What still comes is thrown away: the library would keep it until it is a message.
    this.socket.removeAllListeners('data');
    this.end(closeCode.messageTooBig, '');
    this.socket.end();
  }

  /** Closes at once, whatever is in the outbox. */
  destroy(): void {
    this.webSocket.terminate();
  }

  /** Called every `elapsedMs` for every connection: looks at its timeouts. */
  sweep(elapsedMs: number): void {
    this.idleMs += elapsedMs;
    // A peer that is not read from, or to whom nothing gets through, cannot answer.
    const couldAnswer = this.ending || (!this.webSocket.isPaused && this.outboxBytes === 0);
    this.silentMs = couldAnswer ? this.silentMs + elapsedMs : 0;
    if (this.ending) {
      if (this.silentMs >= bounds.lingerMs) this.destroy();
    } else if (this.idleMs >= bounds.idleTimeoutMs && this.conversation?.isRegistered === false) {
      this.conversation.announceIdle();
      this.end(closeCode.normal, 'idle');
    } else if (this.silentMs >= wireBounds.goneMs) {
      this.destroy();
    } else if (this.silentMs >= wireBounds.pingMs && !this.isAsked) {
      this.isAsked = true;
      this.webSocket.ping();
    }
  }

  private received(data: RawData, isBinary: boolean): void {
    if (this.ending) return;
    this.heard();
    this.idleMs = 0;
    if (isBinary) this.conversation?.binary();
    else this.conversation?.frame(data.toString());
  }

  /** A frame broke the protocol. The library tells the peer with a close frame; reading that is stopped from here on would
   *  not be taken up again, and 'close' would wait for the library's own patience. */
  private broken(): void {
    if (this.ending) return;
    this.ending = true;
    this.silentMs = 0;
    this.conversation?.closed();
  }

  private heard(): void {
    this.silentMs = 0;
    this.isAsked = false;
  }

  private wasClosed(): void {
    const wasEnding = this.ending;
    this.gone = true;
    this.ending = true;
    this.outflow.lost();
    if (wasEnding || this.conversation === undefined) this.onClosed();
    else this.conversation.left(this.onClosed);
  }
}

const asText = { binary: false } as const;
