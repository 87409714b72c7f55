/** Sends that have no answer yet. They outlive the connection they were written to. */

import type { SendReceipt } from './api';
import type { Connection, Reply } from './connection';
import { RequestFailure, RequestLost } from './failures';
import { clientLimits } from './limits';
import { bodyBytes, RequestFramer } from './request-frame';

/** Where sends can be written to now. */
export interface SendRoute {
  readonly connection: Connection;
  /** Sends carry a key: to repeat one is safe. */
  readonly keys: boolean;
}

interface PendingSend {
  readonly to: string;
  readonly body: Uint8Array;
  readonly key: string;
  readonly resolve: (receipt: SendReceipt) => void;
  readonly reject: (error: Error) => void;
  /** It was written without a key: whether it has arrived cannot be known without its answer. */
  isFateUnknown: boolean;
}

export class Outbox {
  /** In the order in which they were asked for, and will be written again. */
  private readonly pending = new Set<PendingSend>();
  private readonly framer = new RequestFramer();
  private bodyBytesPending = 0;
  private keysDrawn = 0;

  /** `keyPrefix` begins the key of every send, and of no other client's. */
  constructor(private readonly keyPrefix: string) {}

  get size(): number {
    return this.pending.size;
  }

  /** Takes a send, and writes it when there is a route; otherwise it waits for {@link Outbox.writeAll}.
   *  @throws RequestFailure what the server would say to it; RequestLost full */
  add(to: string, body: string, route: SendRoute | undefined): Promise<SendReceipt> {
    const bytes = bodyBytes(body);
    // A destination that cannot be written must fail now and not when there is a connection again.
    this.framer.frame('send', [to, '0', bytes], true);
    if (this.bodyBytesPending + bytes.length > clientLimits.outstandingBodyBytesMax) throw new RequestLost('full');
    this.bodyBytesPending += bytes.length;
    const key = `${this.keyPrefix}-${(this.keysDrawn++).toString(36)}`;
    return new Promise((resolve, reject) => {
      const send = { to, body: bytes, key, resolve, reject, isFateUnknown: false };
      this.pending.add(send);
      if (route !== undefined) this.write(send, route);
    });
  }

  /** Writes everything that has no answer, on a connection on which nothing of it was written. */
  writeAll(route: SendRoute): void {
    for (const send of this.pending) this.write(send, route);
  }

  /** Gives up what has no answer. */
  rejectAll(error: RequestLost): void {
    for (const send of this.pending) this.settle(send, () => send.reject(error));
  }

  private write(send: PendingSend, { connection, keys }: SendRoute): void {
    send.isFateUnknown = !keys;
    const values = keys ? [send.to, send.key, send.body] : [send.to, send.body];
    connection.request(this.framer.frame('send', values, true), {
      answered: (reply) => this.settle(send, () => answer(send, reply)),
      lost: () => this.lost(send),
    });
  }

  private lost(send: PendingSend): void {
    if (!send.isFateUnknown) return;
    const message = 'the connection went before the answer came: the message may have arrived, or not';
    this.settle(send, () => send.reject(new RequestLost('disconnected', message)));
  }

  private settle(send: PendingSend, tell: () => void): void {
    if (!this.pending.delete(send)) return;
    this.bodyBytesPending -= send.body.length;
    tell();
  }
}

/** `200 18 live` or `202 18 queued`. */
function answer(send: PendingSend, { status, text }: Reply): void {
  if (status >= 400) send.reject(new RequestFailure(status, text));
  else send.resolve({ seq: Number.parseInt(text, 10), live: status === 200 });
}
