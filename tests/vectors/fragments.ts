/** `bytes` in pieces of these lengths, and what is left after them as the last. */
export function fragments(bytes: Uint8Array, lengths: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let begin = 0;
  for (const length of lengths) {
    pieces.push(bytes.subarray(begin, begin + length));
    begin += length;
  }
  return [...pieces, bytes.subarray(begin)];
}
