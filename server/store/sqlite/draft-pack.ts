/** Drafts on their way to the writer: one buffer for a whole batch, no object per message. */

import type { AccountId, Draft, UnixMs } from '../../core/ports';
import { PackReader, type PackWriter } from './pack';

/** Two numbers, three texts with their lengths, the length of the body. */
const fixedBytes = 8 + 8 + 3 + 4;

/** Appends `draft` to the pack. */
export function packDraft(pack: PackWriter, draft: Omit<Draft, 'committed' | 'refused'>): void {
  const { at, senderId, from, to, key = '', body } = draft;
  pack.reserve(fixedBytes + from.length + to.length + key.length + body.length);
  pack.f64(at);
  pack.f64(senderId);
  pack.ascii(from);
  pack.ascii(to);
  pack.ascii(key);
  pack.body(body);
}

/** Steps through packed drafts; its fields are those of the draft it stands at. */
export class DraftReader {
  at = 0 as UnixMs;
  senderId = 0 as AccountId;
  from = '';
  to = '';
  key: string | undefined;
  body: Uint8Array = new Uint8Array(0);
  private readonly pack: PackReader;

  constructor(buffer: ArrayBuffer, length: number) {
    this.pack = new PackReader(buffer, length);
  }

  /** Goes to the next draft. There must be one: the batch knows how many it holds. */
  next(): void {
    const { pack } = this;
    this.at = pack.f64() as UnixMs;
    this.senderId = pack.f64() as AccountId;
    this.from = pack.ascii();
    this.to = pack.ascii();
    this.key = pack.ascii() || undefined;
    this.body = pack.body();
  }
}
