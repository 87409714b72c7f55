/** cmap requests: lines to values and values to lines.
 *  @see docs/protocol.md#requests */

import { unescapeBody, writeEscapedBody } from './body';
import { type ByteWriter, decodeText, encodeText, isPlainUtf8, LF, SP } from './bytes';
import {
  type ArgumentKind,
  type ArgumentSpec,
  type CommandSpec,
  findCommand,
  isSendKey,
  type Request,
  usageOf,
} from './cmap';
import { ChatError } from './errors';
import { limits } from './limits';

/** What a line turned out to be. `spec` is the command it named, known even where the rest is wrong, so that
 *  the failure can be answered in that command's shape. */
export type ParsedRequest =
  | { readonly spec: CommandSpec; readonly request: Request }
  | { readonly spec: CommandSpec | undefined; readonly error: ChatError };

export interface RequestOptions {
  /** `keys` was negotiated: a send carries a key before its body. */
  readonly keys: boolean;
}

type Value = string | number | Uint8Array | readonly string[];

/** Reads one request line, without its end. A body may be a view of `line`. */
export function parseRequest(line: Uint8Array, options: RequestOptions): ParsedRequest {
  const spec = commandOf(line);
  try {
    if (!isPlainUtf8(line)) throw new ChatError('encoding_invalid');
    if (spec === undefined) throw new ChatError('opcode_unknown');
    return { spec, request: readArguments(line, spec, options) };
  } catch (error) {
    if (error instanceof ChatError) return { spec, error };
    throw error;
  }
}

/** The command that a line names, even if the rest of it is missing or wrong. */
export function commandOf(line: Uint8Array): CommandSpec | undefined {
  const space = line.indexOf(SP);
  const word = line.subarray(0, space === -1 ? line.length : space);
  return word.length > 0 && word.length <= opcodeBytesMax && isPlainUtf8(word)
    ? findCommand(decodeText(word))
    : undefined;
}

/** No command is longer than this, in bytes. */
const opcodeBytesMax = 16;

function readArguments(line: Uint8Array, spec: CommandSpec, options: RequestOptions): Request {
  const expected = spec.arguments.filter((argument) => argument.kind !== 'key' || options.keys);
  const request: Record<string, Value> = {};
  let start = nextStart(line, 0);
  for (const [index, argument] of expected.entries()) {
    if (start === undefined) {
      if (!mayBeAbsent(argument)) throw new ChatError('arguments_missing', { usage: usageOf(spec) });
      if (argument.kind === 'words') request[argument.name] = [];
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
  return { command: spec.name, ...request } as unknown as Request;
}

/** Where the argument after the first space from `from` on starts. */
function nextStart(line: Uint8Array, from: number): number | undefined {
  const space = line.indexOf(SP, from);
  return space === -1 ? undefined : space + 1;
}

function mayBeAbsent(argument: ArgumentSpec): boolean {
  return argument.optional === true || argument.kind === 'words';
}

/** The table writes a room's argument as people see it, `#room`; its field is `room`. */
function fieldName(argument: ArgumentSpec): string {
  return argument.name.replace('#', '');
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
 *  @throws ChatError malformed where an argument would not be read back as it is: a line end, a NUL, or a space
 *  in an argument that is not the last */
export function writeRequest(
  out: ByteWriter,
  spec: CommandSpec,
  values: readonly (string | number | Uint8Array)[],
): void {
  out.text(String(spec.opcode));
  for (const [index, value] of values.entries()) {
    out.byte(SP);
    if (value instanceof Uint8Array) {
      writeEscapedBody(out, value);
      continue;
    }
    const text = String(value);
    const mayHoldSpaces = index === values.length - 1;
    if (forbidden.test(text) || (!mayHoldSpaces && (text === '' || text.includes(' ')))) {
      throw new ChatError('malformed');
    }
    out.raw(encodeText(text));
  }
  out.byte(LF);
}

const forbidden = /[\0\r\n]/;
