/** Pieces of known length, gathered from bytes that come in any fragmentation: what wires with a length in front of
 *  their content are decoded with. */

/** Bytes of a length that is known before they are there. What a decoder holds is the length of its piece, however
 *  small the fragments are. */
export class Piece {
  readonly bytes: Uint8Array;
  private gathered = 0;

  constructor(lengthBytes: number) {
    this.bytes = new Uint8Array(lengthBytes);
  }

  get isFull(): boolean {
    return this.gathered === this.bytes.length;
  }

  /** What has come of it. */
  get begun(): Uint8Array {
    return this.bytes.subarray(0, this.gathered);
  }

  /** Takes what it lacks from the beginning of `source`; gives how many bytes that were. */
  gather(source: Uint8Array): number {
    const taken = source.subarray(0, this.bytes.length - this.gathered);
    this.bytes.set(taken, this.gathered);
    this.gathered += taken.length;
    return taken.length;
  }
}

const empty = new Uint8Array(0);

/** The bytes that came last, dealt out to pieces. Each byte is copied once. */
export class PieceReader {
  private rest: Uint8Array = empty;

  /** Only when everything that was pushed before has been dealt out. */
  push(chunk: Uint8Array): void {
    this.rest = chunk;
  }

  /** Whether the piece is full now; if not, everything that was pushed is in it. */
  fill(piece: Piece): boolean {
    this.rest = this.rest.subarray(piece.gather(this.rest));
    return piece.isFull;
  }

  /** Throws at most `count` bytes away; gives how many. */
  skip(count: number): number {
    const skipped = Math.min(count, this.rest.length);
    this.rest = this.rest.subarray(skipped);
    return skipped;
  }
}
