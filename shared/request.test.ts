import fc from 'fast-check';
import { ByteWriter } from './bytes';
import { type CommandSpec, commands } from './cmap';
import { ChatError } from './errors';
import { limits } from './limits';
import { commandOf, type ParsedRequest, parseRequest, writeRequest } from './request';

const table: readonly CommandSpec[] = commands;

function parse(line: string | Uint8Array, keys = false): ParsedRequest {
  return parseRequest(typeof line === 'string' ? Buffer.from(line) : line, { keys });
}

function errorOf(parsed: ParsedRequest): ChatError {
  if (!('error' in parsed)) throw new Error('it was read');
  return parsed.error;
}

function write(spec: CommandSpec, ...values: (string | number | Uint8Array)[]): Uint8Array {
  const out = new ByteWriter(0);
  writeRequest(out, spec, values);
  return out.take();
}

describe('a body', () => {
  test.each([1, 2, limits.bodyBytesMax - 1, limits.bodyBytesMax])('of %i bytes is read', (length) => {
    const body = Buffer.alloc(length, 'x');
    const key = 'k'.repeat(limits.keyLengthMax);
    for (const [line, keys] of [
      [`3 bob ${body}`, false],
      [`16 ${body}`, false],
      [`3 bob ${key} ${body}`, true],
    ] as const) {
      const parsed = parse(line, keys);
      if (!('request' in parsed) || !('body' in parsed.request)) throw new Error('no body was read');
      expect(body.equals(parsed.request.body)).toBe(true);
    }
  });

  test.each([limits.bodyBytesMax + 1, 2 * limits.bodyBytesMax])('of %i bytes is too long', (length) => {
    for (const [line, keys] of [
      [`3 bob ${'x'.repeat(length)}`, false],
      [`16 ${'x'.repeat(length)}`, false],
      [`3 bob k ${'x'.repeat(length)}`, true],
    ] as const) {
      expect(errorOf(parse(line, keys))).toMatchObject({ code: 'body_too_long', status: 413, fatal: true });
    }
  });

  test('is measured in bytes, as it stands in the line', () => {
    const half = limits.bodyBytesMax / 2;
    expect(parse(`3 bob ${'é'.repeat(half)}`)).toHaveProperty('request');
    expect(errorOf(parse(`3 bob ${'é'.repeat(half)}x`)).code).toBe('body_too_long');
    expect(parse(`3 bob ${'\\n'.repeat(half)}`)).toHaveProperty('request.body.length', half);
    expect(errorOf(parse(`3 bob ${'\\n'.repeat(half)}x`)).code).toBe('body_too_long');
  });

  test('that is too long is not looked at for escapes', () => {
    expect(errorOf(parse(`3 bob ${'\\'.repeat(limits.bodyBytesMax + 1)}`)).code).toBe('body_too_long');
  });
});

describe('what is missing or surplus is told with the usage', () => {
  test.each([
    ['0 alice', false, 'an argument is missing: create <username> <password>'],
    ['HISTORY', false, 'an argument is missing: history <with> [before [limit]]'],
    ['12', false, 'an argument is missing: room <#room> [member ...]'],
    ['3 bob', false, 'an argument is missing: send <to> <body>'],
    ['3 bob hi', true, 'an argument is missing: send <to> <key> <body>'],
    ['8 now', false, 'too many arguments: logout'],
    ['19 now', true, 'too many arguments: quit'],
  ])('%s', (line, keys, message) => {
    expect(errorOf(parse(line, keys)).message).toBe(message);
  });
});

test('a number that is none is told with the name of its argument', () => {
  expect(errorOf(parse('9 bob x')).message).toBe('seq must be a whole number');
  expect(errorOf(parse('10 bob x 5')).message).toBe('before must be a whole number');
  expect(errorOf(parse('10 bob 5 x')).message).toBe('limit must be a whole number');
});

test('a request holds its own command whatever its arguments are', () => {
  for (const { name } of table) {
    expect(parse(`6 ${name}`)).toMatchObject({ spec: commands[6], request: { command: 'help', topic: name } });
  }
});

test('a request has no field for an argument that was not given', () => {
  expect(parse('1')).toStrictEqual({ spec: commands[1], request: { command: 'list' } });
  expect(parse('1 a')).toStrictEqual({ spec: commands[1], request: { command: 'list', pattern: 'a' } });
  expect(parse('10 bob 3')).toStrictEqual({
    spec: commands[10],
    request: { command: 'history', with: 'bob', before: 3 },
  });
});

test('a body is a view of its line where nothing is escaped', () => {
  const line = Buffer.from('16 hello');
  const parsed = parse(line);
  if (!('request' in parsed) || parsed.request.command !== 'random') throw new Error('no random');
  expect(parsed.request.body.buffer).toBe(line.buffer);
});

test('what is no ChatError is not taken for a mistake of the peer', () => {
  const broken = new RangeError('a bug');
  const options = {
    get keys(): boolean {
      throw broken;
    },
  };
  expect(() => parseRequest(Buffer.from('3 bob hi'), options)).toThrow(broken);
});

describe('the command that a line names', () => {
  test.each(table)('$name is known even where nothing else of the line is right', (spec) => {
    for (const rest of ['', ' ', ' \xff', ' \0', ' \\', ` ${'x'.repeat(2_000)}`, '  ']) {
      expect(commandOf(Buffer.from(`${spec.opcode}${rest}`, 'latin1'))).toBe(spec);
      expect(commandOf(Buffer.from(`${spec.name.toUpperCase()}${rest}`, 'latin1'))).toBe(spec);
    }
  });

  test.each(['', ' ', ' send', 'sendx', '\xff', 'send\xff', 'send\0', '\0', 'x'.repeat(16), 'x'.repeat(17)])(
    'is unknown in %j',
    (line) => expect(commandOf(Buffer.from(line, 'latin1'))).toBeUndefined(),
  );
});

test('any line at all is a request or a failure, never an exception', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(' ', '\\', 'n', '7', 'a') }));
  const word = fc.constantFrom(...table.flatMap(({ opcode, name }) => [String(opcode), name]), 'x', '');
  const line = fc.oneof(
    fc.uint8Array(),
    fc.tuple(word, text).map(([first, rest]) => Buffer.from(`${first} ${rest}`)),
    fc.tuple(word, fc.uint8Array()).map(([first, rest]) => Buffer.concat([Buffer.from(`${first} `), rest])),
  );
  fc.assert(
    fc.property(line, fc.boolean(), (bytes, keys) => {
      const parsed = parseRequest(bytes, { keys });
      expect(parsed.spec).toBe(commandOf(bytes));
      if ('error' in parsed) expect(parsed.error).toBeInstanceOf(ChatError);
      else expect(parsed.request.command).toBe(parsed.spec.name);
    }),
    { numRuns: 1_000 },
  );
});

describe('what is written is read back', () => {
  const rest = fc.string({ unit: 'grapheme', maxLength: 40 }).map((value) => value.replace(/[\0\r\n]/g, '-'));
  const word = rest.map((value) => value.replaceAll(' ', '_')).filter((value) => value !== '');
  const number = fc.maxSafeNat();
  const body = fc
    .oneof(
      fc.string({ unit: 'binary', minLength: 1 }),
      fc.string({ unit: fc.constantFrom('\n', '\r', '\\', ' ', 'n') }),
    )
    .map((value) => value.replaceAll('\0', ''))
    .filter((value) => value !== '')
    .map((value) => new Uint8Array(Buffer.from(value)));
  const key = fc.string({
    unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
    minLength: 1,
    maxLength: 64,
  });

  /** Values for each argument of a command, the last of which may hold spaces. */
  function valuesFor(spec: CommandSpec, keys: boolean): fc.Arbitrary<(string | number | Uint8Array | string[])[]> {
    const given = spec.arguments.filter(({ kind }) => kind !== 'key' || keys);
    const all = fc.tuple(
      ...given.map(({ kind }, index) => {
        if (kind === 'body') return body;
        if (kind === 'number') return number;
        if (kind === 'words') return fc.array(word);
        if (kind === 'key') return key;
        return index === given.length - 1 ? rest : word;
      }),
    );
    const required = given.filter(({ optional }) => optional === undefined).length;
    return fc
      .tuple(all, fc.integer({ min: required, max: given.length }))
      .map(([values, count]) => values.slice(0, count));
  }

  test.each(table)('$name', (spec) => {
    fc.assert(
      fc.property(
        fc.boolean().chain((keys) => fc.tuple(fc.constant(keys), valuesFor(spec, keys))),
        ([keys, values]) => {
          const line = write(spec, ...values.flat());
          expect(line.indexOf(0x0a)).toBe(line.length - 1);
          expect(line.at(-2)).not.toBe(0x0d);
          const parsed = parseRequest(line.subarray(0, -1), { keys });
          const fields = spec.arguments
            .filter(({ kind }) => kind !== 'key' || keys)
            .map(({ name, field }, index) => [field ?? name, values[index]]);
          expect(parsed).toEqual({ spec, request: { command: spec.name, ...Object.fromEntries(fields) } });
        },
      ),
    );
  });
});

describe('what would not be read back is not written', () => {
  const create = commands[0];
  const ping = commands[18];
  const random = commands[16];

  test.each<[string, CommandSpec, (string | number | Uint8Array)[]]>([
    ['a line feed', create, ['alice', 'a\nb']],
    ['a carriage return', create, ['alice', 'a\rb']],
    ['a carriage return at the end', ping, ['a\r']],
    ['a NUL', create, ['alice', 'a\0b']],
    ['half a surrogate pair', ping, ['a\ud83d']],
    ['the other half', ping, ['\udd11a']],
    ['a space in a name before a password', create, ['al ice', 'pw']],
    ['an empty name before a password', create, ['', 'pw']],
    ['a line feed in a name', create, ['al\nice', 'pw']],
    ['a NUL in a body', random, [Buffer.from('a\0b')]],
    ['a body that is not UTF-8', random, [Uint8Array.of(0x61, 0xff)]],
  ])('%s', (_, spec, values) => {
    const out = new ByteWriter();
    expect(() => writeRequest(out, spec, values)).toThrow(new ChatError('malformed'));
    // Half a line would be the head of the next request.
    expect(out.length).toBe(0);
  });

  test('but a space or nothing in the last argument is', () => {
    expect(Buffer.from(write(create, 'alice', 'a b')).toString()).toBe('0 alice a b\n');
    expect(Buffer.from(write(ping, '')).toString()).toBe('18 \n');
    expect(Buffer.from(write(ping, '\u{1f511} ')).toString()).toBe('18 \u{1f511} \n');
  });
});
