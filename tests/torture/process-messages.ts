/** What the run and its client processes say to each other. */

import type { Ports } from './ports';
import type { Wire } from './wires';

/** What happened in a client process since it said so last. */
export interface Counts {
  sent: number;
  acknowledged: number;
  refused: number;
  shown: number;
}

export const noCounts: Readonly<Counts> = { sent: 0, acknowledged: 0, refused: 0, shown: 0 };

/** To a client process.
 *  - `settle`: send nothing more and kill yourself no more; come back and wait for every answer;
 *  - `drain`: log in anew with every device until nothing is undelivered, then end. */
export type ToClients = { readonly kind: 'settle' } | { readonly kind: 'drain' };

/** From a client process. `what` says what the devices that are not done are waiting for. */
export type FromClients =
  | { readonly kind: 'counts'; readonly counts: Counts }
  | { readonly kind: 'waiting'; readonly what: string }
  | { readonly kind: 'settled' }
  | { readonly kind: 'drained' };

/** What a client process is told at its start, as JSON. */
export interface ClientProcessOptions {
  readonly seed: number;
  /** Which of its lives this is, from 0: each one draws other numbers. */
  readonly life: number;
  /** How many devices speak cmap, and which wires are spoken in all. */
  readonly clients: number;
  readonly wires: readonly Wire[];
  /** The indexes of its own. */
  readonly devices: readonly number[];
  /** Where to connect. */
  readonly ports: Ports;
  /** Where ledgers and journals are. */
  readonly folder: string;
}

/** What the audit of the database is told at its start, as JSON. */
export interface StoreAuditOptions {
  readonly clients: number;
  readonly wires: readonly Wire[];
  /** Where database and ledgers are. */
  readonly folder: string;
}
