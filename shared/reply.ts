/** cmap replies and events: values to lines and lines to values.
 *  @see docs/protocol.md#replies-and-events */

import { unescapeBody, writeEscapedBody } from './body';
import { type ByteWriter, CR, decodeText, LF, SP } from './bytes';
import type { CommandSpec } from './cmap';
import { limits } from './limits';
import { LineDecoder } from './lines';

/** A message line's content. */
export interface WireMessage {
  readonly seq: number;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly at: number;
  readonly from: string;
  readonly body: Uint8Array;
}

function endLine(out: ByteWriter): void {
  out.byte(CR);
  out.byte(LF);
}

/** `200 text`: a line reply, or the first line of a block. */
export function writeStatus(out: ByteWriter, status: number, text = ''): void {
  out.text(text === '' ? String(status) : `${status} ${text}`);
  endLine(out);
}

/** A line of a block; never empty, as that would end the block. */
export function writeItem(out: ByteWriter, text: string): void {
  out.text(text);
  endLine(out);
}

export function writeBlockEnd(out: ByteWriter): void {
  endLine(out);
}

/** `* seq unix-ms from to body`, as an item of a block or as an event. */
export function writeMessage(out: ByteWriter, message: WireMessage, to: string): void {
  out.text(`* ${message.seq} ${message.at} ${message.from} ${to} `);
  writeEscapedBody(out, message.body);
  endLine(out);
}

/** `! status text`, an event. */
export function writeNotice(out: ByteWriter, status: number, text: string): void {
  out.text(`! ${status} ${text}`);
  endLine(out);
}

/** What a client reads, one line at a time. A block is `status`, its items or messages, then `end`;
 *  a line reply is `status` alone; `message` outside a block and `notice` are events. */
export type Incoming =
  | { readonly kind: 'status'; readonly status: number; readonly text: string }
  | { readonly kind: 'item'; readonly text: string }
  | { readonly kind: 'end' }
  | { readonly kind: 'message'; readonly message: WireMessage; readonly to: string; readonly event: boolean }
  | { readonly kind: 'notice'; readonly status: number; readonly text: string };

/** The peer does not speak cmap, or answers what was not asked. */
export class ReplyError extends Error {
  override readonly name = 'ReplyError';
}

/** An escaped body is at most twice as long as the body; the rest is seq, time and two names. */
const lineBytesMax = 2 * limits.bodyBytesMax + limits.headBytesMax;

/** Reads what a server writes. Each request that is sent must be announced, in order, with {@link expect}. */
export class ReplyDecoder {
  private readonly lines = new LineDecoder(lineBytesMax);
  private readonly expected: CommandSpec[] = [];
  private block: CommandSpec | undefined;

  /** Announces that a request was sent whose reply is due after those announced before. */
  expect(spec: CommandSpec): void {
    if (spec.reply !== 'none') this.expected.push(spec);
  }

  /** Adds bytes that came; only after {@link next} returned `undefined`. */
  push(chunk: Uint8Array): void {
    this.lines.push(chunk);
  }

  /** The next thing that came, or `undefined` when more bytes are needed.
   *  @throws ReplyError after which the connection cannot be read any further */
  next(): Incoming | undefined {
    const line = this.lines.next();
    if (line === undefined) return undefined;
    if (line === 'too_long') throw new ReplyError('the server sent a line that is too long');
    if (this.block !== undefined) return this.readBlockLine(line, this.block);
    if (line[0] === asterisk) return readMessage(line, true);
    if (line[0] === exclamation) return readNotice(line);
    return this.readReply(line);
  }

  private readReply(line: Uint8Array): Incoming {
    const spec = this.expected.shift();
    if (spec === undefined) throw new ReplyError('the server answered what was not asked');
    if (spec.reply === 'block') this.block = spec;
    return { kind: 'status', ...readStatus(line) };
  }

  private readBlockLine(line: Uint8Array, spec: CommandSpec): Incoming {
    if (line.length === 0) {
      this.block = undefined;
      return { kind: 'end' };
    }
    return spec.items === 'messages' ? readMessage(line, false) : { kind: 'item', text: readText(line) };
  }
}

const asterisk = 0x2a;
const exclamation = 0x21;

function readText(line: Uint8Array): string {
  try {
    return decodeText(line);
  } catch (cause) {
    throw new ReplyError('the server sent a line that is not UTF-8', { cause });
  }
}

function readStatus(line: Uint8Array): { status: number; text: string } {
  const parts = /^([0-9]{3})(?: (.*))?$/s.exec(readText(line));
  if (parts === null) throw new ReplyError('the server does not speak cmap');
  return { status: Number(parts[1]), text: parts[2] ?? '' };
}

function readNotice(line: Uint8Array): Incoming {
  if (line[1] !== SP) throw new ReplyError('the server sent a malformed notice');
  return { kind: 'notice', ...readStatus(line.subarray(2)) };
}

/** The head of a message line ends at its fifth space; what follows is the body. */
function readMessage(line: Uint8Array, event: boolean): Incoming {
  let end = -1;
  for (let spaces = 0; spaces < 5; spaces += 1) {
    end = line.indexOf(SP, end + 1);
    if (end === -1) throw new ReplyError('the server sent a message line without a body');
  }
  const parts = /^\* ([0-9]{1,16}) ([0-9]{1,16}) (\S+) (\S+)$/.exec(readText(line.subarray(0, end)));
  if (parts === null) throw new ReplyError('the server sent a malformed message line');
  const [, seq, at, from, to] = parts as unknown as [string, string, string, string, string];
  const body = readBody(line.subarray(end + 1));
  return { kind: 'message', message: { seq: readWhole(seq), at: readWhole(at), from, body }, to, event };
}

function readWhole(digits: string): number {
  const number = Number(digits);
  if (!Number.isSafeInteger(number)) throw new ReplyError('the server sent a number that is too large');
  return number;
}

function readBody(escaped: Uint8Array): Uint8Array {
  try {
    return unescapeBody(escaped);
  } catch (cause) {
    throw new ReplyError('the server sent a body with an unknown escape', { cause });
  }
}
