/** The nick room's packets: 2 bytes big-endian length, and that many bytes of UTF-8. No sockets.
 *  @see docs/protocols/nickroom.md#packets */

import { type ByteWriter, decodeText, encodeText } from '../../../shared/bytes';
import { ChatError } from '../../../shared/errors';
import type { UnixMs } from '../../core/ports';
import { Piece, PieceReader } from '../pieces';
import { cutToFit } from './cut-to-fit';

/** The most that two bytes can announce. */
export const packetBytesMax = 65_535;

/** A message of the room as clients get it. */
export interface RoomMessage {
  /** `YYYY-MM-DD HH:MM:SS`, UTC. */
  readonly timestamp: string;
  readonly nickname: string;
  readonly message: string;
}

const lengthBytes = 2;
/** What the requests of a browser begin with, GET, POST, HEAD and OPTIONS, read as lengths. */
const requestLengths: ReadonlySet<number> = new Set(
  ['GE', 'PO', 'HE', 'OP'].map((start) => lengthIn(encodeText(start))),
);

/** The content of a packet; `'too_long'` for one that was read to its end and not kept; `'no_packet'` for what begins like
 *  an HTTP request, after which nothing is decoded any more. Any page can make a browser send one to this port, and were
 *  it skipped as a packet that is too long, packets in what follows would be obeyed. */
export type DecodedPacket = Uint8Array | 'too_long' | 'no_packet';

/** Cuts a stream of bytes into packets, holding at most one that is not complete. */
export class PacketDecoder {
  private readonly reader = new PieceReader();
  private header = new Piece(lengthBytes);
  private content: Piece | undefined;
  /** Bytes of a packet that is too long, still to be thrown away. */
  private surplusBytes: number | undefined;
  private isLost = false;

  /** `contentBytesMax` is the longest content, 0 to 65,535; it may change between two packets. */
  constructor(public contentBytesMax: number) {}

  /** Only when the last {@link PacketDecoder.next} returned `undefined`. */
  push(chunk: Uint8Array): void {
    this.reader.push(chunk);
  }

  /** The next packet; `undefined` when more bytes are needed. */
  next(): DecodedPacket | undefined {
    if (this.isLost) return undefined;
    if (this.content === undefined && this.surplusBytes === undefined) {
      if (!this.reader.fill(this.header)) return undefined;
      const contentBytes = lengthIn(this.header.bytes);
      this.header = new Piece(lengthBytes);
      this.isLost = contentBytes > this.contentBytesMax && requestLengths.has(contentBytes);
      if (this.isLost) return 'no_packet';
      if (contentBytes > this.contentBytesMax) this.surplusBytes = contentBytes;
      else this.content = new Piece(contentBytes);
    }
    return this.content === undefined ? this.skip() : this.complete(this.content);
  }

  private skip(): 'too_long' | undefined {
    this.surplusBytes = (this.surplusBytes ?? 0) - this.reader.skip(this.surplusBytes ?? 0);
    if (this.surplusBytes > 0) return undefined;
    this.surplusBytes = undefined;
    return 'too_long';
  }

  private complete(content: Piece): Uint8Array | undefined {
    if (!this.reader.fill(content)) return undefined;
    this.content = undefined;
    return content.bytes;
  }
}

/** The nickname in a packet, which may begin with its length once more. What is not UTF-8 is no name, nor is `''`. */
export function nicknameIn(content: Uint8Array): string {
  return textOf(withoutSecondLength(content) ?? content) ?? '';
}

/** The `message` of the JSON in a packet, which may begin with its length once more; what else it says is ignored.
 *  @throws ChatError malformed */
export function messageIn(content: Uint8Array): string {
  // A bare packet of 31,524 bytes begins with `{"`, which is its length less two: JSON it is only when read whole.
  const message = messageOf(content) ?? messageOf(withoutSecondLength(content));
  if (message === undefined) throw new ChatError('malformed');
  return message;
}

/** Writes a word of the wire: ASCII of at most 65,535 characters. */
export function writeWord(out: ByteWriter, word: string): void {
  writePacket(out, encodeText(word));
}

/** Writes a message. One whose packet would be too long is cut at the end of a code point, and ends in `…`. */
export function writeMessage(out: ByteWriter, { timestamp, nickname, message }: RoomMessage): void {
  const write = (text: string): Uint8Array => encodeText(JSON.stringify({ timestamp, nickname, message: text }));
  const content = write(message);
  if (content.length <= packetBytesMax) writePacket(out, content);
  else writePacket(out, write(cutToFit(message, packetBytesMax - write('').length)));
}

/** `YYYY-MM-DD HH:MM:SS` in UTC. */
export function timestampOf(at: UnixMs): string {
  return new Date(at).toISOString().slice(0, 'YYYY-MM-DD HH:MM:SS'.length).replace('T', ' ');
}

function writePacket(out: ByteWriter, content: Uint8Array): void {
  out.byte(content.length >> 8);
  out.byte(content.length & 0xff);
  out.raw(content);
}

function lengthIn(bytes: Uint8Array): number {
  return ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);
}

/** What follows a second length that is true; `undefined` when the packet begins with none. */
function withoutSecondLength(content: Uint8Array): Uint8Array | undefined {
  if (content.length < lengthBytes || lengthIn(content) !== content.length - lengthBytes) return undefined;
  return content.subarray(lengthBytes);
}

/** Half a surrogate pair has no UTF-8: it could not be stored as it came. */
const halfPair = /\p{Cs}/u;

function messageOf(content: Uint8Array | undefined): string | undefined {
  const text = content === undefined ? undefined : textOf(content);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && 'message' in value;
    return isObject && typeof value.message === 'string' && !halfPair.test(value.message) ? value.message : undefined;
  } catch {
    return undefined;
  }
}

function textOf(content: Uint8Array): string | undefined {
  try {
    return decodeText(content);
  } catch {
    return undefined;
  }
}
