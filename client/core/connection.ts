/** One connection from its opening to its end: requests go out, replies come back in order, events come between. */

import { ByteWriter } from '../../shared/bytes';
import type { CommandSpec } from '../../shared/cmap';
import { type Incoming, ReplyDecoder, type WireMessage } from '../../shared/reply';
import type { IncomingMessage } from './api';
import type { RequestFrame } from './request-frame';
import type { Connect, Transport } from './transport';

/** A reply that is complete. */
export interface Reply {
  readonly status: number;
  readonly text: string;
  /** The lines of a block, unless they are messages. */
  readonly items: readonly string[];
}

/** Somebody who waits for a reply. Exactly one of `answered` and `lost` is called, once. */
export interface Waiter {
  /** The first line of a reply that is a block has come. */
  begun?(status: number, text: string): void;
  /** A message of the block. */
  message?(message: IncomingMessage): void;
  /** The reply is complete, be it a success or a failure. */
  answered(reply: Reply): void;
  /** The connection went before. */
  lost(): void;
}

export interface ConnectionEvents {
  opened(): void;
  /** A message outside any reply. */
  message(message: IncomingMessage): void;
  notice(status: number, text: string): void;
  /** Some bytes came. */
  heard(): void;
  /** The end, whoever wanted it; every waiter was told before. */
  closed(reason: string): void;
}

export class Connection {
  private readonly transport: Transport;
  private readonly decoder = new ReplyDecoder();
  private readonly out = new ByteWriter();
  /** Requests without a reply yet, in the order in which they were written. */
  private readonly asked: { readonly spec: CommandSpec; readonly waiter: Waiter }[] = [];
  private block: { status: number; text: string; items: string[] } | undefined;
  private isFlushing = false;
  private isClosed = false;

  constructor(
    connect: Connect,
    private readonly events: ConnectionEvents,
  ) {
    this.transport = connect({
      opened: () => this.isClosed || this.events.opened(),
      data: (bytes) => this.read(bytes),
      closed: (reason) => this.end(reason),
    });
  }

  /** Requests that were written and have no reply yet. */
  get outstanding(): number {
    return this.asked.length;
  }

  /** Writes a request that has a reply. */
  request(frame: RequestFrame, waiter: Waiter): void {
    if (this.isClosed) {
      waiter.lost();
      return;
    }
    this.decoder.expect(frame.spec);
    this.asked.push({ spec: frame.spec, waiter });
    this.write(frame.bytes);
  }

  /** Writes a request that has none. */
  tell(frame: RequestFrame): void {
    if (!this.isClosed) this.write(frame.bytes);
  }

  /** Stops reading, until {@link Connection.resume}. */
  pause(): void {
    if (!this.isClosed) this.transport.pause();
  }

  resume(): void {
    if (!this.isClosed) this.transport.resume();
  }

  /** Ends the connection; twice is once. */
  close(reason: string): void {
    if (this.isClosed) return;
    this.flush();
    this.transport.close();
    this.end(reason);
  }

  /** What is asked in one turn leaves in one write. */
  private write(bytes: Uint8Array): void {
    this.out.raw(bytes);
    if (this.isFlushing) return;
    this.isFlushing = true;
    queueMicrotask(() => this.flush());
  }

  private flush(): void {
    this.isFlushing = false;
    if (!this.isClosed && this.out.length > 0) this.transport.write(this.out.take());
  }

  private read(bytes: Uint8Array): void {
    if (this.isClosed) return;
    this.events.heard();
    try {
      this.decoder.push(bytes);
      // A listener may close the connection in the middle of what came.
      while (!this.isClosed) {
        const incoming = this.decoder.next();
        if (incoming === undefined) break;
        this.take(incoming);
      }
    } catch (error) {
      this.close(error instanceof Error ? error.message : String(error));
    }
  }

  private take(incoming: Incoming): void {
    switch (incoming.kind) {
      case 'status':
        this.takeStatus(incoming.status, incoming.text);
        break;
      case 'item':
        this.block?.items.push(incoming.text);
        break;
      case 'end':
        if (this.block !== undefined) this.answer(this.block);
        break;
      case 'message': {
        const message = toMessage(incoming.message, incoming.to);
        if (incoming.event) this.events.message(message);
        else this.asked[0]?.waiter.message?.(message);
        break;
      }
      case 'notice':
        this.events.notice(incoming.status, incoming.text);
        break;
    }
  }

  private takeStatus(status: number, text: string): void {
    const first = this.asked[0];
    if (first?.spec.reply !== 'block') {
      this.answer({ status, text, items: [] });
      return;
    }
    this.block = { status, text, items: [] };
    first.waiter.begun?.(status, text);
  }

  private answer(reply: Reply): void {
    this.block = undefined;
    this.asked.shift()?.waiter.answered(reply);
  }

  private end(reason: string): void {
    if (this.isClosed) return;
    this.isClosed = true;
    for (const { waiter } of this.asked.splice(0)) waiter.lost();
    this.events.closed(reason);
  }
}

/** Lenient, since a message that cannot be read must not keep those after it from coming. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

function toMessage({ seq, at, from, body }: WireMessage, to: string): IncomingMessage {
  return { to, seq, at: new Date(at), from, body: decoder.decode(body) };
}
