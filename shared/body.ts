/** Message bodies as cmap writes them: `\n`, `\r` and `\\` stand for line feed, carriage return and backslash.
 *  @see docs/protocol.md#requests */

import { BACKSLASH, type ByteWriter, CR, LF } from './bytes';
import { ChatError } from './errors';

/** As imports they are looked up anew for each byte where modules are CommonJS: 50 KB took 2.8 ms instead of 0.13. */
const [lineFeed, carriageReturn, backslash] = [LF, CR, BACKSLASH] as const;
const letterN = 0x6e;
const letterR = 0x72;

/** The body that `escaped` stands for; `escaped` itself where it holds no escape.
 *  @throws ChatError escape_unknown */
export function unescapeBody(escaped: Uint8Array): Uint8Array {
  let read = escaped.indexOf(BACKSLASH);
  if (read === -1) return escaped;
  const body = new Uint8Array(escaped.length);
  body.set(escaped.subarray(0, read));
  let written = read;
  while (read < escaped.length) {
    let byte = escaped[read] as number;
    if (byte === BACKSLASH) {
      read += 1;
      byte = unescapeByte(escaped[read]);
    }
    body[written++] = byte;
    read += 1;
  }
  return body.subarray(0, written);
}

function unescapeByte(letter: number | undefined): number {
  if (letter === letterN) return LF;
  if (letter === letterR) return CR;
  if (letter === BACKSLASH) return BACKSLASH;
  throw new ChatError('escape_unknown');
}

/** Writes `body` so that it stands on one line. */
export function writeEscapedBody(out: ByteWriter, body: Uint8Array): void {
  let start = 0;
  for (let i = 0; i < body.length; i += 1) {
    const byte = body[i];
    if (byte !== lineFeed && byte !== carriageReturn && byte !== backslash) continue;
    out.raw(body.subarray(start, i));
    out.byte(backslash);
    out.byte(byte === lineFeed ? letterN : byte === carriageReturn ? letterR : backslash);
    start = i + 1;
  }
  out.raw(start === 0 ? body : body.subarray(start));
}
