/** A device's ledger on disk: appended line by line, each in the hands of the operating system before anything follows
 *  from it, so that the SIGKILL of its client loses nothing that was shown. */

import { closeSync, existsSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { formatRecord, type LedgerRecord, parseRecord } from './ledger-record';

export function ledgerPath(folder: string, device: number): string {
  return join(folder, `device-${device}.ledger`);
}

/** Appends to a ledger. One at a time: a client is started again only when its predecessor has ended. */
export class LedgerWriter {
  private readonly file: number;

  constructor(path: string) {
    this.file = openSync(path, 'a');
    // The predecessor's last line may have been cut off: this ends it, and the empty line after it says that it may.
    if (fstatSync(this.file).size > 0) writeSync(this.file, '\n\n');
  }

  write(record: LedgerRecord): void {
    writeSync(this.file, `${formatRecord(record)}\n`);
  }

  close(): void {
    closeSync(this.file);
  }
}

const chunkBytes = 1 << 20;

/** A ledger's records, oldest first, a chunk of the file at a time. A ledger that was never begun has none.
 *  @throws Error at a line that is neither whole nor the last one of a client that was killed */
export function* readLedger(path: string): Generator<LedgerRecord> {
  if (!existsSync(path)) return;
  const file = openSync(path, 'r');
  try {
    yield* recordsOf(file, path);
  } finally {
    closeSync(file);
  }
}

function* recordsOf(file: number, path: string): Generator<LedgerRecord> {
  let torn: string | undefined;
  for (const line of linesOf(file)) {
    // Only a line that was cut off is followed by the empty line that its successor begins with.
    if (torn !== undefined && line !== '') throw new Error(`${path}: not a line of a ledger: ${torn}`);
    torn = undefined;
    if (line === '') continue;
    const record = parseRecord(line);
    if (record === undefined) torn = line;
    else yield record;
  }
}

/** Lines in ASCII, the last one also without an end. */
function* linesOf(file: number): Generator<string> {
  const chunk = Buffer.alloc(chunkBytes);
  let rest = '';
  for (;;) {
    const length = readSync(file, chunk);
    if (length === 0) break;
    const lines = (rest + chunk.toString('latin1', 0, length)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}
