/** Says of pieces of text which cannot hold certain characters behind one another, so that they need not be searched. */

/** Slots of a piece: with 512 characters, a third of them are taken. */
const slotBits = 11;
const wordsPerPiece = (1 << slotBits) / 32;

function slotOf(gram: number): number {
  return Math.imul(gram, 0x9e3779b1) >>> (32 - slotBits);
}

/** Each two and each three characters of `text` that stand behind one another, as numbers. */
function eachGram(text: string, take: (slot: number) => void): void {
  let last = 0;
  let pair = 0;
  for (let i = 0; i < text.length; i += 1) {
    const character = text.charCodeAt(i);
    if (i >= 2) take(slotOf((pair << 7) ^ character));
    pair = (last << 7) ^ character;
    if (i >= 1) take(slotOf(pair));
    last = character;
  }
}

/** What {@link GramFilter.mayHold} takes: the slots of all two and all three characters of `text` behind one another. */
export function gramsOf(text: string): number[] {
  const slots: number[] = [];
  eachGram(text, (slot) => slots.push(slot));
  return slots;
}

/** 256 bytes for each piece. */
export class GramFilter {
  private readonly bits: Uint32Array;

  constructor(pieces: readonly string[]) {
    this.bits = new Uint32Array(pieces.length * wordsPerPiece);
    for (const [index, piece] of pieces.entries()) this.enter(index * wordsPerPiece, piece);
  }

  /** False when the piece of this index does not have all of `grams`. */
  mayHold(index: number, grams: readonly number[]): boolean {
    const row = index * wordsPerPiece;
    for (const slot of grams) {
      if ((((this.bits[row + (slot >>> 5)] ?? 0) >>> (slot & 31)) & 1) === 0) return false;
    }
    return true;
  }

  private enter(row: number, piece: string): void {
    const { bits } = this;
    eachGram(piece, (slot) => {
      const word = row + (slot >>> 5);
      bits[word] = (bits[word] ?? 0) | (1 << (slot & 31));
    });
  }
}
