/** Journals in memory, for tests: what a journal on disk would hold at the end of a process. */

import type { JournaledSend, OpenJournal } from './journal';

export class MemoryJournals {
  private readonly accounts = new Map<string, Map<string, JournaledSend>>();
  /** Why nothing can be opened, or kept. */
  unreadable: string | undefined;
  unwritable: string | undefined;
  opened = 0;
  closed = 0;

  /** What the client is given. */
  readonly open: OpenJournal = (account) => {
    if (this.unreadable !== undefined) throw new Error(this.unreadable);
    this.opened += 1;
    const sends = this.of(account);
    return {
      get pending() {
        return [...sends.values()];
      },
      add: (send) => {
        if (this.unwritable !== undefined) throw new Error(this.unwritable);
        sends.set(send.key, send);
      },
      remove: (key) => void sends.delete(key),
      close: () => {
        this.closed += 1;
      },
    };
  };

  /** As if an earlier process had left a send. */
  leave(account: string, send: JournaledSend): void {
    this.of(account).set(send.key, send);
  }

  /** The keys that are pending. */
  keys(account: string): string[] {
    return [...this.of(account).keys()];
  }

  private of(account: string): Map<string, JournaledSend> {
    const sends = this.accounts.get(account) ?? new Map<string, JournaledSend>();
    this.accounts.set(account, sends);
    return sends;
  }
}
