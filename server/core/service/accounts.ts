/** Accounts: made, entered, left, deleted. */

import { ChatError } from '../../../shared/errors';
import { limits } from '../../../shared/limits';
import { isUsername, parseNewUsername, parseUsername, type Username } from '../../../shared/names';
import type { Cursors } from '../cursors';
import type { Directory } from '../directory';
import { type GuestsOnline, isGuest } from '../guests';
import type { NameHolds } from '../name-holds';
import type { Outlet } from '../outlet';
import {
  type Account,
  type AccountStore,
  type Clock,
  defaultDevice,
  type Hasher,
  type LogStore,
  type NamePage,
} from '../ports';
import type { Claim, Presence } from '../presence';
import { Session } from '../session';
import type { SessionNeeds } from '../session-options';
import { admit, authenticate, parseNewPassword } from './credentials';
import { Removal, type RemovalOptions } from './removal';

export interface AccountsNeeds {
  readonly accounts: AccountStore;
  readonly logs: LogStore;
  readonly hasher: Hasher;
  readonly directory: Directory | undefined;
  readonly clock: Clock;
  readonly names: NameHolds;
  readonly presence: Presence;
  readonly guests: GuestsOnline;
  readonly cursors: Cursors;
  readonly sessions: SessionNeeds;
}

export interface LoginOptions {
  readonly username: string;
  readonly password: string;
  /** The cursor to use; the account's default one when undefined. */
  readonly device: string | undefined;
  readonly explicitAck: boolean;
  readonly wantsReceipts: boolean;
  /** End the session that is in the way. */
  readonly takeover: boolean;
  readonly outlet: Outlet;
  /** Whether the connection has gone while its password was being checked: then there is no session. */
  readonly isGone: () => boolean;
}

/** What a session is made with, once its place is taken. */
interface OpenOptions extends Pick<LoginOptions, 'explicitAck' | 'wantsReceipts' | 'outlet' | 'isGone'> {
  readonly isUnattended?: boolean;
}

export interface DeletionOptions {
  readonly username: string;
  readonly password: string;
  /** The session that this connection has with the account, if it has one. */
  readonly own: Session | undefined;
  readonly outlet: Outlet;
}

export class Accounts {
  private readonly removal: Removal;

  constructor(private readonly needs: AccountsNeeds) {
    const { accounts, clock, presence, sessions } = needs;
    this.removal = new Removal({ accounts, clock, presence, receipts: sessions.receipts });
  }

  /** @throws ChatError accounts_elsewhere, name_invalid, name_reserved, password_invalid, name_taken, busy */
  async create(username: string, password: string): Promise<Account> {
    const { accounts, clock, directory, hasher, names } = this.needs;
    const name = parseNewUsername(username);
    const newPassword = parseNewPassword(directory, password);
    return names.whileCreating(name, async () => {
      // Hashing is dear: a name that is taken costs none of it.
      if ((await accounts.find(name)) !== undefined) throw new ChatError('name_taken', { name });
      const passwordHash = await hasher.hash(newPassword);
      return accounts.create(name, passwordHash, clock.now());
    });
  }

  /** An account without a password: whoever names it is let in by {@link Accounts.loginOpen}, and nobody by
   *  {@link Accounts.login}.
   *  @throws ChatError name_invalid, name_reserved, name_taken */
  async createOpen(username: string): Promise<Account> {
    const { accounts, clock, names } = this.needs;
    const name = parseNewUsername(username);
    return names.whileCreating(name, () => accounts.create(name, undefined, clock.now()));
  }

  /** A session, held: its protocol writes the burst next. `undefined` when the connection went meanwhile.
   *  @throws ChatError credentials_wrong, logged_in_elsewhere, busy; where a directory has the passwords also
   *  directory_unavailable, name_taken by a guest, name_reserved */
  async login(options: LoginOptions): Promise<Session | undefined> {
    const account = await admit(this.needs, options.username, options.password);
    return this.openClaimed(account, options);
  }

  /** As {@link Accounts.login}, for an account that has no password.
   *  @throws ChatError account_unknown, credentials_wrong when it has a password, logged_in_elsewhere */
  async loginOpen(options: Omit<LoginOptions, 'password'>): Promise<Session | undefined> {
    const { username } = options;
    const stored = isUsername(username) ? await this.needs.accounts.find(username) : undefined;
    if (stored === undefined) throw new ChatError('account_unknown', { name: username });
    if (stored.passwordHash !== undefined) throw new ChatError('credentials_wrong');
    return this.openClaimed({ id: stored.id, name: stored.name }, options);
  }

  /** What is undelivered as a burst, then the account is gone with its mailbox, cursors and memberships. The protocol
   *  ends the burst. False, with nothing deleted, when the connection goes or the session is taken over before it has
   *  everything.
   *  @throws ChatError credentials_wrong, logged_in_elsewhere, directory_unavailable, busy */
  async delete(options: DeletionOptions): Promise<boolean> {
    const account = await authenticate(this.needs, options.username, options.password);
    const session =
      options.own?.account.id === account.id ? options.own : await this.openAlone(account, options.outlet);
    // Whoever has taken its place since it asked has the account now.
    if (session === undefined || session.isEnded) return false;
    try {
      return await this.removal.remove({ session, outlet: options.outlet, burst: true });
    } finally {
      if (session !== options.own) session.end();
    }
  }

  /** The account of the session is gone, without a password: its wire has bound the identity to the connection. With
   *  `burst` what is undelivered is written first, and false means the same, as by {@link Accounts.delete}; without it,
   *  it goes with the account, whether the connection is still there or not.
   *  @throws ChatError logged_in_elsewhere, account_unknown for a guest */
  async removeOwn(options: RemovalOptions): Promise<boolean> {
    const { account } = options.session;
    if (isGuest(account)) throw new ChatError('account_unknown', { name: account.name });
    return this.removal.remove(options);
  }

  /** @throws ChatError credentials_wrong unless these are the account's own name and password */
  async confirm(account: Account, username: string, password: string): Promise<void> {
    const found = await authenticate(this.needs, username, password);
    if (found.id !== account.id) throw new ChatError('credentials_wrong');
  }

  /** Whether these are the name and password of some account.
   *  @throws ChatError credentials_wrong, busy */
  async check(username: string, password: string): Promise<Account> {
    return authenticate(this.needs, username, password);
  }

  /** Whether the account has a session besides `own`. */
  isLoggedInBesides(account: Account, own: Session): boolean {
    return this.needs.presence.sessionsOf(account.id).some((session) => session !== own);
  }

  /** @throws ChatError credentials_wrong, password_invalid, busy */
  async changePassword(account: Account, old: string, changed: string): Promise<void> {
    const newPassword = parseNewPassword(this.needs.directory, changed);
    await this.confirm(account, account.name, old);
    await this.needs.accounts.setPassword(account.id, await this.needs.hasher.hash(newPassword));
  }

  /** Accounts in the order of their names, at most 1,000, after the name `after`. */
  list(pattern: string | undefined, after: string | undefined): Promise<NamePage> {
    return this.needs.accounts.list({ pattern, after, namesMax: limits.listNamesMax });
  }

  /** Accounts and guests that are online, at most 1,000. */
  who(pattern: string | undefined): NamePage {
    const online = this.needs.presence.online(pattern);
    const names = online.slice(0, limits.listNamesMax).map(({ name }) => name);
    return { names, more: online.length > names.length };
  }

  /** Whether `username` is an account, or a guest who is here. */
  async exists(username: string): Promise<boolean> {
    if (!isUsername(username)) return false;
    if ((await this.needs.accounts.find(username)) !== undefined) return true;
    return this.needs.guests.named(username) !== undefined;
  }

  /** `account` takes no more messages from `username`.
   *  @throws ChatError name_invalid, account_unknown */
  async block(account: Account, username: string): Promise<Username> {
    const other = parseUsername(username);
    await this.needs.accounts.block(account.id, other);
    return other;
  }

  /** @throws ChatError name_invalid, account_unknown */
  async unblock(account: Account, username: string): Promise<Username> {
    const other = parseUsername(username);
    await this.needs.accounts.unblock(account.id, other);
    return other;
  }

  private async openClaimed(account: Account, options: Omit<LoginOptions, 'username' | 'password'>) {
    if (options.isGone()) return undefined;
    const device = options.device ?? defaultDevice;
    const claim = this.needs.presence.claim({ account, device, takeover: options.takeover });
    return this.open(claim, options);
  }

  private async open(claim: Claim, options: OpenOptions): Promise<Session | undefined> {
    const { clock, cursors, logs, presence, sessions } = this.needs;
    let opened = false;
    try {
      await cursors.settle(claim.account.id);
      const subscriptions = await logs.subscriptions(claim.account.id, claim.device, clock.now());
      // The account was deleted, or the place taken over, while this login was under way.
      if (subscriptions.length === 0) throw new ChatError('credentials_wrong');
      if (claim.revoked) throw new ChatError('logged_in_elsewhere', { name: claim.account.name });
      if (options.isGone()) return undefined;
      const { account, device } = claim;
      // Not the options as they are: the session would keep the password for as long as it lasts.
      const { explicitAck, wantsReceipts, outlet } = options;
      const session = new Session(sessions, {
        account,
        device,
        explicitAck,
        wantsReceipts,
        outlet,
        subscriptions,
        isUnattended: options.isUnattended ?? false,
        place: claim,
      });
      presence.open(claim, session);
      opened = true;
      return session;
    } finally {
      if (!opened) presence.release(claim);
    }
  }

  private openAlone(account: Account, outlet: Outlet): Promise<Session | undefined> {
    const claim = this.needs.presence.claimAlone(account);
    return this.open(claim, {
      explicitAck: false,
      wantsReceipts: false,
      outlet,
      isUnattended: true,
      isGone: () => false,
    });
  }
}
