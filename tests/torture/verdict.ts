/** What the ledgers prove about a run. */

/** The ways in which a server can break its promise.
 *  - `lost`: a message whose sender was told OK did not appear on a device that it was due on;
 *  - `duplicated`: a message appeared twice on one device;
 *  - `disordered`: a message appeared, or was numbered, before one that came before it;
 *  - `neverSent`: something appeared that nobody sent, or not there, or whose sender was told no;
 *  - `reassigned`: a number of a log stood for two messages, or a message had two numbers in it;
 *  - `unstored`: a message appeared that the log no longer had at the end: it was shown before it was on disk. */
export const violationKinds = ['lost', 'duplicated', 'disordered', 'neverSent', 'reassigned', 'unstored'] as const;
export type ViolationKind = (typeof violationKinds)[number];

export interface Verdict {
  readonly sent: number;
  /** Sends whose sender was told OK. */
  readonly acknowledged: number;
  /** Sends whose sender was told no, by status. */
  readonly refused: ReadonlyMap<number, number>;
  /** Sends whose sender never learned what became of them: each may have appeared once, or not at all. */
  readonly unknown: number;
  /** Appearances that had to be: each acknowledged message on each device that it was due on. */
  readonly due: number;
  /** Appearances there were. */
  readonly shown: number;
  readonly violations: Readonly<Record<ViolationKind, number>>;
  /** A sentence about each of the first violations of each kind. */
  readonly examples: readonly string[];
}

/** Whether every promise was kept. */
export function isKept(verdict: Verdict): boolean {
  return violationKinds.every((kind) => verdict.violations[kind] === 0);
}
