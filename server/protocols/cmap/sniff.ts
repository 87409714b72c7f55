/** Who is on the line: told by the first bytes of a connection, once, without a timer.
 *  @see docs/protocol.md#one-port */

/** `classic` cmap version 1; `modern` version 2. */
export type Speaker = 'classic' | 'modern' | 'http' | 'tls';

const httpMethods = ['GET ', 'POST ', 'HEAD ', 'OPTIONS '];
const tlsHandshake = 0x16;

/** Who speaks, or `undefined` while these bytes could still become more than one. At most 8 bytes decide. */
export function sniff(bytes: Uint8Array): Speaker | undefined {
  if (bytes.length === 0) return undefined;
  if (bytes[0] === tlsHandshake) return 'tls';
  const start = String.fromCharCode(...bytes.subarray(0, 8));
  if (start.startsWith('1')) return sniffClassic(start);
  if (httpMethods.some((method) => start.startsWith(method))) return 'http';
  return httpMethods.some((method) => method.startsWith(start)) ? undefined : 'modern';
}

/** Version 1 begins with `1`, a space and an opcode of one digit, 0 to 6. */
function sniffClassic(start: string): Speaker | undefined {
  if (start === '1' || start === '1 ') return undefined;
  return /^1 [0-6]/.test(start) ? 'classic' : 'modern';
}
