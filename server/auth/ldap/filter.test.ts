import fc from 'fast-check';
import { EqualityFilter, FilterParser } from 'ldapts';
import { filterFor } from './filter';

test('whatever a name holds, in a filter it is one value and nothing else', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (name) => {
      const filter = FilterParser.parseString(filterFor('(uid={username})', name));
      expect(filter).toBeInstanceOf(EqualityFilter);
      expect((filter as EqualityFilter).value).toEqual(name);
    }),
  );
});

test.each([
  ['a name', 'alice', '(uid=alice)'],
  ['every character that means something', '*()\\', '(uid=\\2a\\28\\29\\5c)'],
  ['control characters', '\0\n\x7f', '(uid=\\00\\0a\\7f)'],
  ['what a replacement might take for its own', '$&', '(uid=$&)'],
])('%s is written as RFC 4515 says', (_, name, filter) => {
  expect(filterFor('(uid={username})', name)).toBe(filter);
});

test('the name stands wherever the template wants it', () => {
  expect(filterFor('(|(uid={username})(cn={username}))', 'bob')).toBe('(|(uid=bob)(cn=bob))');
});
