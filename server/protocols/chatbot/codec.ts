/** The chatbot wire as values: frames to requests, answers to frames. No sockets.
 *
 *      1 byte version (0) · 1 byte command · 40 bytes big-endian length · data: ASCII strings joined by "|||"
 *
 *  @see docs/protocols/chatbot.md#frames */

import { type ByteWriter, decodeText, encodeText } from '../../../shared/bytes';
import { ChatError } from '../../../shared/errors';
import type { RoomName } from '../../../shared/names';
import { Piece, PieceReader } from '../pieces';
import { toField } from './ascii';

/** What a client asks. `message` may be a view of the frame's bytes; all else is ASCII text, checked no further. */
export type ChatbotRequest =
  | { readonly command: 'create' | 'login'; readonly username: string }
  /** An empty pattern means every name. */
  | { readonly command: 'list'; readonly pattern: string }
  | SendFrame
  | { readonly command: 'deliver' | 'delete' };

/** A request to send a message. */
export interface SendFrame {
  readonly command: 'send';
  readonly sender: string;
  readonly recipient: string;
  readonly message: Uint8Array;
}

/** A message as a client gets it: one that arrives, or the acknowledgement of its own. */
export interface OutgoingMessage {
  /** A name. */
  readonly sender: string;
  /** A name or, in an acknowledgement, what the client has written there: ASCII without the separator. */
  readonly recipient: string;
  /** The room that it was sent to, which is told in front of the text. */
  readonly room?: RoomName | undefined;
  /** Valid UTF-8. */
  readonly message: Uint8Array;
}

/** A frame, or why it is none: `version_unknown`, `command_unknown` and `line_too_long`, after which the stream cannot
 *  be read any further, or `encoding_invalid`, `arguments_missing`, `arguments_surplus`. */
export type DecodedFrame = ChatbotRequest | ChatError;

const version = 0;
const lengthBytes = 40;
const headerBytes = 2 + lengthBytes;
/** Only the last 4 bytes of a length that is accepted are not zero; they start here in the header. */
const shortLengthAt = headerBytes - 4;

const requests: readonly ChatbotRequest['command'][] = ['create', 'list', 'send', 'deliver', 'delete', 'login'];
const opcodes = { send: 2, response: 6, listResponse: 7 } as const;

const bar = 0x7c;
const separator = '|||';
const separatorBytes = separator.length;

/** Cuts a stream of bytes into frames, holding at most one that is not complete. */
export class FrameDecoder {
  private readonly reader = new PieceReader();
  private header = new Piece(headerBytes);
  private data: Piece | undefined;

  /** `dataBytesMax` is the most data that a frame may have; it may change between two frames. */
  constructor(public dataBytesMax: number) {}

  /** Only when the last {@link FrameDecoder.next} returned `undefined`. */
  push(chunk: Uint8Array): void {
    this.reader.push(chunk);
  }

  /** The next frame; `undefined` when more bytes are needed. A frame that cannot be read is told as soon as its header
   *  says so. */
  next(): DecodedFrame | undefined {
    if (this.data === undefined) {
      const isComplete = this.reader.fill(this.header);
      const error = this.headerError();
      if (error !== undefined) return error;
      if (!isComplete) return undefined;
      this.data = new Piece(lengthOf(this.header.bytes));
    }
    if (!this.reader.fill(this.data)) return undefined;
    const parsed = parseData(requests[this.header.bytes[1] as number] as ChatbotRequest['command'], this.data.bytes);
    this.header = new Piece(headerBytes);
    this.data = undefined;
    return parsed;
  }

  private headerError(): ChatError | undefined {
    const [given, opcode] = this.header.begun;
    if (given !== undefined && given !== version) return new ChatError('version_unknown', { version: `${given}` });
    if (opcode !== undefined && requests[opcode] === undefined) {
      return new ChatError('command_unknown', { name: `${opcode}` });
    }
    // A client of another protocol waits for an answer before it has sent as many bytes as a header has.
    if (this.header.begun.subarray(2, shortLengthAt).some((byte) => byte !== 0)) return new ChatError('line_too_long');
    if (this.header.isFull && lengthOf(this.header.bytes) > this.dataBytesMax) return new ChatError('line_too_long');
    return undefined;
  }
}

/** The length in a header whose other bytes of length are known to be zero. */
function lengthOf(header: Uint8Array): number {
  return new DataView(header.buffer).getUint32(shortLengthAt);
}

function parseData(command: ChatbotRequest['command'], data: Uint8Array): DecodedFrame {
  if (data.some((byte) => byte >= 0x80)) return new ChatError('encoding_invalid');
  switch (command) {
    case 'create':
    case 'login':
      return { command, username: decodeText(data) };
    case 'list':
      return { command, pattern: decodeText(data) };
    case 'send':
      return parseSend(data);
    case 'deliver':
    case 'delete':
      if (data.length === 0) return { command };
      return new ChatError('arguments_surplus', { usage: command });
  }
}

/** The message is all that follows the second separator: it may hold others. */
function parseSend(data: Uint8Array): DecodedFrame {
  const first = separatorAt(data, 0);
  const second = first === -1 ? -1 : separatorAt(data, first + separatorBytes);
  if (second === -1) return new ChatError('arguments_missing', { usage: 'sender, recipient and message' });
  return {
    command: 'send',
    sender: decodeText(data.subarray(0, first)),
    recipient: decodeText(data.subarray(first + separatorBytes, second)),
    message: data.subarray(second + separatorBytes),
  };
}

function separatorAt(data: Uint8Array, from: number): number {
  for (let at = data.indexOf(bar, from); at !== -1; at = data.indexOf(bar, at + 1)) {
    if (data[at + 1] === bar && data[at + 2] === bar) return at;
  }
  return -1;
}

/** Writes a message as exactly three fields, whatever is in its text. */
export function writeSend(out: ByteWriter, { sender, recipient, room, message }: OutgoingMessage): void {
  const label = room === undefined ? '' : `[${room}] `;
  const head = encodeText(`${sender}${separator}${recipient}${separator}${label}`);
  const text = toField(message);
  writeHeader(out, opcodes.send, head.length + text.length);
  out.raw(head);
  out.raw(text);
}

/** Writes the answer to a request: an empty `text` is success, any other the error. It must be ASCII without the
 *  separator. */
export function writeResponse(out: ByteWriter, text: string): void {
  writeHeader(out, opcodes.response, text.length);
  out.text(text);
}

/** Writes the answer to LIST; names are ASCII. */
export function writeListResponse(out: ByteWriter, usernames: readonly string[]): void {
  const text = usernames.join(separator);
  writeHeader(out, opcodes.listResponse, text.length);
  out.text(text);
}

function writeHeader(out: ByteWriter, opcode: number, dataBytes: number): void {
  const header = new Uint8Array(headerBytes);
  header[0] = version;
  header[1] = opcode;
  new DataView(header.buffer).setUint32(shortLengthAt, dataBytes);
  out.raw(header);
}
