/** What a password may be, and whether it fits. */

import { utf8Length } from '../../../shared/bytes';
import { ChatError } from '../../../shared/errors';
import { limits } from '../../../shared/limits';
import { isUsername, parseNewUsername, type Username } from '../../../shared/names';
import { type Directory, directoryMarker } from '../directory';
import type { NameHolds } from '../name-holds';
import type { Account, AccountStore, Clock, Hasher, StoredAccount } from '../ports';

export interface CredentialsNeeds {
  readonly accounts: AccountStore;
  readonly hasher: Hasher;
  /** Where there is one, it alone decides, and passwords are not changed here. */
  readonly directory: Directory | undefined;
}

/** A password that an account may be given: 1 to 72 bytes of UTF-8, without NUL.
 *  @throws ChatError accounts_elsewhere where a directory has the passwords, password_invalid */
export function checkNewPassword(directory: Directory | undefined, password: string): void {
  if (directory !== undefined) throw new ChatError('accounts_elsewhere');
  if (!isPossible(password)) throw new ChatError('password_invalid');
}

/** The account whose name and password these are. An unknown name and a wrong password fail alike, after the same time.
 *  @throws ChatError credentials_wrong, directory_unavailable, busy */
export async function authenticate(needs: CredentialsNeeds, username: string, password: string): Promise<Account> {
  if (needs.directory !== undefined) {
    const name = await vouchedFor(needs.directory, username, password);
    const account = await needs.accounts.find(name);
    if (account === undefined) throw new ChatError('credentials_wrong');
    return withoutHash(account);
  }
  const account = isUsername(username) ? await needs.accounts.find(username) : undefined;
  const possible = isPossible(password);
  // The marker is no hash: checked as one it would fail at once, and tell by that whose account it is.
  const hash = account?.passwordHash === directoryMarker ? undefined : account?.passwordHash;
  const fits = await needs.hasher.verify(possible ? password : standIn, possible ? hash : undefined);
  if (account === undefined || !fits) throw new ChatError('credentials_wrong');
  return withoutHash(account);
}

/** As {@link authenticate}, for a login: an account that the directory vouches for is made when it is not there.
 *  @throws ChatError credentials_wrong, directory_unavailable, busy, name_taken by a guest, name_reserved */
export async function admit(
  needs: CredentialsNeeds & { readonly names: NameHolds; readonly clock: Clock },
  username: string,
  password: string,
): Promise<Account> {
  const { accounts, clock, directory, names } = needs;
  if (directory === undefined) return authenticate(needs, username, password);
  const name = await vouchedFor(directory, username, password);
  const found = await accounts.find(name);
  if (found !== undefined) return claim(accounts, found);
  try {
    const made = parseNewUsername(name);
    return await names.whileCreating(made, () => accounts.create(made, directoryMarker, clock.now()));
  } catch (error) {
    // Of two first logins at the same time one comes second, and finds the account made.
    const account = isNameTaken(error) ? await accounts.find(name) : undefined;
    if (account === undefined) throw error;
    return claim(accounts, account);
  }
}

/** An account that had no password is the directory's from now on, so that nobody enters it without one any more. */
async function claim(accounts: AccountStore, account: StoredAccount): Promise<Account> {
  if (account.passwordHash === undefined) await accounts.setPassword(account.id, directoryMarker);
  return withoutHash(account);
}

/** @throws ChatError credentials_wrong, directory_unavailable, busy */
async function vouchedFor(directory: Directory, username: string, password: string): Promise<Username> {
  // Some directories take an empty password as no login at all, and say yes to it.
  const isSensible = isUsername(username) && password !== '' && !password.includes('\0');
  if (!isSensible || !(await directory.check(username, password))) throw new ChatError('credentials_wrong');
  return username;
}

function isNameTaken(error: unknown): boolean {
  return error instanceof ChatError && error.code === 'name_taken';
}

/** A session keeps what it is given for as long as it lasts. */
function withoutHash({ id, name }: StoredAccount): Account {
  return { id, name };
}

/** Hashed in place of a password that cannot be right, for the time it takes. */
const standIn = ' ';

function isPossible(password: string): boolean {
  const bytes = utf8Length(password);
  return bytes >= 1 && bytes <= limits.passwordBytesMax && !password.includes('\0');
}
