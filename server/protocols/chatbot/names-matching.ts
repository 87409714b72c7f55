/** The names that LIST answers with. @see docs/protocols/chatbot.md#list */

import { limits } from '../../../shared/limits';
import { isSameName, type Username } from '../../../shared/names';
import type { Accounts } from '../../core/service/accounts';

type Directory = Pick<Accounts, 'list'>;

/** Names in one LISTRESPONSE: its length stands before its content, so all of it is held at once. */
export const listedNamesMax = 20 * limits.listNamesMax;

/** The accounts that `pattern` means, in the order of their keys, at most {@link listedNamesMax}. `*` stands for any
 *  characters and `?` for one; a pattern without either is a whole name, and an empty one every name.
 *  @throws ChatError store_failed */
export async function namesMatching(accounts: Directory, pattern: string): Promise<readonly Username[]> {
  if (pattern !== '' && !/[*?]/.test(pattern)) return exactly(accounts, pattern);
  const names: Username[] = [];
  for (let after: Username | undefined; names.length < listedNamesMax; after = names.at(-1)) {
    const page = await accounts.list(pattern === '' ? undefined : pattern, after);
    names.push(...page.names);
    if (!page.more) break;
  }
  return names;
}

/** Of the names that begin so, a name itself is the first. */
async function exactly(accounts: Directory, name: string): Promise<readonly Username[]> {
  const { names } = await accounts.list(`${name}*`, undefined);
  return names.slice(0, 1).filter((first) => isSameName(first, name));
}
