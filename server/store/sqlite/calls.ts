/** Calls by name and what came of them, as they cross between threads. */

import { ChatError, type ErrorCode, type ErrorDetail } from '../../../shared/errors';
import { codeOf, messageOf, textOf } from './open-failure';

type Callable = (...args: never[]) => unknown;

/** A name in `Table` with arguments that fit it. */
export type Call<Table extends Record<keyof Table, Callable>> = {
  readonly [Name in keyof Table]: { readonly name: Name; readonly args: Parameters<Table[Name]> };
}[keyof Table];

/** An error with what a thread boundary would take from it. */
export interface Fault {
  readonly code: string;
  readonly message: string;
  readonly stack: string | undefined;
}

export type CallOutcome =
  | { readonly kind: 'returned'; readonly value: unknown }
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly detail: ErrorDetail };

/** Makes the call. A ChatError is an outcome like any other; whatever else is thrown is not caught here. */
export function perform<Table extends Record<keyof Table, Callable>>(table: Table, call: Call<Table>): CallOutcome {
  try {
    const method: Callable = table[call.name];
    return { kind: 'returned', value: method(...(call.args as never[])) };
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    return { kind: 'refused', code: error.code, detail: error.detail };
  }
}

/** The fault of a store, as its callers see it. */
export type StoreFailure = 'store_full' | 'store_failed';

export function failureOf(error: unknown): StoreFailure {
  return codeOf(error) === 'SQLITE_FULL' ? 'store_full' : 'store_failed';
}

export function faultOf(error: unknown): Fault {
  return { code: codeOf(error), message: messageOf(error), stack: textOf(error, 'stack') };
}

/** The error again, on the other side. */
export function errorOf({ code, message, stack }: Fault): Error {
  return Object.assign(new Error(message), { code, stack });
}
