/** cmap requests: lines to values and values to lines.
 *  @see docs/protocol.md#requests */

import { unescapeBody, writeEscapedBody } from './body';
import { type ByteWriter, decodeText, encodeText, isPlainUtf8, LF, SP } from './bytes';
import { isSendKey } from './client-names';
import {
  type ArgumentKind,
  type ArgumentSpec,
  type CommandSpec,
  commandWith,
  findCommand,
  type Request,
  type RequestOf,
} from './cmap';
import { ChatError } from './errors';
import { limits } from './limits';
import { usageOf } from './usage';

/** What a line turned out to be. `spec` is the command it named, known even where the rest is wrong, so that
 *  the failure can be answered in that command's shape. */
export type ParsedRequest =
  | { readonly spec: CommandSpec; readonly request: Request }
  | { readonly spec: CommandSpec | undefined; readonly error: ChatError };

export interface RequestOptions {
  /** `keys` was negotiated: a send carries a key before its body. */
  readonly keys: boolean;
  /** The line is known to be UTF-8 without NUL. */
  readonly isPlain?: boolean;
}

type Value = string | number | Uint8Array | readonly string[];

/** Reads one request line, without its end. A body may be a view of `line`. */
export function parseRequest(line: Uint8Array, options: RequestOptions): ParsedRequest {
  const spec = commandOf(line);
  try {
    if (options.isPlain !== true && !isPlainUtf8(line)) throw new ChatError('encoding_invalid');
    if (spec === undefined) throw new ChatError('opcode_unknown');
    const request = spec.name === 'send' ? readUsualSend(line, options.keys) : undefined;
    return { spec, request: request ?? readArguments(line, spec, options) };
  } catch (error) {
    if (error instanceof ChatError) return { spec, error };
    throw error;
  }
}

/** The command that a line names, even if the rest of it is missing or wrong. */
export function commandOf(line: Uint8Array): CommandSpec | undefined {
  const digit = (line[0] as number) - digitZero;
  if (line[1] === SP && digit >= 0 && digit <= 9) return commandWith(digit);
  const space = line.indexOf(SP);
  const word = line.subarray(0, space === -1 ? line.length : space);
  return word.length > 0 && word.length <= opcodeBytesMax && isPlainUtf8(word)
    ? findCommand(decodeText(word))
    : undefined;
}

const digitZero = 0x30;

/** No command is longer than this, in bytes. */
const opcodeBytesMax = 16;

/** A send, which most requests are, without a walk through the table: in 0.3 us instead of 0.8. `undefined` when an
 *  argument is missing; then the table knows what to say. */
function readUsualSend(line: Uint8Array, keys: boolean): RequestOf<'send'> | undefined {
  const to = line.indexOf(SP) + 1;
  const toEnd = line.indexOf(SP, to);
  if (to === 0 || toEnd === -1) return undefined;
  const keyEnd = keys ? line.indexOf(SP, toEnd + 1) : toEnd;
  if (keyEnd === -1) return undefined;
  return {
    command: 'send',
    to: decodeText(line, to, toEnd),
    key: keys ? readKey(decodeText(line, toEnd + 1, keyEnd)) : undefined,
    body: readBody(line.subarray(keyEnd + 1)),
  };
}

function readArguments(line: Uint8Array, spec: CommandSpec, options: RequestOptions): Request {
  const expected = spec.arguments.filter((argument) => argument.kind !== 'key' || options.keys);
  const request: Record<string, Value> = {};
  let start = nextStart(line, 0);
  for (const [index, argument] of expected.entries()) {
    if (start === undefined) {
      if (!mayBeAbsent(argument)) throw new ChatError('arguments_missing', { usage: usageOf(spec, options.keys) });
      if (argument.kind === 'words') request[fieldName(argument)] = [];
      continue;
    }
    const isLast = index === expected.length - 1;
    const space = isLast ? -1 : line.indexOf(SP, start);
    const bytes = line.subarray(start, space === -1 ? line.length : space);
    request[fieldName(argument)] = readValue(bytes, argument.kind, argument.name);
    start = space === -1 ? undefined : space + 1;
  }
  if (start !== undefined) throw new ChatError('arguments_surplus', { usage: usageOf(spec) });
  // The fields were named and typed by the same table that RequestOf is derived from.
  return { ...request, command: spec.name } as unknown as Request;
}

/** Where the argument after the first space from `from` on starts. */
function nextStart(line: Uint8Array, from: number): number | undefined {
  const space = line.indexOf(SP, from);
  return space === -1 ? undefined : space + 1;
}

function mayBeAbsent(argument: ArgumentSpec): boolean {
  return argument.optional === true || argument.kind === 'words';
}

function fieldName(argument: ArgumentSpec): string {
  return argument.field ?? argument.name;
}

function readValue(bytes: Uint8Array, kind: ArgumentKind, name: string): Value {
  switch (kind) {
    case 'body':
      return readBody(bytes);
    case 'number':
      return readNumber(decodeText(bytes), name);
    case 'words':
      return decodeText(bytes).split(' ');
    case 'key':
      return readKey(decodeText(bytes));
    case 'text':
      return decodeText(bytes);
  }
}

function readBody(escaped: Uint8Array): Uint8Array {
  if (escaped.length > limits.bodyBytesMax) throw new ChatError('body_too_long');
  if (escaped.length === 0) throw new ChatError('body_empty');
  return unescapeBody(escaped);
}

function readNumber(text: string, name: string): number {
  const number = Number(text);
  if (!/^[0-9]{1,16}$/.test(text) || !Number.isSafeInteger(number)) throw new ChatError('number_invalid', { name });
  return number;
}

function readKey(text: string): string {
  if (!isSendKey(text)) throw new ChatError('key_invalid');
  return text;
}

/** Writes a request line, by opcode.
 *  @throws ChatError malformed where an argument would not be read back as it is: a line end in a text, a NUL, what is
 *  not Unicode, or a space in an argument that is not the last; then nothing was written */
export function writeRequest(
  out: ByteWriter,
  spec: CommandSpec,
  values: readonly (string | number | Uint8Array)[],
): void {
  // Before the first byte: half a request would become the head of the next one.
  if (!values.every((value, index) => isWritable(value, index === values.length - 1))) throw new ChatError('malformed');
  out.text(String(spec.opcode));
  for (const value of values) {
    out.byte(SP);
    if (value instanceof Uint8Array) writeEscapedBody(out, value);
    else out.raw(encodeText(String(value)));
  }
  out.byte(LF);
}

/** What no text argument may hold: what ends a line, a NUL, and half a surrogate pair, which has no UTF-8. */
const forbidden = /[\0\r\n]|\p{Cs}/u;

function isWritable(value: string | number | Uint8Array, isLast: boolean): boolean {
  if (value instanceof Uint8Array) return isPlainUtf8(value);
  const text = String(value);
  return !forbidden.test(text) && (isLast || (text !== '' && !text.includes(' ')));
}
