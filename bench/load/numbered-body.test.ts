import fc from 'fast-check';
import { NumberedBody, numberOf, pairOf } from './numbered-body';

test('a body says which message of which pair it is, wherever it stands', () => {
  fc.assert(
    fc.property(fc.nat(99_999), fc.nat(99_999_999), fc.nat(50), (pair, number, before) => {
      const bytes = Buffer.concat([Buffer.alloc(before, '7'), new NumberedBody(pair).numbered(number)]);
      expect(bytes.length - before).toBe(100);
      expect([pairOf(bytes, before), numberOf(bytes, before)]).toEqual([pair, number]);
    }),
  );
});

test('a body that was not numbered has no number', () => {
  expect(numberOf(Buffer.alloc(100, 'x'), 0)).toBeNaN();
});
