import { ByteWriter } from '../../shared/bytes';
import { type CommandSpec, commands, type Request } from '../../shared/cmap';
import { LineDecoder } from '../../shared/lines';
import { type ParsedRequest, parseRequest, writeRequest } from '../../shared/request';
import { requestFailureVectors } from './request-failure-vectors';
import { type RequestVector, requestVectors, typedRequestVectors } from './request-vectors';
import { splits } from './wire';

/** What a server makes of these pieces: every line that has come is parsed before the next piece does. */
function decode(pieces: readonly Uint8Array[], keys = false): ParsedRequest[] {
  const lines = new LineDecoder(2_048);
  const parsed: ParsedRequest[] = [];
  for (const piece of pieces) {
    lines.push(piece);
    for (let line = lines.next(); line !== undefined; line = lines.next()) {
      if (line === 'too_long') throw new Error('too long');
      parsed.push(parseRequest(line, { keys }));
    }
  }
  return parsed;
}

function requestsOf(parsed: readonly ParsedRequest[]): Request[] {
  return parsed.map((one) => {
    if ('error' in one) throw one.error;
    return one.request;
  });
}

function specOf({ command }: Request): CommandSpec {
  return commands.find(({ name }) => name === command) as CommandSpec;
}

type WrittenValue = string | number | Uint8Array;

function valuesOf(request: Request, keys: boolean): WrittenValue[] {
  const fields = request as unknown as Record<string, WrittenValue | readonly string[] | undefined>;
  const values = specOf(request)
    .arguments.filter(({ kind }) => kind !== 'key' || keys)
    .flatMap(({ name, field }) => fields[field ?? name] ?? []);
  return values as WrittenValue[];
}

const table: readonly CommandSpec[] = commands;

test('the vectors hold every row of the table', () => {
  const covered = new Set<string>(requestVectors.map(({ value }) => value.command));
  expect(table.filter(({ name }) => !covered.has(name))).toEqual([]);
});

describe.each(requestVectors)('$name', ({ bytes, value, keys }: RequestVector) => {
  test('is read', () => {
    expect(requestsOf(decode([bytes], keys))).toEqual([value]);
  });

  test('names its command', () => {
    expect(decode([bytes], keys).map(({ spec }) => spec)).toEqual([specOf(value)]);
  });

  test('is written', () => {
    const out = new ByteWriter();
    writeRequest(out, specOf(value), valuesOf(value, keys ?? false));
    expect(out.take()).toEqual(bytes);
  });

  test('is read wherever it is split', () => {
    for (const pieces of splits(bytes)) expect(requestsOf(decode(pieces, keys))).toEqual([value]);
  });

  const head = String(specOf(value).opcode).length;
  const { name } = specOf(value);
  test.each([name, name.toUpperCase(), name[0]?.toUpperCase() + name.slice(1)])('is read as the word %s', (word) => {
    const typed = new Uint8Array([...Buffer.from(word), ...bytes.subarray(head)]);
    expect(requestsOf(decode([typed], keys))).toEqual([value]);
  });

  test('is read with CRLF at its end', () => {
    const typed = new Uint8Array([...bytes.subarray(0, -1), 0x0d, 0x0a]);
    for (const pieces of splits(typed)) expect(requestsOf(decode(pieces, keys))).toEqual([value]);
  });

  test('is read from a Buffer, which is what a socket gives', () => {
    expect(requestsOf(decode([Buffer.from(bytes)], keys))).toEqual([value]);
  });
});

describe.each(typedRequestVectors)('$name', ({ bytes, value, keys }: RequestVector) => {
  test('is read wherever it is split', () => {
    for (const pieces of splits(bytes)) expect(requestsOf(decode(pieces, keys))).toEqual([value]);
  });
});

test('all of them are read from one push, in order', () => {
  const vectors = [...requestVectors, ...typedRequestVectors].filter(({ keys }) => keys === undefined);
  const bytes = Buffer.concat(vectors.map((vector) => vector.bytes));
  expect(requestsOf(decode([bytes]))).toEqual(vectors.map(({ value }) => value));
});

test('all of them are read byte by byte, in order', () => {
  const vectors = [...requestVectors, ...typedRequestVectors].filter(({ keys }) => keys === undefined);
  const pieces = vectors.flatMap(({ bytes }) => [...bytes].map((byte) => Uint8Array.of(byte)));
  expect(requestsOf(decode(pieces))).toEqual(vectors.map(({ value }) => value));
});

test.each(requestFailureVectors)('$name is answered $value.status in the shape of $value.command', (vector) => {
  const { bytes, value, keys } = vector;
  for (const pieces of splits(bytes)) {
    const [parsed, ...others] = decode(pieces, keys);
    expect(others).toEqual([]);
    if (parsed === undefined || !('error' in parsed)) throw new Error('it was read');
    const { code, status } = parsed.error;
    expect({ code, status, command: parsed.spec?.name }).toEqual(value);
  }
});

test('a line that is no request does not spoil the ones around it', () => {
  for (const { bytes, value, keys } of requestFailureVectors) {
    const ping = Buffer.from('18 x\n');
    const parsed = decode([Buffer.concat([ping, bytes, ping])], keys);
    const codes = parsed.map((one) => ('error' in one ? one.error.code : one.request.command));
    expect(codes).toEqual(['ping', value.code, 'ping']);
  }
});
