/** Drafts on their way to the writer: one buffer for a whole batch, no object per message. Behind its destination each
 *  stands as the record that will lie in the database: the writer copies it and makes nothing of it. */

import type { AccountId, Draft } from '../../core/ports';
import { bodyOf, keyOf, packRecord, recordBytes, senderIdOf } from './chunk';
import { PackReader, type PackWriter } from './pack';

/** The length of the destination's name, and that of the record. */
const fixedBytes = 1 + 4;

/** Appends `draft` to the pack. */
export function packDraft(pack: PackWriter, draft: Omit<Draft, 'committed' | 'refused'>): void {
  const record = recordBytes(draft);
  pack.reserve(fixedBytes + draft.to.length + record);
  pack.ascii(draft.to);
  pack.u32(record);
  packRecord(pack, draft);
}

/** Steps through packed drafts. */
export class DraftReader {
  /** The destination of the draft it stands at, as its sender spelled it. */
  to = '';
  /** The message as it will lie in the database. */
  record: Buffer = Buffer.alloc(0);
  private readonly pack: PackReader;

  constructor(buffer: ArrayBuffer, length: number) {
    this.pack = new PackReader(buffer, length);
  }

  get senderId(): AccountId {
    return senderIdOf(this.record, 0);
  }

  get key(): string | undefined {
    return keyOf(this.record, 0);
  }

  get body(): Uint8Array {
    return bodyOf(this.record, 0);
  }

  /** Goes to the next draft. There must be one: the batch knows how many it holds. */
  next(): void {
    this.to = this.pack.ascii();
    this.record = this.pack.raw(this.pack.u32());
  }
}
