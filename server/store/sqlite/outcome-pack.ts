/** What came of the drafts of a batch, on its way back: one buffer, in the order of the drafts. */

import type { DestinationName } from '../../../shared/names';
import type { Draft, LogId, Seq } from '../../core/ports';
import { PackReader, type PackWriter } from './pack';

/** Why one draft is refused while the others of its batch are committed. */
export const refusals = ['recipient_unknown', 'blocked', 'not_a_member', 'mailbox_full', 'key_reused'] as const;
export type Refusal = (typeof refusals)[number];

/** The first byte of an outcome: one of these, or this many and the place of the refusal. */
const committed = 0;
const repeated = 1;
const refusedFrom = 2;
/** Set when the destination's name follows: the draft spelled it differently. */
const renamed = 0x80;

const fixedBytes = 1 + 8 + 8 + 1;

export interface CommittedDraft {
  readonly log: LogId;
  readonly seq: Seq;
  readonly repeated: boolean;
  /** The destination's name as it was created, and as the draft had it. */
  readonly name: string;
  readonly to: string;
}

/** Adds that a draft was committed. */
export function packCommitted(pack: PackWriter, outcome: CommittedDraft): void {
  const { log, seq, name, to } = outcome;
  pack.reserve(fixedBytes + name.length);
  const tag = outcome.repeated ? repeated : committed;
  pack.u8(name === to ? tag : tag | renamed);
  pack.f64(log);
  pack.f64(seq);
  if (name !== to) pack.ascii(name);
}

/** Adds that a draft was refused. */
export function packRefused(pack: PackWriter, refusal: Refusal): void {
  pack.reserve(1);
  pack.u8(refusedFrom + refusals.indexOf(refusal));
}

/** Steps through packed outcomes and tells each draft its own. */
export class OutcomeReader {
  private readonly pack: PackReader;

  constructor(buffer: ArrayBuffer, length: number) {
    this.pack = new PackReader(buffer, length);
  }

  /** Tells the next outcome to `draft`, whose turn it is. The reader has moved on even when the draft throws. */
  settle(draft: Draft): void {
    const { pack } = this;
    const first = pack.u8();
    const tag = first & ~renamed;
    const refusal = refusals[tag - refusedFrom];
    if (refusal !== undefined) {
      draft.refused(refusal);
      return;
    }
    const log = pack.f64() as LogId;
    const seq = pack.f64() as Seq;
    const to = first === tag ? draft.to : (pack.ascii() as DestinationName);
    draft.committed({ log, seq, to, repeated: tag === repeated });
  }
}
