/** Names that are spoken for besides those of stored accounts: guests have them, or accounts of them are being made. */

import { ChatError } from '../../shared/errors';
import { type NameKey, nameKey, type Username } from '../../shared/names';

/** A guest takes its name before it looks whether an account has it, and an account is made with its name announced:
 *  whichever comes second finds the other, whatever either waits for. */
export class NameHolds {
  private readonly ofGuests = new Set<NameKey>();
  /** How many creations of each name are under way; the store decides between them. */
  private readonly ofAccounts = new Map<NameKey, number>();

  /** @throws ChatError name_taken */
  takeForGuest(name: Username): void {
    const key = nameKey(name);
    if (this.ofGuests.has(key) || this.ofAccounts.has(key)) throw new ChatError('name_taken', { name });
    this.ofGuests.add(key);
  }

  freeOfGuest(name: Username): void {
    this.ofGuests.delete(nameKey(name));
  }

  /** No guest takes the name while `create` makes the account.
   *  @throws ChatError name_taken, and what `create` throws */
  async whileCreating<T>(name: Username, create: () => Promise<T>): Promise<T> {
    const key = nameKey(name);
    if (this.ofGuests.has(key)) throw new ChatError('name_taken', { name });
    this.ofAccounts.set(key, (this.ofAccounts.get(key) ?? 0) + 1);
    try {
      return await create();
    } finally {
      const others = (this.ofAccounts.get(key) ?? 0) - 1;
      if (others > 0) this.ofAccounts.set(key, others);
      else this.ofAccounts.delete(key);
    }
  }
}
