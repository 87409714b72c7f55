/** One message as its sender means it, however often it is tried. */

import type { LogId } from '../../server/core/ports';

export interface Send {
  /** From 1; it is also the message's body. */
  readonly number: number;
  readonly from: string;
  readonly to: string;
  readonly key: string | undefined;
  /** Requests that carried it. */
  tries: number;
  /** Where the sender was told that it is stored. */
  stored: { readonly log: LogId; readonly seq: number } | undefined;
  /** The sender has the answer, or has given up. */
  isSettled: boolean;
  /** It was refused at its only try. */
  isRefused: boolean;
}

const zero = 0x30;

export function bodyOf({ number }: Send): Uint8Array {
  const digits = `${number}`;
  const body = new Uint8Array(digits.length);
  for (let i = 0; i < digits.length; i += 1) body[i] = digits.charCodeAt(i);
  return body;
}

/** The number of the send whose body this is. */
export function numberOf(body: Uint8Array): number {
  let number = 0;
  for (const byte of body) number = number * 10 + byte - zero;
  return number;
}
