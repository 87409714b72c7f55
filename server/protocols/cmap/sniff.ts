/** Protocol detection: decides from the first bytes of a connection which protocol it speaks, once and without a timer.
 *  @see docs/protocol.md#one-port */

import { LF } from '../../../shared/bytes';
import { commands } from '../../../shared/cmap';

/** `classic` is cmap version 1, or a client of another version that expects version 1's refusal; `modern` is cmap
 *  version 2; `binary` is no protocol of this port. */
export type Speaker = 'classic' | 'modern' | 'http' | 'tls' | 'binary';

const httpMethods = ['GET ', 'POST ', 'HEAD ', 'OPTIONS '];
const tlsHandshake = 0x16;

/** Longer than any HTTP method, and than the head of a request that {@link isOtherClassicVersion} accepts. */
const headBytesMax = 16;

/** The protocol of a connection on which exactly `received` has arrived so far; `undefined` while that is the start of
 *  more than one. A packet boundary decides one case only: see {@link isOtherClassicVersion}. */
export function sniff(received: Uint8Array): Speaker | undefined {
  if (received.length === 0) return undefined;
  if (received[0] === tlsHandshake) return 'tls';
  const head = String.fromCharCode(...received.subarray(0, headBytesMax));
  if (head === '1' || head === '1 ') return undefined;
  if (/^1 [0-9]/.test(head)) return 'classic';
  if (httpMethods.some((method) => head.startsWith(method))) return 'http';
  if (httpMethods.some((method) => method.startsWith(head))) return undefined;
  // A version 2 client ends its request with a line feed, and is answered without any help from here.
  if (received.includes(LF)) return 'modern';
  if (received[0] === 0) return 'binary';
  return isOtherClassicVersion(head) ? 'classic' : 'modern';
}

/** Version 2 requests that start like one of another classic version in ordinary use: `7 2 ack`, `18 1`. */
const opcodesBeforeNumber: ReadonlySet<string> = new Set(
  commands.filter(({ name }) => name === 'hello' || name === 'ping').map(({ opcode }) => String(opcode)),
);

/** Whether a packet without a line feed is a classic request, `<version> <opcode> <arguments>`, of a version other than 1:
 *  a number, a space, one digit, and a space or the end of the packet. A version 2 client that sends its first line in
 *  pieces looks the same only if it cuts that line right behind such a digit. */
function isOtherClassicVersion(head: string): boolean {
  const version = /^([0-9][0-9.]{0,9}) [0-9](?: |$)/.exec(head)?.[1];
  return version !== undefined && !opcodesBeforeNumber.has(version);
}
