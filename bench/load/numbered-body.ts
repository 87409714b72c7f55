/** A message body that says which message it is: five digits of a pair, eight of the message's number in that pair, and
 *  filling. Written and read in place. */

export const bodyBytes = 100;

const pairDigits = 5;
const numberDigits = 8;
const zero = 0x30;

/** The body of the next message of one pair; `bytes` is the same memory each time. */
export class NumberedBody {
  readonly bytes: Uint8Array;

  /** @param pair 0 to 99,999 */
  constructor(pair: number, lengthBytes = bodyBytes) {
    this.bytes = Buffer.alloc(lengthBytes, 'x');
    writeDigits(this.bytes, 0, pairDigits, pair);
  }

  /** @param number 0 to 99,999,999 */
  numbered(number: number): Uint8Array {
    writeDigits(this.bytes, pairDigits, numberDigits, number);
    return this.bytes;
  }
}

/** The pair of the body that starts at `start`. */
export function pairOf(bytes: Uint8Array, start: number): number {
  return readDigits(bytes, start, pairDigits);
}

/** The number of the body that starts at `start`; NaN when these are no digits. */
export function numberOf(bytes: Uint8Array, start: number): number {
  return readDigits(bytes, start + pairDigits, numberDigits);
}

function writeDigits(bytes: Uint8Array, at: number, digits: number, value: number): void {
  let rest = value;
  for (let i = at + digits - 1; i >= at; i -= 1) {
    const quotient = (rest / 10) | 0;
    bytes[i] = zero + rest - quotient * 10;
    rest = quotient;
  }
}

function readDigits(bytes: Uint8Array, at: number, digits: number): number {
  let value = 0;
  for (let i = at; i < at + digits; i += 1) {
    const digit = (bytes[i] as number) - zero;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}
