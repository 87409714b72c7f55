/** What a password may be, and whether it fits. */

import { utf8Length } from '../../../shared/bytes';
import { ChatError } from '../../../shared/errors';
import { limits } from '../../../shared/limits';
import { isUsername } from '../../../shared/names';
import type { Account, AccountStore, Hasher } from '../ports';

/** A password that an account may be given: 1 to 72 bytes of UTF-8, without NUL.
 *  @throws ChatError password_invalid */
export function checkNewPassword(password: string): void {
  if (!isPossible(password)) throw new ChatError('password_invalid');
}

/** The account whose name and password these are. An unknown name and a wrong password fail alike, after the same time.
 *  @throws ChatError credentials_wrong, busy */
export async function authenticate(
  needs: { readonly accounts: AccountStore; readonly hasher: Hasher },
  username: string,
  password: string,
): Promise<Account> {
  const account = isUsername(username) ? await needs.accounts.find(username) : undefined;
  const possible = isPossible(password);
  const fits = await needs.hasher.verify(possible ? password : standIn, possible ? account?.passwordHash : undefined);
  if (account === undefined || !fits) throw new ChatError('credentials_wrong');
  // Without its hash: a session keeps what it is given for as long as it lasts.
  return { id: account.id, name: account.name };
}

/** Hashed in place of a password that cannot be right, for the time it takes. */
const standIn = ' ';

function isPossible(password: string): boolean {
  const bytes = utf8Length(password);
  return bytes >= 1 && bytes <= limits.passwordBytesMax && !password.includes('\0');
}
