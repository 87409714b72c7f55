/** What clients write down, one line for each thing that happened, and the line as text. */

/** A message is named by the index of the device that sent it and by its `number` there, from 1. */
export type LedgerRecord =
  /** This device is about to send. */
  | { readonly kind: 'sent'; readonly number: number; readonly log: number }
  /** The sender was told OK. `seq` is {@link untoldSeq} on a wire that does not say. */
  | { readonly kind: 'acknowledged'; readonly number: number; readonly seq: number }
  /** The sender was told no. */
  | { readonly kind: 'refused'; readonly number: number; readonly status: number }
  /** A connection begins, the `visit`th of this device: what follows comes on it. Written for clients that speak other wires
   *  than cmap. */
  | { readonly kind: 'connected'; readonly visit: number }
  /** A message appeared on this device. `sender` is {@link unknownSender} when no device can have sent such a body; `log` is
   *  {@link untoldLog} and `seq` {@link untoldSeq} on a wire that does not say. */
  | {
      readonly kind: 'shown';
      readonly log: number;
      readonly seq: number;
      readonly at: number;
      readonly sender: number;
      readonly number: number;
    };

export const unknownSender = -1;
/** Not the place of any log; -1 is a log that nobody knows. */
export const untoldLog = -2;
export const untoldSeq = 0;

/** A line without its end. The full stop tells a whole line from one that a SIGKILL cut off in the middle of a number. */
export function formatRecord(record: LedgerRecord): string {
  switch (record.kind) {
    case 'sent':
      return `s ${record.number} ${record.log}.`;
    case 'acknowledged':
      return `a ${record.number} ${record.seq}.`;
    case 'refused':
      return `r ${record.number} ${record.status}.`;
    case 'connected':
      return `c ${record.visit}.`;
    case 'shown':
      return `m ${record.log} ${record.seq} ${record.at} ${record.sender} ${record.number}.`;
  }
}

/** How many numbers a line of each kind has. */
const lengths: Readonly<Record<string, number>> = { s: 2, a: 2, r: 2, c: 1, m: 5 };
const shape = /^([sarcm])((?: -?\d{1,16}){1,5})\.$/;

/** `undefined` for what is no whole line. */
export function parseRecord(line: string): LedgerRecord | undefined {
  const match = shape.exec(line);
  if (match === null) return undefined;
  const numbers = (match[2] ?? '').slice(1).split(' ').map(Number);
  if (numbers.length !== lengths[match[1] ?? '']) return undefined;
  const [first = 0, second = 0, at = 0, sender = 0, number = 0] = numbers;
  switch (match[1]) {
    case 's':
      return { kind: 'sent', number: first, log: second };
    case 'a':
      return { kind: 'acknowledged', number: first, seq: second };
    case 'r':
      return { kind: 'refused', number: first, status: second };
    case 'c':
      return { kind: 'connected', visit: first };
    default:
      return { kind: 'shown', log: first, seq: second, at, sender, number };
  }
}
