/** Padding for classic clients, which read 1,024 bytes at a time and look at each read by itself: they decode it as UTF-8,
 *  and wait for a read whose last four bytes are `\r\n\r\n`. A character or an end that two reads share stops them.
 *
 *  Offsets count from the start of a write, which is `ByteWriter.length` while the write is being gathered. A client whose
 *  receive buffer is empty when a write arrives starts its reads there; TCP promises no more. The padding is spaces.
 *  @see docs/protocol.md#reads-of-1024-bytes */

import { type ByteWriter, decodeText, encodeText, SP, utf8Length } from '../../../../shared/bytes';

const readBytes = 1_024;

export const burstEnd = '\r\n\r\n';

/** UTF-8 takes at most this many bytes for one unit of a JavaScript string. */
const bytesPerUnitMax = 3;

const graphemes = new Intl.Segmenter();

/** Writes `text` so that no character crosses a multiple of 1,024 bytes. Where one would, the last space before it in the
 *  same 1,024 bytes becomes up to four; without a space there, the padding is put right before the character. */
export function writeAligned(out: ByteWriter, text: string): void {
  if (roomInRead(out) >= text.length * bytesPerUnitMax) {
    out.text(text);
    return;
  }
  let rest = encodeText(text);
  while (rest.length > roomInRead(out)) {
    const room = roomInRead(out);
    const end = characterStart(rest, room);
    const place = end === room ? end : leastVisiblePlace(rest, end);
    out.raw(rest.subarray(0, place));
    writeSpaces(out, room - end);
    out.raw(rest.subarray(place, end));
    rest = rest.subarray(end);
  }
  out.raw(rest);
}

/** Writes what ends a burst, within one read. */
export function writeBurstEnd(out: ByteWriter): void {
  alignBurstEnd(out);
  out.text(burstEnd);
}

/** Makes a burst end that follows fit into one read: up to three spaces. Idempotent. */
export function alignBurstEnd(out: ByteWriter): void {
  const room = roomInRead(out);
  if (room < burstEnd.length) writeSpaces(out, room);
}

/** Fills the write up to a multiple of 1,024 bytes: reads of the next write have the same boundaries, whether the client
 *  is still reading this one by then or not. */
export function fillRead(out: ByteWriter): void {
  writeSpaces(out, roomInRead(out) % readBytes);
}

/** Bytes up to the next boundary: 1 to 1,024. */
function roomInRead(out: ByteWriter): number {
  return readBytes - (out.length % readBytes);
}

function writeSpaces(out: ByteWriter, count: number): void {
  if (count > 0) out.text(' '.repeat(count));
}

/** Where the character that holds the byte at `at` starts. */
function characterStart(bytes: Uint8Array, at: number): number {
  let start = at;
  while (isContinuation(bytes[start])) start -= 1;
  return start;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

/** Where to pad in front of the character at `end`: behind the last space, or else before what is displayed as one
 *  character with it, such as the letter of an accent. */
function leastVisiblePlace(bytes: Uint8Array, end: number): number {
  const space = bytes.subarray(0, end).lastIndexOf(SP);
  if (space !== -1) return space + 1;
  let next = end + 1;
  while (isContinuation(bytes[next])) next += 1;
  const before = decodeText(bytes, 0, end);
  const grapheme = graphemes.segment(decodeText(bytes, 0, next)).containing(before.length);
  return grapheme === undefined ? end : utf8Length(before.slice(0, grapheme.index));
}
