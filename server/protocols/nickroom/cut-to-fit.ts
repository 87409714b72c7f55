/** Texts that are too long for a packet, cut. */

const ellipsis = '…';
const ellipsisBytes = 3;

/** The longest beginning of `text`, whole code points of it, that takes at most `jsonBytesMax` bytes of UTF-8 inside a
 *  JSON string when an ellipsis follows it. `jsonBytesMax` is 3 or more; `text` is too long for it. */
export function cutToFit(text: string, jsonBytesMax: number): string {
  let roomBytes = jsonBytesMax - ellipsisBytes;
  let end = 0;
  for (const character of text) {
    roomBytes -= jsonBytes(character);
    if (roomBytes < 0) break;
    end += character.length;
  }
  return text.slice(0, end) + ellipsis;
}

/** What one code point takes inside a JSON string, as JSON.stringify writes it. */
function jsonBytes(character: string): number {
  const code = character.codePointAt(0) as number;
  if (code < 0x20) return shortEscapes.has(character) ? 2 : 6;
  if (code < 0x80) return character === '"' || character === '\\' ? 2 : 1;
  if (code < 0x800) return 2;
  return code < 0x1_0000 ? 3 : 4;
}

const shortEscapes: ReadonlySet<string> = new Set(['\b', '\t', '\n', '\f', '\r']);
