/** Bytes as the specification writes them, put together without any part of the codec. */

/** One exchange as data: these bytes mean this value. */
export interface Vector<Value> {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly value: Value;
}

/** ASCII as text, everything else as numbers: `wire('3 bob ', [0xc3, 0xa9], '\n')`. */
export function wire(...parts: readonly (string | readonly number[])[]): Uint8Array {
  const bytes = parts.flatMap((part) => (typeof part === 'string' ? asciiBytes(part) : part));
  return Uint8Array.from(bytes);
}

function asciiBytes(text: string): number[] {
  return [...text].map((character) => {
    const code = character.charCodeAt(0);
    if (code >= 0x80) throw new Error(`write ${character} as bytes`);
    return code;
  });
}

/** Every way to deliver `bytes` in two pieces, a piece being empty at the ends, and the way byte by byte. */
export function splits(bytes: Uint8Array): Uint8Array[][] {
  const ways: Uint8Array[][] = [];
  for (let at = 0; at <= bytes.length; at += 1) ways.push([bytes.slice(0, at), bytes.slice(at)]);
  ways.push([...bytes].map((byte) => Uint8Array.of(byte)));
  return ways;
}
