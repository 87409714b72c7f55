import fc from 'fast-check';
import { GramFilter, gramsOf } from './gram-filter';

const text = fc.string({ unit: fc.constantFrom('\n', 'a', 'b', 'c', '0', '9', '.', '_', '-'), maxLength: 300 });

test('a piece may always hold what it holds', () => {
  const property = fc.property(
    fc.array(text, { minLength: 1 }),
    fc.nat(),
    fc.nat(),
    fc.nat(8),
    (pieces, at, from, length) => {
      const index = at % pieces.length;
      const piece = pieces[index] ?? '';
      const start = from % (piece.length + 1);
      expect(new GramFilter(pieces).mayHold(index, gramsOf(piece.slice(start, start + length)))).toBe(true);
    },
  );
  fc.assert(property, { numRuns: 300 });
});

test('most pieces that do not hold a text are known not to', () => {
  const numbers = Array.from({ length: 10_000 }, (_, i) => `\nu${((i * 2_654_435_761) % 2 ** 32).toString(16)}`);
  const pieces = Array.from({ length: 200 }, (_, i) => `${numbers.slice(i * 50, i * 50 + 50).join('')}\n`);
  const filter = new GramFilter(pieces);
  const mayHold = pieces.filter((piece, i) => !piece.includes('7d0ba') && filter.mayHold(i, gramsOf('7d0ba')));
  expect(mayHold.length).toBeLessThan(pieces.length / 5);
});
