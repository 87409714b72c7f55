/** The journals of a client's accounts: a send belongs to the account that made it, and to no other. */

import type { JournaledSend, OpenJournal, SendJournal } from './journal';

export interface JournalsNeeds {
  /** Undefined: nothing outlives the process. */
  readonly open: OpenJournal | undefined;
  /** Something could not be kept. Told once. */
  readonly failed: (reason: string) => void;
}

/** A journal that cannot fail: what it cannot keep is sent all the same. */
export interface Keeper {
  readonly pending: readonly JournaledSend[];
  /** Whether the send is kept now. */
  add(send: JournaledSend): boolean;
  remove(key: string): void;
}

/** Opens each account's journal once, at its first session. */
export class Journals {
  private readonly opened = new Map<string, { readonly journal: SendJournal; readonly keeper: Keeper }>();
  private hasFailed = false;

  constructor(private readonly needs: JournalsNeeds) {}

  /** Undefined when there is none, or it cannot be opened. */
  of(account: string): Keeper | undefined {
    const name = account.toLowerCase();
    const known = this.opened.get(name);
    if (known !== undefined || this.needs.open === undefined) return known?.keeper;
    try {
      const journal = this.needs.open(name);
      const keeper = this.keeperOf(journal);
      this.opened.set(name, { journal, keeper });
      return keeper;
    } catch (error) {
      this.fail(error);
      return undefined;
    }
  }

  close(): void {
    for (const { journal } of this.opened.values()) journal.close();
    this.opened.clear();
  }

  private keeperOf(journal: SendJournal): Keeper {
    return {
      get pending() {
        return journal.pending;
      },
      add: (send) => {
        try {
          journal.add(send);
          return true;
        } catch (error) {
          this.fail(error);
          return false;
        }
      },
      remove: (key) => journal.remove(key),
    };
  }

  private fail(error: unknown): void {
    if (this.hasFailed) return;
    this.hasFailed = true;
    this.needs.failed(error instanceof Error ? error.message : String(error));
  }
}
