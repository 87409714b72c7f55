/** What a thread of the store does: opens its connection and answers until it is told to close. */

import { type Fault, failureOf, faultOf, perform } from './calls';
import { type OpenDatabase, openDatabase, openForCheckpoints, openReadOnly } from './open-database';
import { openFailure } from './open-failure';
import { type Reads, readsOf } from './reads';
import type { FromThread, ReadOutcome, ThreadData, ToThread } from './thread-messages';
import { Writer } from './writer';

/** The thread's end of its line to the main thread, such as `parentPort`. */
export interface ThreadPort {
  on(event: 'message', listener: (message: ToThread) => void): unknown;
  postMessage(message: FromThread, transfer: readonly ArrayBuffer[]): void;
  close(): void;
}

/** Serves until `close`. A batch is answered once it is committed. */
export function serve(port: ThreadPort, data: ThreadData): void {
  let served: Served;
  try {
    served = open(data);
  } catch (error) {
    port.postMessage({ kind: 'unopened', sentence: openFailure(data.path, error).message }, []);
    port.close();
    return;
  }
  port.on('message', (message) => {
    if (message.kind === 'batch') answerBatch(port, served, message);
    else if (message.kind === 'read') answerRead(port, served, message);
    else if (message.kind === 'checkpoint') answerCheckpoint(port, served);
    else close(port, served);
  });
  port.postMessage({ kind: 'opened' }, []);
}

interface Served {
  readonly database: OpenDatabase;
  readonly writer: Writer | undefined;
  readonly reads: Reads;
}

function open(data: ThreadData): Served {
  const database = databaseFor(data);
  const { db } = database;
  try {
    return { database, writer: data.role === 'writer' ? new Writer({ ...data, db }) : undefined, reads: readsOf(db) };
  } catch (error) {
    database.close();
    throw error;
  }
}

function databaseFor(data: ThreadData): OpenDatabase {
  switch (data.role) {
    case 'writer':
      return openDatabase(data);
    case 'reader':
      return openReadOnly(data.path);
    case 'checkpointer':
      return openForCheckpoints(data.path);
  }
}

/** It stops where the oldest reader stands, and where the writer stood when it began: neither waits for it. */
function answerCheckpoint(port: ThreadPort, { database }: Served): void {
  let fault: Fault | undefined;
  try {
    database.db.pragma('wal_checkpoint(PASSIVE)');
  } catch (error) {
    fault = faultOf(error);
  }
  port.postMessage({ kind: 'checkpointed', fault }, []);
}

function answerBatch(port: ThreadPort, { writer }: Served, { batch }: Extract<ToThread, { kind: 'batch' }>): void {
  if (writer === undefined) throw new Error('a batch was sent to a reader');
  const result = writer.run(batch);
  port.postMessage({ kind: 'batch', result }, result.kind === 'committed' ? [result.outcomes] : []);
}

function answerRead(port: ThreadPort, { reads }: Served, { id, call }: Extract<ToThread, { kind: 'read' }>): void {
  let outcome: ReadOutcome;
  try {
    outcome = perform(reads, call);
  } catch (error) {
    outcome = { kind: 'failed', code: failureOf(error), fault: faultOf(error) };
  }
  const packed = outcome.kind === 'returned' && outcome.value instanceof ArrayBuffer ? [outcome.value] : [];
  port.postMessage({ kind: 'read', id, outcome }, packed);
}

/** The database is closed before the main thread hears of it: it may be opened anew at once. */
function close(port: ThreadPort, { database }: Served): void {
  database.close();
  port.postMessage({ kind: 'closed' }, []);
  port.close();
}
