/** Where one element of an XML stream ends, found without reading what it says. */

const tagStart = 0x3c;
const tagEnd = 0x3e;
const slash = 0x2f;
const question = 0x3f;
const colon = 0x3a;
const singleQuote = 0x27;
const doubleQuote = 0x22;
const letterS = 0x73;
const streamOpen = Buffer.from('<stream:stream');

/** The index after the stream's child that starts at `start`, with all that is inside; -1 when it has not come whole.
 *  An XML declaration, and the tags that open and close the stream, are given as if they were children. */
export function stanzaEnd(bytes: Buffer, start: number, end: number): number {
  if (bytes[start + 1] === letterS && end - start < streamOpen.length) return -1;
  let depth = 0;
  let at = start;
  do {
    const close = tagClose(bytes, at, end);
    if (close < 0) return -1;
    if (isAlone(bytes, at)) return close + 1;
    if (bytes[at + 1] === slash) depth -= 1;
    else if (bytes[close - 1] !== slash) depth += 1;
    at = close + 1;
    if (depth === 0) return at;
    at = bytes.indexOf(tagStart, at);
  } while (at >= 0 && at < end);
  return -1;
}

/** Tags at the level of the stream that no other tag belongs to. */
function isAlone(bytes: Buffer, at: number): boolean {
  const first = bytes[at + 1];
  if (first === question) return true;
  const isStreamClose =
    first === slash && bytes[at + 2] === letterS && bytes[at + 8] === colon && bytes[at + 9] === letterS;
  return isStreamClose || streamOpen.equals(bytes.subarray(at, at + streamOpen.length));
}

/** Where the tag that starts at `start` has its `>`: the first that is not in quotes. */
function tagClose(bytes: Buffer, start: number, end: number): number {
  let quote = 0;
  for (let at = start + 1; at < end; at += 1) {
    const byte = bytes[at];
    if (quote !== 0) {
      if (byte === quote) quote = 0;
    } else if (byte === tagEnd) return at;
    else if (byte === singleQuote || byte === doubleQuote) quote = byte;
  }
  return -1;
}
