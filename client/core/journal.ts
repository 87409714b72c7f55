/** Where sends without an answer outlive the process that made them: a port. file-journal.ts keeps them on disk. */

/** A send as it is made again: the same key makes it the same message. */
export interface JournaledSend {
  /** Visible ASCII, at most 64 characters; of no other send, in whatever process. */
  readonly key: string;
  /** An account's name, or a #room's. */
  readonly to: string;
  readonly body: string;
}

/** What one account on one server has sent and not heard of. */
export interface SendJournal {
  /** What was added and not removed, by this process or by one that has ended; oldest first. */
  readonly pending: readonly JournaledSend[];
  /** Keeps a send. When this returns, it survives the end of the process.
   *  Throws when it cannot be kept; a later one may be. */
  add(send: JournaledSend): void;
  /** Forgets a send, because it was answered; a key that is not there is ignored. A removal may be lost in a crash:
   *  then the send is repeated, which its key makes harmless. Never throws. */
  remove(key: string): void;
  /** Lets go. What is pending is for whoever opens the journal next. */
  close(): void;
}

/** Opens the journal of `account`, a name as the server told it. Throws when it cannot be read. */
export type OpenJournal = (account: string) => SendJournal;
