/** Messages as they lie in a row of the table `chunks`: records behind one another, one for each seq.
 *  @see migrations/sqlite/0003_chunks.sql for the bytes of a record */

import type { Username } from '../../../shared/names';
import type { AccountId, Draft, UnixMs } from '../../core/ports';
import type { PackWriter } from './pack';

/** A row of the table. */
export interface ChunkRow {
  readonly first: number;
  readonly last: number;
  readonly bytes: Buffer;
}

/** Where a record's fields of fixed size are, from its beginning. */
const senderIdAt = 8;
const senderAt = 16;

/** Two integers, two texts with their lengths, the length of the body. */
const fixedBytes = 8 + 8 + 2 + 4;

/** Bytes that the record of `draft` takes. */
export function recordBytes({ from, key = '', body }: Pick<Draft, 'from' | 'key' | 'body'>): number {
  return fixedBytes + from.length + key.length + body.length;
}

/** Appends the record of `draft` to the pack, which has reserved {@link recordBytes}. */
export function packRecord(pack: PackWriter, draft: Pick<Draft, 'at' | 'senderId' | 'from' | 'key' | 'body'>): void {
  pack.i64(draft.at);
  pack.i64(draft.senderId);
  pack.ascii(draft.from);
  pack.ascii(draft.key ?? '');
  pack.body(draft.body);
}

/** The sender of the record that begins at `start`. */
export function senderIdOf(bytes: Buffer, start: number): AccountId {
  return readI64(bytes, start + senderIdAt) as AccountId;
}

/** The key of the record that begins at `start`. */
export function keyOf(bytes: Buffer, start: number): string | undefined {
  const at = start + senderAt + 1 + byteAt(bytes, start + senderAt);
  const length = byteAt(bytes, at);
  return length === 0 ? undefined : bytes.toString('latin1', at + 1, at + 1 + length);
}

/** A view of the body of the record that begins at `start`. */
export function bodyOf(bytes: Buffer, start: number): Uint8Array {
  const records = new RecordReader(bytes, 0, start);
  records.next();
  return records.body;
}

/** Steps through records without making anything of them: a field is read when it is asked for. */
export class RecordReader {
  /** Of the record that the reader stands at, and where that begins and ends in `bytes`. */
  seq: number;
  start: number;
  end: number;
  private keyAt = 0;
  private bodyAt = 0;

  /** `first` is the seq of the first record, which begins at `begin`. */
  constructor(
    readonly bytes: Buffer,
    first: number,
    begin = 0,
  ) {
    this.seq = first - 1;
    this.start = begin;
    this.end = begin;
  }

  /** Goes to the next record; false when there is none. */
  next(): boolean {
    const { bytes, end } = this;
    if (end >= bytes.length) return false;
    this.seq += 1;
    this.start = end;
    this.keyAt = end + senderAt + 1 + byteAt(bytes, end + senderAt);
    this.bodyAt = this.keyAt + 1 + byteAt(bytes, this.keyAt) + 4;
    this.end = this.bodyAt + bytes.readUInt32BE(this.bodyAt - 4);
    return true;
  }

  get at(): UnixMs {
    return readI64(this.bytes, this.start) as UnixMs;
  }

  get senderId(): AccountId {
    return senderIdOf(this.bytes, this.start);
  }

  get from(): Username {
    return this.bytes.toString('latin1', this.start + senderAt + 1, this.keyAt) as Username;
  }

  get key(): string | undefined {
    return keyOf(this.bytes, this.start);
  }

  get bodyLength(): number {
    return this.end - this.bodyAt;
  }

  /** A view of the bytes. */
  get body(): Uint8Array {
    return this.bytes.subarray(this.bodyAt, this.end);
  }
}

function byteAt(bytes: Buffer, at: number): number {
  return bytes[at] as number;
}

/** Any integer that a number can hold exactly. */
function readI64(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4);
}
