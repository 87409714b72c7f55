/** Sends that have no answer yet. They outlive the connection they were written to and, with a journal, the process. */

import type { ResentOutcome, SendReceipt } from './api';
import type { Connection, Reply } from './connection';
import { RequestFailure, RequestLost } from './failures';
import type { JournaledSend } from './journal';
import type { Keeper } from './journals';
import { clientLimits } from './limits';
import { bodyBytes, RequestFramer } from './request-frame';

/** Where sends can be written to now. */
export interface SendRoute {
  readonly connection: Connection;
  /** Sends carry a key: to repeat one is safe. */
  readonly keys: boolean;
  /** The journal of the account whose session this is. */
  readonly keeper: Keeper | undefined;
}

export interface OutboxNeeds {
  /** Begins the key of every send, and of no other client's. */
  readonly keyPrefix: string;
  /** What a journal brought was answered. */
  readonly resent: (send: JournaledSend, outcome: ResentOutcome) => void;
}

interface PendingSend extends JournaledSend {
  readonly bytes: Uint8Array;
  readonly answered: (outcome: ResentOutcome) => void;
  readonly lost: (error: RequestLost) => void;
  /** The journal that holds it. */
  keeper: Keeper | undefined;
  /** Where it was written last. */
  connection: Connection | undefined;
  /** How it was written: with a key it may be written again, without one its fate is unknown until its answer. */
  written: 'never' | 'keyed' | 'bare';
}

export class Outbox {
  /** In the order in which they were asked for, and will be written again. */
  private pending = new Map<string, PendingSend>();
  /** Keys of sends that were answered in this turn, and are in their journals until it ends. */
  private readonly answered = new Set<string>();
  private readonly framer = new RequestFramer();
  private bodyBytesPending = 0;
  private keysDrawn = 0;
  private settling: (() => void)[] = [];

  constructor(private readonly needs: OutboxNeeds) {}

  get size(): number {
    return this.pending.size;
  }

  /** Resolves when nothing is without an answer. */
  settled(): Promise<void> {
    if (this.pending.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.settling.push(resolve));
  }

  /** Takes a send, keeps it in the journal of its sender, and writes it when there is a route; otherwise it waits for
   *  {@link Outbox.writeAll}. Without a keeper it is kept when it is written.
   *  @throws RequestFailure what the server would say to it; RequestLost full */
  add(to: string, body: string, keeper: Keeper | undefined, route: SendRoute | undefined): Promise<SendReceipt> {
    const bytes = this.check(to, body);
    if (this.bodyBytesPending + bytes.length > clientLimits.outstandingBodyBytesMax) throw new RequestLost('full');
    const key = `${this.needs.keyPrefix}-${(this.keysDrawn++).toString(36)}`;
    return new Promise((resolve, reject) => {
      const answered = (outcome: ResentOutcome): void => {
        if (outcome.kind === 'stored') resolve(outcome.receipt);
        else reject(outcome.failure);
      };
      const send = pendingSend({ key, to, body }, bytes, { answered, lost: reject });
      this.bodyBytesPending += bytes.length;
      this.pending.set(key, send);
      // With a route it is kept when it is written, or not at all where there are no keys.
      if (route !== undefined) this.write(send, route);
      else if (keeper !== undefined) keep(send, keeper);
    });
  }

  /** Takes what an account's journal holds and is not here, before everything that is. */
  resend(keeper: Keeper): void {
    const resent = new Map<string, PendingSend>();
    for (const kept of keeper.pending) {
      if (this.pending.has(kept.key) || this.answered.has(kept.key)) continue;
      try {
        const bytes = this.check(kept.to, kept.body);
        const answered = (outcome: ResentOutcome): void => this.needs.resent(kept, outcome);
        resent.set(kept.key, {
          ...pendingSend(kept, bytes, { answered, lost: () => {} }),
          keeper,
          // By another process.
          written: 'keyed',
        });
        this.bodyBytesPending += bytes.length;
      } catch (error) {
        keeper.remove(kept.key);
        if (!(error instanceof RequestFailure)) throw error;
        this.needs.resent(kept, { kind: 'refused', failure: error });
      }
    }
    if (resent.size > 0) this.pending = new Map([...resent, ...this.pending]);
  }

  /** Writes everything that has no answer and was not written on this connection. */
  writeAll(route: SendRoute): void {
    for (const send of [...this.pending.values()]) {
      if (send.connection !== route.connection) this.write(send, route);
    }
  }

  /** Gives up what has no answer. What a journal holds stays there, for the account's next session. */
  rejectAll(error: RequestLost): void {
    for (const send of [...this.pending.values()]) this.giveUp(send, error);
  }

  private write(send: PendingSend, { connection, keys, keeper }: SendRoute): void {
    if (!keys && send.written === 'keyed') {
      this.giveUp(send, fateUnknown());
      return;
    }
    // What would be written again after a crash must be known by its key.
    if (keys) keep(send, keeper);
    else unkeep(send);
    send.written = keys ? 'keyed' : 'bare';
    send.connection = connection;
    const values = keys ? [send.to, send.key, send.bytes] : [send.to, send.bytes];
    connection.request(this.framer.frame('send', values, true), {
      answered: (reply) => this.settle(send, () => send.answered(outcomeOf(reply))),
      lost: () => {
        if (send.written === 'bare') this.giveUp(send, fateUnknown());
      },
    });
  }

  /** A destination that cannot be written must fail now and not when there is a connection again. */
  private check(to: string, body: string): Uint8Array {
    const bytes = bodyBytes(body);
    this.framer.frame('send', [to, '0', bytes], true);
    return bytes;
  }

  /** The sender is told first: a crash before that must not leave a send that is neither kept nor told of. What was read
   *  with the answer is handled in this same turn, so what is kept goes after it. */
  private settle(send: PendingSend, tell: () => void): void {
    this.drop(send, tell);
    this.answered.add(send.key);
    queueMicrotask(() => {
      this.answered.delete(send.key);
      unkeep(send);
    });
  }

  private giveUp(send: PendingSend, error: RequestLost): void {
    this.drop(send, () => send.lost(send.keeper === undefined ? error : error.butKept()));
  }

  private drop(send: PendingSend, tell: () => void): void {
    if (!this.pending.delete(send.key)) return;
    this.bodyBytesPending -= send.bytes.length;
    tell();
    if (this.pending.size === 0) for (const resolve of this.settling.splice(0)) resolve();
  }
}

function pendingSend(
  { key, to, body }: JournaledSend,
  bytes: Uint8Array,
  hooks: Pick<PendingSend, 'answered' | 'lost'>,
): PendingSend {
  return { key, to, body, bytes, ...hooks, keeper: undefined, connection: undefined, written: 'never' };
}

function keep(send: PendingSend, keeper: Keeper | undefined): void {
  if (send.keeper !== undefined || keeper === undefined) return;
  if (keeper.add({ key: send.key, to: send.to, body: send.body })) send.keeper = keeper;
}

function unkeep(send: PendingSend): void {
  send.keeper?.remove(send.key);
  send.keeper = undefined;
}

function fateUnknown(): RequestLost {
  const message = 'the connection went before the answer came: the message may have arrived, or not';
  return new RequestLost('disconnected', message);
}

/** `200 18 live` or `202 18 queued`. */
function outcomeOf({ status, text }: Reply): ResentOutcome {
  if (status >= 400) return { kind: 'refused', failure: new RequestFailure(status, text) };
  return { kind: 'stored', receipt: { seq: Number.parseInt(text, 10), live: status === 200 } };
}
