/** Text of other wires as ASCII: all that this wire carries. */

const firstBeyondAscii = 0x80;
const firstOfSequence = 0xc0;
const questionMark = 0x3f;

/** Valid UTF-8 with a `?` for each code point that ASCII lacks; `text` itself where it lacks none. ASCII's controls,
 *  line breaks among them, stay as they are. */
export function toAscii(text: Uint8Array): Uint8Array {
  if (!text.some((byte) => byte >= firstBeyondAscii)) return text;
  const ascii = new Uint8Array(text.length);
  let written = 0;
  for (const byte of text) {
    if (byte < firstBeyondAscii) ascii[written++] = byte;
    else if (byte >= firstOfSequence) ascii[written++] = questionMark;
  }
  return ascii.subarray(0, written);
}
