import fc from 'fast-check';
import {
  type ClassicCommand,
  classicCommandOf,
  endsInBurst,
  messageText,
  parseClassic,
  sentences,
  splitRequests,
  usageText,
} from './codec';

// What each request and reply is on the wire stands in tests/vectors/classic-vectors.ts.

const opcodes: Record<ClassicCommand, string> = {
  create: '0',
  list: '1',
  login: '2',
  send: '3',
  delete: '4',
  deliver: '5',
  help: '6',
};

/** The requests in one read, as text. */
function requestsIn(text: string): string[] {
  return splitRequests(Buffer.from(text)).map((request) => Buffer.from(request).toString());
}

describe('one read', () => {
  test.each([
    ['', []],
    ['\n', []],
    ['\r\n\r\n', []],
    ['1 6', ['1 6']],
    ['1 6\n', ['1 6']],
    ['1 6\r\n', ['1 6']],
    ['\n1 6', ['1 6']],
    ['1 1\n1 6', ['1 1', '1 6']],
    ['1 1\r\n\n1 6\r\n', ['1 1', '1 6']],
    ['1 3 bob a\rb', ['1 3 bob a\rb']],
    ['1 3 bob a\r\r\n', ['1 3 bob a\r']],
    [' ', [' ']],
    ['1 3 bob a\u2028b', ['1 3 bob a\u2028b']],
  ])('of %j holds the requests %j', (text, requests) => {
    expect(requestsIn(text)).toEqual(requests);
  });

  test('holds what was joined by line ends', () => {
    const request = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !/[\r\n]/.test(text));
    const lineEnd = fc.constantFrom('\n', '\r\n', '\n\n');
    fc.assert(
      fc.property(fc.array(request), lineEnd, (requests, end) => {
        expect(requestsIn(requests.join(end))).toEqual(requests);
        expect(requestsIn(requests.map((text) => text + end).join(''))).toEqual(requests);
      }),
    );
  });
});

describe('a request', () => {
  const word = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.includes(' '));

  test.each(['create', 'login', 'delete', 'deliver'] as const)('%s has two words', (command) => {
    fc.assert(
      fc.property(word, word, (first, second) => {
        const parsed = parseClassic(`1 ${opcodes[command]} ${first} ${second}`);
        expect(parsed).toEqual({ request: { command, arguments: [first, second] } });
      }),
    );
  });

  test('send has a word and the rest of the text, spaces included', () => {
    fc.assert(
      fc.property(word, fc.string({ unit: 'grapheme', minLength: 1 }), (to, body) => {
        expect(parseClassic(`1 3 ${to} ${body}`)).toEqual({ request: { command: 'send', arguments: [to, body] } });
      }),
    );
  });

  test('list has a word or none', () => {
    expect(parseClassic('1 1')).toEqual({ request: { command: 'list', arguments: [] } });
    fc.assert(
      fc.property(word, (part) => {
        expect(parseClassic(`1 1 ${part}`)).toEqual({ request: { command: 'list', arguments: [part] } });
      }),
    );
  });

  test.each(Object.entries(opcodes))('%s of four words is none, but for a send', (command, opcode) => {
    const parsed = parseClassic(`1 ${opcode} a b c d`);
    if (command === 'send') expect(parsed).toEqual({ request: { command, arguments: ['a', 'b c d'] } });
    else expect(parsed).toEqual({ failure: 'arguments', command });
  });

  test.each(['', '2 6', '1.0 6', '01 6', ' 1 6', '1\t6', 'one 6', '11 6'])('of another version: %j', (text) => {
    expect(parseClassic(text)).toEqual({ failure: 'version' });
  });

  test.each(['1', '1 ', '1  6', '1 7', '1 9', '1 10', '1 06', '1 -1', '1 help', '1 6\n', '1 constructor'])(
    'of no command: %j',
    (text) => expect(parseClassic(text)).toEqual({ failure: 'command' }),
  );

  test.each(Object.entries(opcodes))('names %s even where the rest of it is no text', (command, opcode) => {
    for (const rest of ['', ' ', ' a b', ' \xff', ' \0', ` ${'x'.repeat(2_000)}`]) {
      expect(classicCommandOf(Buffer.from(`1 ${opcode}${rest}`, 'latin1'))).toBe(command);
    }
  });

  test.each(['', '1', '1 ', '1 7', '1 22 a', '1 2\xff', '1  2 a', ' 1 2 a', '2 2 a', '\xff 2 a', '1 \xff'])(
    'names no command: %j',
    (text) => expect(classicCommandOf(Buffer.from(text, 'latin1'))).toBeUndefined(),
  );

  test('is a request or a failure, whatever it is', () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('1', '3', '6', ' ', 'a') }));
    fc.assert(
      fc.property(text, (any) => {
        const parsed = parseClassic(any);
        if ('request' in parsed) expect(parsed.request.arguments).not.toContain('');
        else expect(['version', 'command', 'arguments']).toContain(parsed.failure);
      }),
    );
  });
});

test('exactly login, delete and deliver always end in a burst', () => {
  const commands = Object.keys(opcodes) as ClassicCommand[];
  expect(commands.filter(endsInBurst)).toEqual(['login', 'delete', 'deliver']);
});

describe('a message', () => {
  test('is its sender and its body', () => {
    expect(messageText('alice', 'hi there')).toBe('\nFrom alice: Message: hi there');
  });

  test('never holds a line break after its first, nor what ends a burst', () => {
    const body = fc.string({ unit: fc.constantFrom('\n', '\r', '\u0085', '\u2028', '\u2029', ' ', 'a', 'é') });
    fc.assert(
      fc.property(body, (text) => {
        const line = messageText('alice', text).slice('\n'.length);
        expect(line).not.toMatch(/[\r\n\u0085\u2028\u2029]/);
        expect(line.startsWith('From alice: Message: ')).toBe(true);
      }),
    );
  });

  test('that has no line break arrives as it was', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }).filter((text) => !/[\r\n\u0085\u2028\u2029]/.test(text)),
        (text) => {
          expect(messageText('alice', text)).toBe(`\nFrom alice: Message: ${text}`);
        },
      ),
    );
  });
});

test('the usage has one line for each command, in the words of its client', () => {
  const words = usageText.split('\n').map((line) => line.split(' ')[0]);
  expect(words).toEqual(['create', 'ls', 'login', 'send', 'deliver', 'delete', 'help']);
  expect(usageText).not.toMatch(/[0-9]/);
});

test('an unknown command is answered with the usage', () => {
  expect(sentences.commandUnknown).toBe(`Invalid command\n${usageText}`);
});

test('no sentence ends a burst', () => {
  for (const sentence of Object.values(sentences)) expect(sentence).not.toContain('\r');
});
