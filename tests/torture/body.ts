/** Bodies that say who sent them and cannot be mistaken: everything in one follows from its sender and number, so a
 *  receiver knows whether it came as it was sent. */

import { unknownSender } from './ledger-record';
import type { Alphabet } from './wires';

export interface BodyName {
  /** The index of the device, or {@link unknownSender}. */
  readonly sender: number;
  readonly number: number;
}

/** Escapes, bytes beyond ASCII, and what a careless codec would take for a line of its own, as far as the wire has them. */
const fillers: Readonly<Record<Alphabet, string>> = {
  any: 'lorem\nipsum \\ dólor\r\n* 1 1789000000000 user0 user1 sit — amet 🦊 ',
  line: 'lorem ipsum \\ dólor * 1 1789000000000 user0 user1 sit — amet From: 🦊 ',
  ascii: 'lorem\nipsum \\ ||| dolor\r\n* 1 1789000000000 user0 user1 sit ~ amet ',
};

/** The longest of all: a request of the classic wire has to stay in one piece. */
const longest: Readonly<Record<Alphabet, number>> = { any: 48_000, line: 4_000, ascii: 48_000 };

/** The body of a device's message: mostly some dozens of bytes, one in 40 some thousands, one in 1,000 nearly as long as
 *  a body may be. */
export function bodyOf(sender: number, number: number, alphabet: Alphabet): string {
  const mixed = Math.imul(sender * 0x1f1f + number, 0x9e3779b1) >>> 0;
  const sizes = mixed % 1_000 === 0 ? longest[alphabet] : mixed % 40 === 0 ? 4_000 : 200;
  const length = (mixed >>> 10) % sizes;
  const filler = fillers[alphabet];
  const text = filler.repeat(Math.ceil((length + 1) / filler.length));
  // A surrogate pair that is cut in two would not come back as it went.
  return `${sender}.${number} ${text.slice(0, length).replace(/[\ud800-\udbff]$/, '')}`;
}

/** Who sent a body, if somebody can have. `expected` is what a message looks like where it was shown. */
export function nameOf(body: string, expected: (sender: number, number: number) => string | undefined): BodyName {
  const name = nameAt(body);
  if (name === undefined || expected(name.sender, name.number) !== body) return { sender: unknownSender, number: 0 };
  return name;
}

/** Whose body a text begins with, if that is all there yet. */
export function nameAt(text: string): BodyName | undefined {
  const match = /^(\d{1,4})\.(\d{1,9}) /.exec(text);
  return match === null ? undefined : { sender: Number(match[1]), number: Number(match[2]) };
}
