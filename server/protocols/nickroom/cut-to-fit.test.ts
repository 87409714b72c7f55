import { cutToFit } from './cut-to-fit';

test.each([
  ['letters', 'abcdef', 6, 'abc…'],
  ['letters of two bytes', 'ééé', 8, 'éé…'],
  ['a letter of two bytes that does not fit whole', 'ééé', 6, 'é…'],
  ['code points of four bytes', '🔑🔑🔑', 10, '🔑…'],
  ['quotes and backslashes, which take two', '"\\"\\', 7, '"\\…'],
  ['controls that have a short escape', '\n\t\n', 7, '\n\t…'],
  ['controls that have none, which take six', '\u0001\u0002\u0003', 9, '\u0001…'],
  ['hardly any room', 'abc', 3, '…'],
])('of %s as much stays as fits', (_name, text, jsonBytesMax, expected) => {
  expect(cutToFit(text, jsonBytesMax)).toBe(expected);
  expect(Buffer.byteLength(JSON.stringify(expected)) - 2).toBeLessThanOrEqual(jsonBytesMax);
});
