/** What a login has written and the operating system has not taken, within a bound. It outlives a `ChatStream`: what a
 *  lost one did not get is written again to the next. */

import { bounds } from '../../../shared/limits';
import type { MessageStream } from './message-stream';
import type { ChatMessage } from './wire';

/** What a message takes in memory until it is taken, over and above its body. */
const overheadBytes = 512;

interface Entry {
  readonly message: ChatMessage;
  readonly bytes: number;
}

/** Something to be called once so many messages were taken. */
interface Waiter {
  readonly messages: number;
  readonly call: (taken: boolean) => void;
  /** It is called for what is taken after the outbox was closed, too. */
  readonly outlivesOutbox: boolean;
}

export class Outbox {
  private readonly entries: Entry[] = [];
  private bytes = 0;
  private takenMessages = 0;
  private waiters: Waiter[] = [];
  private current: MessageStream | undefined;
  private isClosed = false;

  /** `onRoom` is called when there is room again. */
  constructor(private readonly onRoom: () => void) {}

  /** Where messages go at the moment. Giving it another writes to that what the one before did not take. */
  get stream(): MessageStream | undefined {
    return this.current;
  }

  set stream(stream: MessageStream | undefined) {
    this.current = stream;
    for (const entry of this.entries) this.send(entry);
  }

  /** Without a stream there is none: messages stay in their log. */
  get hasRoom(): boolean {
    return this.current !== undefined && this.bytes < bounds.outboxBytesMax;
  }

  /** `bodyBytes` is the length of the message's body. */
  put(message: ChatMessage, bodyBytes: number): void {
    const entry = { message, bytes: bodyBytes + overheadBytes };
    this.entries.push(entry);
    this.bytes += entry.bytes;
    this.send(entry);
  }

  /** Resolves once everything put so far is taken; false when the outbox was cleared or closed before that. */
  emptied(): Promise<boolean> {
    if (this.isClosed) return Promise.resolve(false);
    return new Promise((resolve) => this.wait(resolve, false));
  }

  /** Calls back once everything put so far is taken, be it after the outbox was closed. */
  whenTaken(call: () => void): void {
    this.wait((taken) => taken && call(), true);
  }

  /** Forgets what was not taken: it is read from its log again. */
  clear(): void {
    this.takenMessages += this.entries.length;
    this.entries.length = 0;
    this.bytes = 0;
    this.wake(false);
  }

  /** Nobody waits any more. What was put still goes to the stream that it was put for. */
  close(): void {
    this.isClosed = true;
    this.current = undefined;
    const waiters = this.waiters;
    this.waiters = waiters.filter((waiter) => waiter.outlivesOutbox);
    for (const waiter of waiters) if (!waiter.outlivesOutbox) waiter.call(false);
  }

  private wait(call: (taken: boolean) => void, outlivesOutbox: boolean): void {
    if (this.entries.length === 0) call(true);
    else this.waiters.push({ messages: this.takenMessages + this.entries.length, call, outlivesOutbox });
  }

  private send(entry: Entry): void {
    const stream = this.current;
    stream?.write(entry.message, () => {
      // A stream that was given up counts no more: the next one has got the message too.
      if (this.entries[0] === entry && (this.current === stream || this.isClosed)) this.taken(entry);
    });
  }

  private taken(entry: Entry): void {
    const hadRoom = this.hasRoom;
    this.entries.shift();
    this.bytes -= entry.bytes;
    this.takenMessages += 1;
    this.wake(true);
    if (!hadRoom && this.hasRoom) this.onRoom();
  }

  private wake(taken: boolean): void {
    while (this.waiters[0] !== undefined && this.waiters[0].messages <= this.takenMessages) {
      this.waiters.shift()?.call(taken);
    }
  }
}
