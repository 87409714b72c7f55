/** Commits batches: one transaction each. */

import type { Database } from 'better-sqlite3';
import type { LogId } from '../../core/ports';
import { Appender } from './appender';
import { type Call, type CallOutcome, type Fault, failureOf, faultOf, perform, type StoreFailure } from './calls';
import { Destinations } from './destinations';
import { DraftReader } from './draft-pack';
import { PackWriter } from './pack';
import { type Writes, writesOf } from './writes';

/** A write among the drafts of a batch. */
export interface BatchCall {
  readonly call: Call<Writes>;
  /** How many drafts of the batch come before it. */
  readonly draftsBefore: number;
}

/** What is committed together, in order. The buffer moves to the thread that it is sent to. */
export interface Batch {
  readonly drafts: ArrayBuffer;
  /** Bytes of `drafts` that count. */
  readonly draftsBytes: number;
  readonly draftCount: number;
  readonly calls: readonly BatchCall[];
}

/** What came of a batch: of each draft and of each call in order, or of all of them. */
export type BatchResult =
  | {
      readonly kind: 'committed';
      readonly outcomes: ArrayBuffer;
      readonly outcomesBytes: number;
      readonly calls: readonly CallOutcome[];
    }
  | { readonly kind: 'failed'; readonly code: StoreFailure; readonly fault: Fault };

export interface WriterOptions {
  readonly db: Database;
  readonly mailboxMessagesMax: number;
  /** Mailboxes that are sealed from the start. */
  readonly sealed: readonly LogId[];
}

/** Bytes of an outcome with a short name: a guess at what a batch needs. */
const outcomeBytesGuess = 18;

export class Writer {
  private readonly db: Database;
  private readonly destinations: Destinations;
  private readonly appender: Appender;
  private readonly writes: Writes;
  private readonly statements: ReturnType<typeof prepareStatements>;

  constructor({ db, mailboxMessagesMax, sealed }: WriterOptions) {
    this.db = db;
    this.destinations = new Destinations(db, sealed);
    this.appender = new Appender({ db, destinations: this.destinations, mailboxMessagesMax });
    this.writes = writesOf(db, this.destinations);
    this.statements = prepareStatements(db);
  }

  /** Everything of the batch that keeps the rules is committed when this returns, or nothing of it is stored. */
  run(batch: Batch): BatchResult {
    try {
      this.statements.begin.run();
      const result = this.apply(batch);
      this.statements.commit.run();
      this.destinations.committed();
      return result;
    } catch (error) {
      this.rollBack();
      return { kind: 'failed', code: failureOf(error), fault: faultOf(error) };
    }
  }

  private apply(batch: Batch): BatchResult {
    const { calls, draftCount } = batch;
    const drafts = new DraftReader(batch.drafts, batch.draftsBytes);
    const outcomes = new PackWriter(draftCount * outcomeBytesGuess);
    const callOutcomes: CallOutcome[] = [];
    let done = 0;
    const appendUntil = (count: number): void => {
      for (; done < count; done += 1) {
        drafts.next();
        this.appender.append(drafts, outcomes);
      }
    };
    for (const { call, draftsBefore } of calls) {
      appendUntil(draftsBefore);
      callOutcomes.push(this.applyCall(call));
    }
    appendUntil(draftCount);
    this.destinations.flush();
    return { kind: 'committed', outcomes: outcomes.buffer, outcomesBytes: outcomes.length, calls: callOutcomes };
  }

  private applyCall(call: Call<Writes>): CallOutcome {
    this.destinations.flush();
    this.destinations.age += 1;
    this.statements.savepoint.run();
    const outcome = perform(this.writes, call);
    if (outcome.kind === 'refused') this.statements.rollBackToSavepoint.run();
    this.statements.release.run();
    return outcome;
  }

  private rollBack(): void {
    this.destinations.clear();
    // SQLite has rolled back by itself after some errors, a full disk among them.
    if (this.db.inTransaction) this.statements.rollBack.run();
  }
}

function prepareStatements(db: Database) {
  return {
    begin: db.prepare('BEGIN IMMEDIATE'),
    commit: db.prepare('COMMIT'),
    rollBack: db.prepare('ROLLBACK'),
    savepoint: db.prepare('SAVEPOINT call'),
    rollBackToSavepoint: db.prepare('ROLLBACK TO call'),
    release: db.prepare('RELEASE call'),
  };
}
