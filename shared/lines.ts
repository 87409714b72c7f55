/** Bytes, as they come, to lines. */

import { CR, isPlainUtf8, LF } from './bytes';

/** Cuts a stream of bytes into lines that end in LF or CRLF, holding at most one partial line.
 *  Feed it with {@link LineDecoder.push}, then take lines with {@link LineDecoder.next} until there is none. */
export class LineDecoder {
  /** The line that {@link LineDecoder.next} gave last is known to be UTF-8 without NUL, as all of its chunk is. When this
   *  is false nobody knows. */
  isPlain = false;
  private isChunkPlain = false;
  private chunk: Uint8Array = empty;
  private offset = 0;
  private partial: Uint8Array = empty;
  private partialBytes = 0;

  /** `lineBytesMax` is the longest line, line end excluded; it may change between two lines. */
  constructor(public lineBytesMax: number) {}

  /** Adds bytes; the decoder keeps a view of them until they are taken as lines. Only when the last
   *  {@link LineDecoder.next} returned `undefined`. */
  push(chunk: Uint8Array): void {
    this.chunk = chunk;
    this.offset = 0;
    this.isChunkPlain = chunk.length >= plainCheckBytesMin && isPlainUtf8(chunk);
  }

  /** The next line without its end; `undefined` when more bytes are needed; `'too_long'` when the line is longer
   *  than allowed, after which the stream cannot be read any further. The line may be a view of the bytes that were
   *  pushed. */
  next(): Uint8Array | 'too_long' | undefined {
    const end = this.chunk.indexOf(LF, this.offset);
    if (end !== -1 && this.partialBytes === 0) return this.whole(end);
    this.isPlain = false;
    const rest = this.chunk.subarray(this.offset, end === -1 ? this.chunk.length : end);
    if (this.lengthWith(rest) > this.lineBytesMax) return 'too_long';
    if (end === -1) {
      this.keep(rest);
      this.chunk = empty;
      this.offset = 0;
      return undefined;
    }
    this.offset = end + 1;
    return withoutCr(this.partialBytes === 0 ? rest : this.joined(rest));
  }

  /** A line that lies in one chunk, as nearly all do, ending before `lineFeed`. */
  private whole(lineFeed: number): Uint8Array | 'too_long' {
    const { chunk, offset } = this;
    const end = lineFeed > offset && chunk[lineFeed - 1] === CR ? lineFeed - 1 : lineFeed;
    if (end - offset > this.lineBytesMax) return 'too_long';
    this.offset = lineFeed + 1;
    this.isPlain = this.isChunkPlain;
    return chunk.subarray(offset, end);
  }

  /** The first `bytesMax` bytes of the line that is too long, to tell what it asked for. */
  head(bytesMax: number): Uint8Array {
    const kept = this.partial.subarray(0, Math.min(this.partialBytes, bytesMax));
    const rest = this.chunk.subarray(this.offset, this.offset + bytesMax - kept.length);
    const head = new Uint8Array(kept.length + rest.length);
    head.set(kept);
    head.set(rest, kept.length);
    return head;
  }

  /** How long the line is at least: a CR at the end of what came may belong to the line end. */
  private lengthWith(rest: Uint8Array): number {
    const last = rest.length === 0 ? this.partial[this.partialBytes - 1] : rest.at(-1);
    const length = this.partialBytes + rest.length;
    return last === CR ? length - 1 : length;
  }

  private joined(rest: Uint8Array): Uint8Array {
    this.keep(rest);
    const line = this.partial.subarray(0, this.partialBytes);
    this.partial = empty;
    this.partialBytes = 0;
    return line;
  }

  /** Doubling keeps a line that comes byte by byte from being copied at every byte. */
  private keep(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const needed = this.partialBytes + bytes.length;
    if (needed > this.partial.length) {
      const grown = new Uint8Array(Math.max(needed, this.partial.length * 2));
      grown.set(this.partial.subarray(0, this.partialBytes));
      this.partial = grown;
    }
    this.partial.set(bytes, this.partialBytes);
    this.partialBytes = needed;
  }
}

/** From this size on one look at a whole chunk costs less than a look at each of its lines: 64 lines of 110 bytes took 1.2
 *  us instead of 6. */
const plainCheckBytesMin = 512;

const empty = new Uint8Array(0);

function withoutCr(line: Uint8Array): Uint8Array {
  return line.at(-1) === CR ? line.subarray(0, -1) : line;
}
