/** What the benchmark orders of its load generator, and what it is told: plain data that crosses between processes. */

import type { HistogramData } from './histogram';
import type { Faults } from './pair-checker';
import type { User } from './wire';

/** Where to, and whose processor time to count beside the generator's own. */
export interface Target {
  readonly wire: string;
  readonly port: number;
  readonly pid: number;
}

export interface Pair {
  readonly sender: User;
  readonly receiver: User;
}

/** Both are online; each sender has up to `window` messages under way. A message leaves the window when it is both
 *  accepted, as far as the wire tells, and delivered. */
export interface LiveOrder {
  readonly kind: 'live';
  readonly target: Target;
  readonly pairs: readonly Pair[];
  readonly window: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
}

/** Both are online; messages are sent when they are due, whether or not earlier ones have arrived. */
export interface PacedOrder {
  readonly kind: 'paced';
  readonly target: Target;
  readonly pairs: readonly Pair[];
  readonly messagesPerS: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
}

/** Nobody receives; each sender goes round the recipients with up to `inFlight` messages that are not accepted yet, until
 *  so many are accepted, or until so much time has passed since the warm-up. */
export interface StoreOrder {
  readonly kind: 'store';
  readonly target: Target;
  readonly senders: readonly User[];
  readonly recipients: readonly User[];
  readonly inFlight: number;
  readonly messages: number;
  readonly measureMsMax: number;
  /** Messages that are accepted before the measuring begins; they count among `messages`. */
  readonly warmUpMessages: number;
}

/** All recipients log in at once and acknowledge what they are sent. Messages of `senders` senders to each. */
export interface DrainOrder {
  readonly kind: 'drain';
  readonly target: Target;
  readonly recipients: readonly User[];
  readonly senders: number;
  /** By pair, as {@link StoreResult.accepted} has them. */
  readonly expected: readonly number[];
  /** The drain is over when nothing has come for so long. */
  readonly patienceMs: number;
}

/** Connections that log in and stay until the generator ends, beside whatever is ordered next. */
export interface IdleOrder {
  readonly kind: 'idle';
  readonly target: Target;
  readonly users: readonly User[];
  /** Logins at the same time. */
  readonly atOnce: number;
}

/** Connections that log in, send so many messages each to the recipients in turn, and stay until the generator ends. */
export interface StayOrder {
  readonly kind: 'stay';
  readonly target: Target;
  readonly users: readonly User[];
  readonly recipients: readonly User[];
  readonly messagesEach: number;
  /** Logins at the same time. */
  readonly atOnce: number;
}

/** Everybody who was ordered to idle must still be there. */
export interface RollCallOrder {
  readonly kind: 'rollCall';
  readonly target: Target;
}

/** Recipients connect once, so that messages are kept for them. */
export interface EnrolOrder {
  readonly kind: 'enrol';
  readonly target: Target;
  readonly users: readonly User[];
}

export type Order =
  | LiveOrder
  | PacedOrder
  | StoreOrder
  | DrainOrder
  | IdleOrder
  | StayOrder
  | RollCallOrder
  | EnrolOrder;

/** Shares of one core, over what was measured: 1 is a whole one. */
export interface CpuShares {
  readonly server: number;
  readonly generator: number;
  /** Everything else on the machine: above a little, the figure is worth little. */
  readonly others: number;
}

export interface RateResult {
  readonly messages: number;
  readonly seconds: number;
  readonly cpu: CpuShares;
}

/** Of messages that were delivered, and what was wrong with that. */
export interface DeliveryResult extends RateResult {
  readonly faults: Faults;
}

export interface LatencyResult extends DeliveryResult {
  readonly latency: HistogramData;
}

export interface StoreResult extends RateResult {
  /** By pair (sender times the number of recipients, plus recipient): messages accepted, in the measuring or not. */
  readonly accepted: readonly number[];
}

export interface ResultOf {
  readonly live: LatencyResult;
  readonly paced: LatencyResult;
  readonly store: StoreResult;
  readonly drain: DeliveryResult;
  readonly idle: undefined;
  readonly stay: undefined;
  readonly rollCall: undefined;
  readonly enrol: undefined;
}

/** What the generator answers to an order. */
export type Answer =
  | { readonly kind: 'result'; readonly result: ResultOf[Order['kind']] }
  | { readonly kind: 'failure'; readonly reason: string };
