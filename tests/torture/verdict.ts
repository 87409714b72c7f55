/** What the ledgers prove about a run. */

import type { Wire } from './wires';

/** The ways in which a server can break its promise.
 *  - `lost`: a message whose sender was told OK did not appear on a device that it was due on; or, on a device that does not
 *    acknowledge, one that came after it on the same connection did;
 *  - `duplicated`: a message appeared twice on one device; where it does not acknowledge, twice on one connection;
 *  - `disordered`: a message appeared, or was numbered, before one that came before it;
 *  - `neverSent`: something appeared that nobody sent, or not there, or whose sender was told no;
 *  - `reassigned`: a number of a log stood for two messages, or a message had two numbers in it;
 *  - `unstored`: a message appeared that the log no longer had at the end: it was shown before it was on disk. */
export const violationKinds = ['lost', 'duplicated', 'disordered', 'neverSent', 'reassigned', 'unstored'] as const;
export type ViolationKind = (typeof violationKinds)[number];

/** What happened on one wire; auditors not counted. */
export interface WireCounts {
  sent: number;
  acknowledged: number;
  shown: number;
  /** Appeared again on a later connection of a device that does not acknowledge. That is no violation. */
  repeated: number;
  /** Whose sender was told OK, and which a device that does not acknowledge never saw: the operating system had taken them
   *  when the connection was lost. That is no violation, and the log has them. */
  missed: number;
}

export const noWireCounts: Readonly<WireCounts> = { sent: 0, acknowledged: 0, shown: 0, repeated: 0, missed: 0 };

export interface Verdict {
  readonly sent: number;
  /** Sends whose sender was told OK. */
  readonly acknowledged: number;
  /** Sends whose sender was told no, by status. */
  readonly refused: ReadonlyMap<number, number>;
  /** Sends whose sender never learned what became of them: each may have appeared once, or not at all. */
  readonly unknown: number;
  /** Appearances that had to be: each acknowledged message on each device that acknowledges and that it was due on. */
  readonly due: number;
  /** Appearances there were. */
  readonly shown: number;
  /** Of each wire that somebody spoke. */
  readonly wires: ReadonlyMap<Wire, WireCounts>;
  readonly violations: Readonly<Record<ViolationKind, number>>;
  /** A sentence about each of the first violations of each kind. */
  readonly examples: readonly string[];
}

/** Whether every promise was kept. */
export function isKept(verdict: Verdict): boolean {
  return violationKinds.every((kind) => verdict.violations[kind] === 0);
}
