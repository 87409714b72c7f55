import fc from 'fast-check';
import { sanitizeBody, sanitizeLine, sanitizeName } from './sanitize';

/** What may not reach a terminal: C0 but the line feed, DEL, C1, and what turns the reading direction. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const harmful = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

test.each([
  ['a colour', '\x1b[31mred\x1b[0m', 'red'],
  ['a clearing of the screen', 'a\x1b[2J\x1b[Hb', 'ab'],
  ['a private mode', '\x1b[?1049hx', 'x'],
  ['CSI in one byte', '\x9b31mred', 'red'],
  ['CSI with intermediate bytes', '\x1b[1 qx', 'x'],
  ['a window title, ended by BEL', '\x1b]0;evil\x07after', 'after'],
  ['a clipboard, ended by ST', '\x1b]52;c;ZXZpbA==\x1b\\after', 'after'],
  ['a link', '\x1b]8;;http://evil\x1b\\text\x1b]8;;\x1b\\', 'text'],
  ['OSC in one byte', '\x9d0;evil\x9cafter', 'after'],
  ['a device control string', '\x1bP$q"p\x1b\\after', 'after'],
  ['DCS in one byte', '\x90payload\x9cafter', 'after'],
  ['an application command', '\x1b_G;AAAA\x1b\\after', 'after'],
  ['a privacy message and a start of string', '\x1b^pm\x1b\\\x1bXsos\x1b\\after', 'after'],
  ['a title that does not end', '\x1b]0;seen', ']0;seen'],
  ['a reset of the terminal', '\x1bcx', 'x'],
  ['another character set', '\x1b(0x', 'x'],
  ['an index and a keypad mode', '\x1bD\x1b=x', 'x'],
  ['an escape alone', 'a\x1b', 'a'],
  ['an escape before an escape', '\x1b\x1b[31mx', 'x'],
  ['a sequence inside a sequence', '\x1b[3\x1b[31m1mx', '[31mx'],
  ['a bell, a backspace, a delete and a NUL', 'a\x07b\x08c\x7fd\x00e', 'abcde'],
  ['shift out and shift in', '\x0eab\x0f', 'ab'],
  ['a line end of another system', 'a\r\nb\rc', 'a\nb\nc'],
  ['a vertical tab and a form feed', 'a\x0bb\x0cc', 'abc'],
  ['a next line and other C1', 'a\x85b\x84c\x9fd', 'abcd'],
  ['overrides and isolates of the direction', 'a\u202eb\u2066c\u2069d\u202c', 'abcd'],
  ['marks of the direction', 'a\u200eb\u200fc\u061cd', 'abcd'],
  ['separators of lines and paragraphs', 'a\u2028b\u2029c', 'abc'],
])('%s is made harmless in a body', (_what, text, shown) => {
  expect(sanitizeBody(text)).toBe(shown);
});

test('line breaks stay in a body, and tabs become spaces', () => {
  expect(sanitizeBody('a\n\tb')).toBe('a\n    b');
});

test('what people write stays as it is', () => {
  const text = 'Grüße, 你好, שלום, مرحبا, 👩‍👩‍👧 [31m \\x1b ]0; ~ ^[';
  expect(sanitizeBody(text)).toBe(text);
});

test('a sentence stays on one line', () => {
  expect(sanitizeLine('a\nb\r\nc')).toBe('a b c');
});

test.each([
  ['colours', '\x1b[31mbob\x1b[0m', 'bob'],
  ['what cannot be seen', 'b\u200bo\u2060b\ufeff\u{e0061}\u00ad', 'bob'],
  ['spaces and line breaks', 'b o\nb\u00a0', 'bob'],
  ['a direction', '\u202ebob', 'bob'],
  ['nothing that could be seen', '\x1b[0m\u200b', '?'],
])('%s in a name is made harmless', (_what, name, shown) => {
  expect(sanitizeName(name)).toBe(shown);
});

test('nothing harmful is left of any text, and a second time changes nothing', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '\x1b',
      '[',
      ']',
      'P',
      '31m',
      '\x9b',
      '\x9d',
      '\x9c',
      '\x07',
      '\\',
      '\x1b]0;',
      '\u202e',
      '\r',
      '\n',
    ),
  );
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const text = pieces.join('');
      for (const shown of [sanitizeBody(text), sanitizeLine(text), sanitizeName(text)]) {
        expect(shown).not.toMatch(harmful);
      }
      expect(sanitizeLine(text)).not.toContain('\n');
      expect(sanitizeBody(sanitizeBody(text))).toBe(sanitizeBody(text));
    }),
    { numRuns: 2_000 },
  );
});
