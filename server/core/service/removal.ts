/** The end of an account: its burst, its mailbox, its sessions. */

import { ChatError } from '../../../shared/errors';
import { bounds } from '../../../shared/limits';
import type { Outlet } from '../outlet';
import { type Account, type AccountId, type AccountStore, type Clock, mailboxOf } from '../ports';
import type { Presence } from '../presence';
import type { Receipts } from '../receipts';
import type { Session } from '../session';

export interface RemovalNeeds {
  readonly accounts: AccountStore;
  readonly clock: Clock;
  readonly presence: Presence;
  readonly receipts: Receipts;
}

export interface RemovalOptions {
  /** Of the account that is to go. */
  readonly session: Session;
  readonly outlet: Outlet;
  /** Whether what is undelivered is written first; then the protocol ends the burst. */
  readonly burst: boolean;
}

export class Removal {
  /** Accounts that are being deleted: the first deletion that gives up would unseal the mailbox for a second one. */
  private readonly leaving = new Set<AccountId>();

  constructor(private readonly needs: RemovalNeeds) {}

  /** Whether the account is gone: false, with nothing removed, when the connection goes or the session is taken over before
   *  it has its burst. The mailbox is sealed first: a message that is accepted after the burst has begun would be lost.
   *  @throws ChatError logged_in_elsewhere, store_failed, store_full */
  async remove({ session, outlet, burst }: RemovalOptions): Promise<boolean> {
    const { accounts, presence, receipts } = this.needs;
    const { account } = session;
    const others = presence.sessionsOf(account.id).filter((other) => other !== session);
    // A second session of the account may still be reading: it would lose what it has not got yet.
    if (others.length > 0 || this.leaving.has(account.id)) {
      throw new ChatError('logged_in_elsewhere', { name: account.name });
    }
    let sealed = false;
    this.leaving.add(account.id);
    try {
      await accounts.seal(account.id);
      sealed = true;
      if (burst && !((await session.burst()) && (await outlet.flushed()))) return false;
      await this.removeForGood(account);
      sealed = false;
      session.end();
      presence.evict(account.id);
      receipts.drop(mailboxOf(account.id));
      return true;
    } finally {
      if (sealed) await this.reopen(account.id);
      else this.leaving.delete(account.id);
    }
  }

  /** A store that dies between the commit and its answer says that it has failed. */
  private async removeForGood({ id, name }: Account): Promise<void> {
    const { accounts } = this.needs;
    try {
      await accounts.remove(id);
    } catch (error) {
      const found = await accounts.find(name).catch(() => {
        throw error;
      });
      if (found?.id === id) throw error;
    }
  }

  /** Lets messages into the mailbox again. Until that is through senders are told that there is no such account, so it is
   *  tried as long as it fails; and as long nobody else deletes the account, whose burst it would come in the middle of.
   *  @throws ChatError store_failed, store_full when the first try fails */
  private async reopen(account: AccountId): Promise<void> {
    const { accounts, clock } = this.needs;
    try {
      await accounts.unseal(account);
      this.leaving.delete(account);
    } catch (error) {
      clock.after(bounds.writeRetryMs, () => {
        this.reopen(account).catch(() => undefined);
      });
      throw error;
    }
  }
}
