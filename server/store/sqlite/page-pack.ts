/** Pages of one log on their way from a reader: one buffer each, of runs of records as they lie in the database. */

import type { Username } from '../../../shared/names';
import type { AccountId, Message, Seq } from '../../core/ports';
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

/** A packed page. */
export class PagePacker {
  private readonly pack = new PackWriter(storeBounds.packBytesMin);

  get isEmpty(): boolean {
    return this.pack.length === 0;
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

  take(): ArrayBuffer {
    return this.pack.buffer.slice(0, this.pack.length);
  }
}

/** The messages of a page; their bodies are views of it. */
export function unpackPage(page: ArrayBuffer): Message[] {
  const pack = new PackReader(page, page.byteLength);
  const messages: Message[] = [];
  while (!pack.isAtEnd) {
    const first = pack.f64();
    unpackRun(pack.raw(pack.u32()), first, messages);
  }
  return messages;
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
