/** What clients write down, one line for each thing that happened, and the line as text. */

/** A message is named by the index of the device that sent it and by its `number` there, from 1. */
export type LedgerRecord =
  /** This device is about to send. */
  | { readonly kind: 'sent'; readonly number: number; readonly log: number }
  /** The sender was told OK. */
  | { readonly kind: 'acknowledged'; readonly number: number; readonly seq: number }
  /** The sender was told no. */
  | { readonly kind: 'refused'; readonly number: number; readonly status: number }
  /** A message appeared on this device. `sender` is {@link unknownSender} when no device can have sent such a body. */
  | {
      readonly kind: 'shown';
      readonly log: number;
      readonly seq: number;
      readonly at: number;
      readonly sender: number;
      readonly number: number;
    };

export const unknownSender = -1;

/** A line without its end. The full stop tells a whole line from one that a SIGKILL cut off in the middle of a number. */
export function formatRecord(record: LedgerRecord): string {
  switch (record.kind) {
    case 'sent':
      return `s ${record.number} ${record.log}.`;
    case 'acknowledged':
      return `a ${record.number} ${record.seq}.`;
    case 'refused':
      return `r ${record.number} ${record.status}.`;
    case 'shown':
      return `m ${record.log} ${record.seq} ${record.at} ${record.sender} ${record.number}.`;
  }
}

const shape = /^([samr])((?: -?\d{1,16}){2,5})\.$/;

/** `undefined` for what is no whole line. */
export function parseRecord(line: string): LedgerRecord | undefined {
  const match = shape.exec(line);
  if (match === null) return undefined;
  const [first = 0, second = 0, at, sender, number] = (match[2] ?? '').slice(1).split(' ').map(Number);
  switch (match[1]) {
    case 's':
      return { kind: 'sent', number: first, log: second };
    case 'a':
      return { kind: 'acknowledged', number: first, seq: second };
    case 'r':
      return { kind: 'refused', number: first, status: second };
    default:
      if (at === undefined || sender === undefined || number === undefined) return undefined;
      return { kind: 'shown', log: first, seq: second, at, sender, number };
  }
}
