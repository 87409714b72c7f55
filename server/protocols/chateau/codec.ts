/** Text frames to requests. What is written back is in answers.ts.
 *  @see docs/protocols/chateau.md#frames */

import { ChatError } from '../../../shared/errors';
import { type FieldKind, type FieldSpec, namedRequests, numericRequests, type Request } from './requests';

/** `numeric` a request's type is a number, and answers carry none; `named` both are words. */
export type Dialect = 'numeric' | 'named';

/** A client's own mark on a request, which its answer carries too. */
export type RequestId = string | number;

/** What a frame holds. `dialect` is undefined where a frame does not say. */
export type Frame =
  | { readonly request: Request; readonly dialect: Dialect; readonly id: RequestId | undefined }
  | { readonly error: ChatError; readonly dialect: Dialect | undefined; readonly id: RequestId | undefined };

/** A frame that keeps a connection awake and means nothing. */
export const keepAlive = 'keep alive';

/** What is given back to a client as it came stays small, in characters. */
const echoLengthMax = 64;

/** As much of a name that nobody has as the sentence of a failure gives back. */
export function shortened(name: string): string {
  return name.slice(0, echoLengthMax);
}

/** Reads a frame. Keys that it does not know are left out; a frame that is no request is a failure, never a throw. */
export function decodeFrame(text: string): Frame {
  const object = parseObject(text);
  if (object === undefined) return { error: new ChatError('frame_invalid'), dialect: undefined, id: undefined };
  const id = readId(object.id);
  const { type } = object;
  const dialect = typeof type === 'number' ? 'numeric' : typeof type === 'string' ? 'named' : undefined;
  try {
    if (typeof type === 'string') return { request: readNamed(type, object), dialect: 'named', id };
    if (typeof type === 'number') return { request: readNumeric(type, object), dialect: 'numeric', id };
    throw new ChatError('frame_invalid');
  } catch (error) {
    if (error instanceof ChatError) return { error, dialect, id };
    throw error;
  }
}

type JsonObject = Readonly<Record<string, unknown>>;

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

function readId(id: unknown): RequestId | undefined {
  if (typeof id === 'string' && id.length <= echoLengthMax) return id;
  return typeof id === 'number' && Number.isSafeInteger(id) ? id : undefined;
}

/** One argument of a request, as its spec says. */
interface Field {
  readonly name: string;
  readonly kind: FieldKind;
  readonly isOptional: boolean;
}

interface Shape {
  readonly type: string;
  readonly fields: readonly Field[];
}

/** The tables, read once: taking the specs apart for every frame would cost more than the rest. */
const namedShapes: ReadonlyMap<string, Shape> = new Map(
  Object.entries(namedRequests).map(([type, fields]) => [type, { type, fields: fieldsOf(fields) }]),
);
const numericShapes: ReadonlyMap<number, Shape> = new Map(
  Object.entries(numericRequests).map(([number, { type, fields }]) => [
    Number(number),
    { type, fields: fieldsOf(fields) },
  ]),
);

function fieldsOf(specs: Readonly<Record<string, FieldSpec>>): Field[] {
  return Object.entries(specs).map(([name, spec]) => {
    const isOptional = spec.endsWith('?');
    return { name, kind: (isOptional ? spec.slice(0, -1) : spec) as FieldKind, isOptional };
  });
}

function readNamed(type: string, object: JsonObject): Request {
  const shape = namedShapes.get(type);
  if (shape === undefined) throw new ChatError('command_unknown', { name: shortened(type) });
  return readRequest(shape, object);
}

function readNumeric(type: number, object: JsonObject): Request {
  const shape = numericShapes.get(type);
  if (shape === undefined) throw new ChatError('command_unknown', { name: String(type) });
  // One generation of clients calls them `recipients`.
  return readRequest(shape, { ...object, clients: object.clients ?? object.recipients });
}

function readRequest({ type, fields }: Shape, object: JsonObject): Request {
  const request: Record<string, unknown> = { type };
  for (const field of fields) request[field.name] = readField(field, object);
  // TypeScript cannot tell that the table and what was read by it belong together.
  return request as unknown as Request;
}

function readField({ name, kind, isOptional }: Field, object: JsonObject): unknown {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  if (value === undefined || value === null) {
    if (isOptional) return undefined;
    throw new ChatError('arguments_missing', { usage: name });
  }
  switch (kind) {
    case 'text':
      if (isText(value)) return value;
      break;
    case 'names':
      if (isText(value)) return [value];
      if (Array.isArray(value) && value.every(isText)) return value;
      break;
    case 'flag':
      if (typeof value === 'boolean') return value;
      break;
    case 'number':
      if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
      throw new ChatError('number_invalid', { name });
  }
  throw new ChatError('arguments_missing', { usage: `${name} must be ${kinds[kind]}` });
}

const kinds = {
  text: 'text, of whole characters',
  names: 'a list of names',
  flag: 'true or false',
} as const;

/** Half a surrogate pair has no UTF-8: it could not be stored as it came. */
function isText(value: unknown): value is string {
  return typeof value === 'string' && !/\p{Cs}/u.test(value);
}
