/** Text of other wires as this wire can carry it: ASCII in which no separator of fields can be found.
 *  @see docs/protocols/chatbot.md#text-of-other-wires */

const firstBeyondAscii = 0x80;
const firstOfSequence = 0xc0;
const questionMark = 0x3f;
const bar = 0x7c;
/** Bars that make a separator of fields. */
const separatorBytes = 3;

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

/** Valid UTF-8 as the last field of a frame: as {@link toAscii} gives it, with a `?` for each bar that could be read as
 *  part of a separator. These are the bars of a run of three or more, and those at the beginning, which would touch the
 *  separator before the field. `text` itself where there is nothing to replace. */
export function toField(text: Uint8Array): Uint8Array {
  const ascii = toAscii(text);
  let field = ascii;
  for (let begin = ascii.indexOf(bar); begin !== -1; ) {
    let end = begin + 1;
    while (ascii[end] === bar) end += 1;
    if (begin === 0 || end - begin >= separatorBytes) {
      if (field === ascii) field = new Uint8Array(ascii);
      field.fill(questionMark, begin, end);
    }
    begin = ascii.indexOf(bar, end);
  }
  return field;
}
