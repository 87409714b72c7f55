import { nearest } from './nearest';

const words = ['send', 'list', 'login', 'logout', 'history', 'who', 'bcrypt-cost', 'sessions-per-account'];

test.each([
  ['sned', 'send'],
  ['SEND', 'send'],
  ['lst', 'list'],
  ['logni', 'login'],
  ['histroy', 'history'],
  ['bcrypt_cost', 'bcrypt-cost'],
  ['BCRYPT_COTS', 'bcrypt-cost'],
  ['sesions-pr-acount', 'sessions-per-account'],
])('a slip such as %p means %p', (word, meant) => {
  expect(nearest(word, words)).toBe(meant);
});

test.each([
  ['hist', 'history'],
  ['log', 'login'],
  ['bcrypt', 'bcrypt-cost'],
])('%p begins %p', (word, meant) => {
  expect(nearest(word, words)).toBe(meant);
});

test.each(['xyz', 'w', 'lo', '', 'hello-world-of-mine'])('%p is near to nothing', (word) => {
  expect(nearest(word, words)).toBeUndefined();
});

test('of several the nearest is meant, and of the equally near the first', () => {
  expect(nearest('hosts', ['ports', 'host'])).toBe('host');
  expect(nearest('cane', ['lane', 'cone'])).toBe('lane');
});
