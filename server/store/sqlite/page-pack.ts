/** Pages of logs on their way from a reader: one buffer, of runs of records as they lie in the database. A run of no bytes
 *  ends the page of a log. */

import type { Username } from '../../../shared/names';
import type { AccountId, Backlog, Message, Seq } from '../../core/ports';
import { RecordReader } from './chunk';
import { storeBounds } from './limits';
import { PackReader, PackWriter } from './pack';

/** The seq of a run's first record, and the length of the run. */
const runHeadBytes = 8 + 4;

/** Records behind one another in a chunk. */
export class RecordRange {
  first = 0;
  begin = 0;
  end = 0;

  get isEmpty(): boolean {
    return this.end === 0;
  }

  /** Adds the record that the reader stands at, which follows the last one taken. */
  take(records: RecordReader): void {
    if (this.isEmpty) {
      this.first = records.seq;
      this.begin = records.start;
    }
    this.end = records.end;
  }
}

/** Packed pages. */
export class PagePacker {
  private readonly pack = new PackWriter(storeBounds.packBytesMin);

  /** What a page is preceded by when it is asked for with the heads of its logs. */
  heads(heads: readonly Seq[]): void {
    this.pack.reserve(heads.length * 8);
    for (const head of heads) this.pack.f64(head);
  }

  /** Adds a run of the records in `chunk`, unless it is empty. */
  add(chunk: Uint8Array, run: RecordRange): void {
    if (run.isEmpty) return;
    const { pack } = this;
    const length = run.end - run.begin;
    pack.reserve(runHeadBytes + length);
    pack.f64(run.first);
    pack.u32(length);
    pack.raw(chunk.subarray(run.begin, run.end));
  }

  /** Ends the page of a log. */
  endPage(): void {
    this.pack.reserve(runHeadBytes);
    this.pack.f64(0);
    this.pack.u32(0);
  }

  take(): ArrayBuffer {
    return this.pack.buffer.slice(0, this.pack.length);
  }
}

/** The messages of each page; their bodies are views of the buffer. */
export function unpackPages(packed: ArrayBuffer): Message[][] {
  return readPages(new PackReader(packed, packed.byteLength));
}

/** The heads of `logs` logs, and the messages of the pages behind them. */
export function unpackBacklog(packed: ArrayBuffer, logs: number): Backlog {
  const pack = new PackReader(packed, packed.byteLength);
  const heads = Array.from({ length: logs }, () => pack.f64() as Seq);
  return { heads, pages: readPages(pack) };
}

function readPages(pack: PackReader): Message[][] {
  const pages: Message[][] = [];
  let messages: Message[] = [];
  while (!pack.isAtEnd) {
    const first = pack.f64();
    const length = pack.u32();
    if (length > 0) {
      unpackRun(pack.raw(length), first, messages);
    } else {
      pages.push(messages);
      messages = [];
    }
  }
  return pages;
}

function unpackRun(bytes: Buffer, first: number, messages: Message[]): void {
  const records = new RecordReader(bytes, first);
  // Most runs are from one sender, and an account's name never changes. A guest's id says less.
  let senderId: AccountId | undefined;
  let from = '' as Username;
  while (records.next()) {
    const id = records.senderId;
    if (id !== senderId || id < 0) {
      senderId = id;
      from = records.from;
    }
    messages.push({ seq: records.seq as Seq, at: records.at, from, body: records.body });
  }
}
