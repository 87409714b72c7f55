/** Bodies that say who sent them and cannot be mistaken: everything in one follows from its sender and number, so a
 *  receiver knows whether it came as it was sent. */

import { unknownSender } from './ledger-record';

export interface BodyName {
  /** The index of the device, or {@link unknownSender}. */
  readonly sender: number;
  readonly number: number;
}

/** Escapes, bytes beyond ASCII, and what a careless codec would take for a line of its own. */
const filler = 'lorem\nipsum \\ dólor\r\n* 1 1789000000000 user0 user1 sit — amet 🦊 ';

/** The body of a device's message: mostly some dozens of bytes, one in 40 some thousands, one in 1,000 nearly as long as
 *  a body may be. */
export function bodyOf(sender: number, number: number): string {
  const mixed = Math.imul(sender * 0x1f1f + number, 0x9e3779b1) >>> 0;
  const sizes = mixed % 1_000 === 0 ? 48_000 : mixed % 40 === 0 ? 4_000 : 200;
  const length = (mixed >>> 10) % sizes;
  const text = filler.repeat(Math.ceil((length + 1) / filler.length));
  // A surrogate pair that is cut in two would not come back as it went.
  return `${sender}.${number} ${text.slice(0, length).replace(/[\ud800-\udbff]$/, '')}`;
}

/** Who sent a body, if somebody can have. */
export function nameOf(body: string): BodyName {
  const match = /^(\d{1,4})\.(\d{1,9}) /.exec(body);
  const sender = Number(match?.[1]);
  const number = Number(match?.[2]);
  if (match === null || bodyOf(sender, number) !== body) return { sender: unknownSender, number: 0 };
  return { sender, number };
}
