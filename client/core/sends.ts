/** The sends of whoever is logged in: whose they are, where they are kept, and when they may be written. */

import type { ClientEvents, SendReceipt } from './api';
import type { Connection } from './connection';
import type { Emitter } from './emitter';
import type { RequestLost } from './failures';
import type { OpenJournal } from './journal';
import { Journals, type Keeper } from './journals';
import { Outbox } from './outbox';

export interface SendsNeeds {
  /** Begins the key of every send, and of no other client's. */
  readonly keyPrefix: string;
  readonly journal: OpenJournal | undefined;
  readonly emitter: Emitter<ClientEvents>;
  /** Where requests may be written now, and whether sends carry a key there. */
  readonly route: () => { readonly connection: Connection; readonly keys: boolean } | undefined;
}

export class Sends {
  private readonly outbox: Outbox;
  private readonly journals: Journals;
  /** The journal of whoever is logged in. */
  private keeper: Keeper | undefined;
  /** Requests under way that change who is logged in. */
  private changes = 0;

  constructor(private readonly needs: SendsNeeds) {
    const { emitter, journal, keyPrefix } = needs;
    this.journals = new Journals({ open: journal, failed: (reason) => emitter.emit('journalFailed', reason) });
    this.outbox = new Outbox({
      keyPrefix,
      resent: ({ to, body }, outcome) => emitter.emit('resent', to, body, outcome),
    });
  }

  /** Sends without an answer. */
  get size(): number {
    return this.outbox.size;
  }

  /** Resolves when nothing is without an answer. */
  settled(): Promise<void> {
    return this.outbox.settled();
  }

  /** A session of `account` began or was resumed, on a connection whose sends have `keys` or have none. What its journal
   *  brings stands first, and leaves with the next {@link Sends.write}. */
  begin(account: string, keys: boolean): void {
    this.keeper = this.journals.of(account);
    // Written again without a key it might be a second message.
    if (this.keeper !== undefined && keys) this.outbox.resend(this.keeper);
  }

  /** The session is over: what is sent from now on is not its account's. */
  end(): void {
    this.keeper = undefined;
  }

  /** @throws RequestFailure, RequestLost */
  send(to: string, body: string): Promise<SendReceipt> {
    if (this.changes > 0) return this.outbox.add(to, body, undefined, undefined);
    const { keeper } = this;
    const route = this.needs.route();
    return this.outbox.add(to, body, keeper, route && { ...route, keeper });
  }

  /** Keeps sends from being written until it is known whose they are; gives the function that ends it. */
  hold(): () => void {
    let isHolding = true;
    this.changes += 1;
    return () => {
      if (!isHolding) return;
      isHolding = false;
      this.changes -= 1;
      if (this.changes === 0) this.write();
    };
  }

  /** Writes what was not written on the present connection. */
  write(): void {
    const route = this.needs.route();
    if (route !== undefined) this.outbox.writeAll({ ...route, keeper: this.keeper });
  }

  /** Gives up what has no answer; what is in a journal stays there. */
  rejectAll(error: RequestLost): void {
    this.outbox.rejectAll(error);
  }

  /** Lets go of the journals. */
  close(): void {
    this.journals.close();
  }
}
