/** Who is logged in, and who may be. */

import { ChatError, type ErrorCode } from '../../shared/errors';
import { nameKey } from '../../shared/names';
import { nameMatcher } from '../../shared/pattern';
import type { FeedSession } from './feed';
import { type Account, type AccountDevice, type AccountId, type Chance, defaultDevice } from './ports';
import type { Place } from './session-options';

/** An account's place among those that are logged in, taken before its session is there. */
export interface Claim extends Place {
  readonly account: Account;
  readonly device: string;
  session: FeedSession | undefined;
  /** What the session has missed while it was being opened: it read its logs before, or after, nobody knows. */
  readonly missed: ((session: FeedSession) => void)[];
  /** Another login has taken this place. */
  revoked: boolean;
}

export interface ClaimOptions {
  readonly account: Account;
  readonly device: string;
  /** End what is in the way instead of failing. */
  readonly takeover: boolean;
}

/** A place counts from its claim on; online is who has a session in one, guests too. */
export class Presence {
  private readonly claims = new Map<AccountId, Claim[]>();
  /** Accounts with a session, and where each is in the list: one is drawn, added and removed in constant time. */
  private readonly onlineAccounts: Account[] = [];
  private readonly placeOnline = new Map<AccountId, number>();
  /** Everybody online in the order of their keys, since somebody asked and until anybody comes or goes. */
  private inOrder: readonly Account[] | undefined;

  /** `sessionsMax` at once for each account, 1 to 100. */
  constructor(private readonly needs: { readonly sessionsMax: number; readonly chance: Chance }) {}

  /** Takes a place. With `takeover`, the session of the same device, or else the oldest, is ended for it.
   *  @throws ChatError logged_in_elsewhere */
  claim({ account, device, takeover }: ClaimOptions): Claim {
    const held = this.claims.get(account.id) ?? [];
    const inTheWay = held.find((claim) => device !== defaultDevice && claim.device === device) ?? this.surplus(held);
    if (inTheWay !== undefined) {
      if (!takeover) throw new ChatError('logged_in_elsewhere', { name: account.name });
      this.revoke(inTheWay, 'taken_over');
    }
    return this.grant(new HeldPlace(this, account, device));
  }

  /** Takes a place that only an account nobody is logged in to can give.
   *  @throws ChatError logged_in_elsewhere */
  claimAlone(account: Account): Claim {
    if (this.claims.has(account.id)) throw new ChatError('logged_in_elsewhere', { name: account.name });
    return this.grant(new HeldPlace(this, account, defaultDevice));
  }

  release(claim: Claim): void {
    this.inOrder = undefined;
    const rest = (this.claims.get(claim.account.id) ?? []).filter((other) => other !== claim);
    if (rest.length === 0) this.claims.delete(claim.account.id);
    else this.claims.set(claim.account.id, rest);
    if (!rest.some(({ session }) => session !== undefined)) this.wentOffline(claim.account.id);
  }

  /** Ends whatever the account has here: it does not exist any more. */
  evict(account: AccountId): void {
    for (const claim of this.claims.get(account) ?? []) this.revoke(claim, 'account_unknown');
  }

  sessionsOf(account: AccountId): readonly FeedSession[] {
    return (this.claims.get(account) ?? []).flatMap((claim) => claim.session ?? []);
  }

  /** The session that the place was taken for is there. */
  open(claim: Claim, session: FeedSession): void {
    this.inOrder = undefined;
    claim.session = session;
    if (!this.placeOnline.has(claim.account.id)) {
      this.placeOnline.set(claim.account.id, this.onlineAccounts.push(claim.account) - 1);
    }
    for (const change of claim.missed.splice(0)) change(session);
  }

  /** Lets `change` happen to every session of the account, also to those that are just being opened. */
  changeSessions(account: AccountId, change: (session: FeedSession) => void): void {
    for (const { session, missed } of this.claims.get(account) ?? []) {
      if (session === undefined) missed.push(change);
      else change(session);
    }
  }

  /** The devices in use that have named themselves. */
  devices(): AccountDevice[] {
    const named: AccountDevice[] = [];
    for (const [account, claims] of this.claims) {
      for (const { device } of claims) if (device !== defaultDevice) named.push({ account, device });
    }
    return named;
  }

  /** Everybody online whose name `pattern` means, in the order of their keys. */
  online(pattern: string | undefined): readonly Account[] {
    this.inOrder ??= this.sorted();
    if (pattern === undefined) return this.inOrder;
    const matches = nameMatcher(pattern);
    return this.inOrder.filter(({ name }) => matches(name));
  }

  /** Somebody online other than `account`, each as likely as any other.
   *  @throws ChatError nobody_online */
  drawOther(account: AccountId): Account {
    const { length } = this.onlineAccounts;
    const own = this.placeOnline.get(account) ?? length;
    const others = own < length ? length - 1 : length;
    if (others === 0) throw new ChatError('nobody_online');
    const drawn = Math.floor(this.needs.chance.fraction() * others);
    return this.onlineAccounts[drawn < own ? drawn : drawn + 1] as Account;
  }

  /** Each name is folded once, not twice for every comparison. */
  private sorted(): Account[] {
    return this.onlineAccounts
      .map((account) => ({ account, key: nameKey(account.name) }))
      .sort((a, b) => (a.key < b.key ? -1 : 1))
      .map(({ account }) => account);
  }

  /** The last one takes its place in the list. */
  private wentOffline(account: AccountId): void {
    const place = this.placeOnline.get(account);
    if (place === undefined) return;
    this.placeOnline.delete(account);
    const last = this.onlineAccounts.pop() as Account;
    if (last.id === account) return;
    this.onlineAccounts[place] = last;
    this.placeOnline.set(last.id, place);
  }

  private surplus(held: readonly Claim[]): Claim | undefined {
    return held.length >= this.needs.sessionsMax ? held[0] : undefined;
  }

  private revoke(claim: Claim, reason: ErrorCode): void {
    claim.revoked = true;
    this.release(claim);
    claim.session?.end(reason);
  }

  private grant(claim: Claim): Claim {
    const held = this.claims.get(claim.account.id);
    if (held === undefined) this.claims.set(claim.account.id, [claim]);
    else held.push(claim);
    return claim;
  }
}

class HeldPlace implements Claim {
  session: FeedSession | undefined;
  readonly missed: ((session: FeedSession) => void)[] = [];
  revoked = false;

  constructor(
    private readonly presence: Presence,
    readonly account: Account,
    readonly device: string,
  ) {}

  leave(): void {
    this.presence.release(this);
  }
}
