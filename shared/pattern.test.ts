import fc from 'fast-check';
import { nameMatcher } from './pattern';

/** Slow and plain: every way to share the name among the stars is tried. */
function matchesNaively(pattern: string, name: string): boolean {
  if (pattern === '') return name === '';
  const [wanted, rest] = [pattern[0], pattern.slice(1)];
  if (wanted === '*') {
    return [...Array(name.length + 1).keys()].some((taken) => matchesNaively(rest, name.slice(taken)));
  }
  return name !== '' && (wanted === '?' || wanted === name[0]) && matchesNaively(rest, name.slice(1));
}

function oracle(pattern: string, name: string): boolean {
  const [wanted, given] = [pattern.toLowerCase(), name.toLowerCase()];
  return /[*?]/.test(pattern) ? matchesNaively(wanted, given) : given.split(wanted).length > 1 || wanted === '';
}

describe.each([
  ['', ['', 'a', 'alice'], []],
  ['li', ['alice', 'li', 'ALICE', 'li-li'], ['', 'l', 'a.i', 'il']],
  ['LI', ['alice', 'Li'], ['l']],
  ['.', ['a.b'], ['ab']],
  ['*', ['', 'a', 'alice'], []],
  ['**', ['', 'a', 'alice'], []],
  ['?', ['a', '.'], ['', 'ab']],
  ['??', ['ab'], ['a', 'abc']],
  ['a*', ['a', 'Alice', 'a.b'], ['', 'ba']],
  ['*e', ['e', 'alice'], ['', 'ea', 'alices']],
  ['a*e', ['ae', 'alice', 'aXeXe'], ['a', 'e', 'bae', 'aex']],
  ['*li*', ['li', 'alice', 'lili'], ['lxi', '']],
  ['a?i*', ['alice', 'ali'], ['ai', 'alxi', 'al']],
  ['*?', ['a', 'ab'], ['']],
  ['?*', ['a', 'ab'], ['']],
  ['?*?', ['ab', 'abc'], ['a', '']],
  ['*ab*ab', ['abab', 'ababab', 'xabxab'], ['ab', 'ababx', 'aba']],
  ['*aab', ['aaab', 'aab'], ['aaa', 'ab']],
  ['a.c*', ['a.c', 'a.cd'], ['abc', 'axcd']],
  ['a[bc]*', ['a[bc]'], ['ab', 'ac']],
  ['(a|b)?', ['(a|b)c'], ['ac', 'bc']],
  ['^a$*', ['^a$'], ['a']],
  ['a\\*', ['a\\', 'a\\b'], ['a*', 'a']],
  ['a+{2}*', ['a+{2}'], ['aaa']],
])('the pattern %j', (pattern, names, others) => {
  test.each(names)('means %j', (name) => expect(nameMatcher(pattern)(name)).toBe(true));
  if (others.length > 0)
    test.each(others)('does not mean %j', (name) => expect(nameMatcher(pattern)(name)).toBe(false));
});

test('a pattern means what trying every possibility says', () => {
  const letters = ['a', 'A', 'b', '.', '-'];
  const pattern = fc.string({ unit: fc.constantFrom(...letters, '*', '*', '?'), maxLength: 8 });
  const name = fc.string({ unit: fc.constantFrom(...letters), maxLength: 10 });
  fc.assert(
    fc.property(pattern, name, (wanted, given) => expect(nameMatcher(wanted)(given)).toBe(oracle(wanted, given))),
    { numRuns: 5_000 },
  );
});

test('a name means itself, in any case, with any part of it replaced by stars and question marks', () => {
  const part = fc.record({
    text: fc.string({ unit: fc.constantFrom(...'abcXYZ019_.-'), maxLength: 6 }),
    as: fc.nat(3),
  });
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const name = parts.map(({ text }) => text).join('');
      const pattern = parts
        .map(({ text, as }) => [text, text.toUpperCase(), '*', '?'.repeat(text.length)][as] ?? text)
        .join('');
      expect(nameMatcher(pattern)(name)).toBe(true);
    }),
  );
});

test('one matcher serves many names', () => {
  const matches = nameMatcher('*a?');
  expect(['ab', 'b', 'aab', 'ab', 'a'].map(matches)).toEqual([true, false, true, true, false]);
});

test('no pattern makes the server try every way to share a name among its stars', () => {
  // Trying them all would take longer than this test may: some 10 to the 8th ways for each of these names.
  for (const pattern of [`${'*a'.repeat(16)}*b`, `${'*?'.repeat(16)}*b`, `${'*'.repeat(60_000)}b`]) {
    expect(nameMatcher(pattern)('a'.repeat(32))).toBe(false);
    expect(nameMatcher(pattern)(`${'a'.repeat(31)}b`)).toBe(true);
  }
});
