/** What the main thread and the threads of the store say to each other. */

import type { LogId } from '../../core/ports';
import type { Call, CallOutcome, Fault, StoreFailure } from './calls';
import type { Reads } from './reads';
import type { Batch, BatchResult } from './writer';

/** What a thread is started with. */
export type ThreadData = WriterThreadData | ReaderThreadData | CheckpointerThreadData;

/** A thread that commits batches, and answers reads too. */
export interface WriterThreadData {
  readonly role: 'writer';
  readonly path: string;
  readonly migrationsFolder: string;
  readonly mailboxMessagesMax: number;
  readonly pageCountMax: number | undefined;
  /** Mailboxes that are sealed from the start. */
  readonly sealed: readonly LogId[];
}

/** A thread that answers reads of a file whose writer is ready. */
export interface ReaderThreadData {
  readonly role: 'reader';
  readonly path: string;
}

/** A thread that copies the write-ahead log into a file whose writer is ready. */
export interface CheckpointerThreadData {
  readonly role: 'checkpointer';
  readonly path: string;
}

export type ToThread =
  | { readonly kind: 'batch'; readonly batch: Batch }
  | { readonly kind: 'read'; readonly id: number; readonly call: Call<Reads> }
  | { readonly kind: 'checkpoint' }
  | { readonly kind: 'close' };

/** `opened` or `unopened` comes first. A sentence is the message of a StoreOpenError. `closed` comes last. */
export type FromThread =
  | { readonly kind: 'opened' }
  | { readonly kind: 'unopened'; readonly sentence: string }
  | { readonly kind: 'batch'; readonly result: BatchResult }
  | { readonly kind: 'read'; readonly id: number; readonly outcome: ReadOutcome }
  | { readonly kind: 'checkpointed'; readonly fault: Fault | undefined }
  | { readonly kind: 'closed' };

export type ReadOutcome = CallOutcome | { readonly kind: 'failed'; readonly code: StoreFailure; readonly fault: Fault };
