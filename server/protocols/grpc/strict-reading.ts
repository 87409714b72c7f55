/** Requests read as the specification of protocol buffers asks. The library is lenient: it cuts a text short that says it
 *  is longer than its message, and replaces what is not UTF-8, so that a message would arrive other than it was sent. */

import { isUtf8 } from 'node:buffer';

/** What a field's key says about the bytes after it. */
const wireType = { varint: 0, fixed64: 1, length: 2, fixed32: 5 } as const;
const varintBytesMax = 10;

/** Throws unless `bytes` are whole fields of a message without messages in it, and the fields whose numbers are in
 *  `texts` are UTF-8. */
export function checkFields(bytes: Uint8Array, texts: ReadonlySet<number>): void {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let count = 0; count < varintBytesMax; count += 1) {
      const byte = bytes[at++];
      if (byte === undefined) break;
      value += (byte & 0x7f) * 2 ** (7 * count);
      if (byte < 0x80) return value;
    }
    throw new Error('a number is cut short or too long');
  };
  while (at < bytes.length) {
    const key = varint();
    const type = key % 8;
    if (type === wireType.varint) varint();
    else if (type === wireType.fixed64) at += 8;
    else if (type === wireType.fixed32) at += 4;
    else if (type === wireType.length) {
      const length = varint();
      if (texts.has(Math.floor(key / 8)) && !isUtf8(bytes.subarray(at, at + length))) throw new Error('not UTF-8');
      at += length;
    } else throw new Error(`no such wire type: ${type}`);
  }
  if (at > bytes.length) throw new Error('a field is cut short');
}
