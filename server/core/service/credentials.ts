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

/** The form in which a new password is hashed: Unicode NFC, 1 to 72 bytes of UTF-8, without NUL. The same text may be typed in
 *  several forms: which one depends on the keyboard and the operating system.
 *  @throws ChatError accounts_elsewhere where a directory has the passwords, password_invalid */
export function parseNewPassword(directory: Directory | undefined, password: string): string {
  if (directory !== undefined) throw new ChatError('accounts_elsewhere');
  const composed = password.normalize('NFC');
  if (!isPossible(composed)) throw new ChatError('password_invalid');
  return composed;
}

/** The account whose name and password these are. An unknown name and a wrong password fail alike, after the same time: one
 *  check, or two when the password is not in NFC.
 *  @throws ChatError credentials_wrong, directory_unavailable, busy */
export async function authenticate(needs: CredentialsNeeds, username: string, password: string): Promise<Account> {
  if (needs.directory !== undefined) {
    const name = await vouchedFor(needs.directory, username, password);
    const account = await needs.accounts.find(name);
    if (account === undefined) throw new ChatError('credentials_wrong');
    return withoutHash(account);
  }
  const account = isUsername(username) ? await needs.accounts.find(username) : undefined;
  // The marker is no hash: checked as one it would fail at once, and tell by that whose account it is.
  const hash = account?.passwordHash === directoryMarker ? undefined : account?.passwordHash;
  for (const form of formsOf(password)) {
    const possible = isPossible(form);
    const fits = await needs.hasher.verify(possible ? form : standIn, possible ? hash : undefined);
    if (account !== undefined && fits) return withoutHash(account);
  }
  throw new ChatError('credentials_wrong');
}

/** The forms in which a password may have been hashed: NFC, and as it was typed if that differs. Before passwords were
 *  normalised they were hashed as typed. How many there are depends on the password alone, not on the account. */
function formsOf(password: string): readonly string[] {
  const composed = password.normalize('NFC');
  return composed === password ? [password] : [composed, password];
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

/** The directory gets the password as it was typed: it is hashed there, in a form that only the directory knows, and a second
 *  attempt could lock the account.
 *  @throws ChatError credentials_wrong, directory_unavailable, busy */
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
