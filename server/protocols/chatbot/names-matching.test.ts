import type { Username } from '../../../shared/names';
import type { NamePage } from '../../core/ports';
import { listedNamesMax, namesMatching } from './names-matching';

/** Accounts `user000000` and on, listed a thousand at a time. */
function directoryOf(count: number): { asked: string[]; list(pattern?: string, after?: string): Promise<NamePage> } {
  const asked: string[] = [];
  const name = (index: number): Username => `user${String(index).padStart(6, '0')}` as Username;
  return {
    asked,
    list: async (pattern, after) => {
      asked.push(`${pattern} ${after}`);
      const begin = after === undefined ? 0 : Number(after.slice('user'.length)) + 1;
      const names = Array.from({ length: Math.min(1_000, count - begin) }, (_, index) => name(begin + index));
      return { names, more: begin + names.length < count };
    },
  };
}

test('all names are gathered, page by page', async () => {
  const directory = directoryOf(2_500);
  expect(await namesMatching(directory, '')).toHaveLength(2_500);
  expect(directory.asked).toEqual(['undefined undefined', 'undefined user000999', 'undefined user001999']);
});

test('a full last page is followed by no other', async () => {
  const directory = directoryOf(1_000);
  expect(await namesMatching(directory, 'u*')).toHaveLength(1_000);
  expect(directory.asked).toEqual(['u* undefined']);
});

test('of more names than fit in one answer the first are given', async () => {
  const names = await namesMatching(directoryOf(listedNamesMax + 1), '*');
  expect(names).toHaveLength(listedNamesMax);
  expect(names.at(-1)).toBe(`user0${listedNamesMax - 1}`);
});

test('a name without a wildcard is one question', async () => {
  const directory = directoryOf(10);
  expect(await namesMatching(directory, 'USER000000')).toEqual(['user000000']);
  expect(await namesMatching(directory, 'user')).toEqual([]);
  expect(directory.asked).toEqual(['USER000000* undefined', 'user* undefined']);
});
