import { complete } from './completion';
import { mayBeKept } from './history';
import { replayKeys } from './password';
import { SeenNames } from './seen-names';

describe('completion', () => {
  const seen = new SeenNames();
  seen.add('Bob', 'bea', 'alice', '#garden', '#gate');

  test.each([
    ['se', ['send ']],
    ['le', ['leave ']],
    ['log', ['login ', 'logout ']],
    ['reg', ['register ']],
    ['/se', ['/send ']],
    ['send b', ['Bob ', 'bea ']],
    ['send B', ['Bob ', 'bea ']],
    ['msg #ga', ['#garden ', '#gate ']],
    ['@al', ['@alice ']],
    ['#gar', ['#garden ']],
    ['login a', ['alice ']],
    ['join ', ['#garden ', '#gate ']],
    ['room #x al', ['alice ']],
    ['room #x alice be', ['bea ']],
    ['delete a', ['alice ', 'account ']],
    ['help hi', ['history ']],
    ['send bob al', []],
    ['login alice al', []],
    ['nonsense a', []],
  ])('after %p Tab offers %p', (line, hits) => {
    expect(complete(line, seen)[0]).toEqual(hits);
  });

  test('a name that no terminal should be shown is not offered', () => {
    const strange = new SeenNames();
    strange.add('b\x1b]52;c;cm0=\x07ob', 'b\u202eob', 'b ob', 'bob');
    expect(complete('send b', strange)[0]).toEqual(['bob ']);
  });

  test('the names that passed by longest ago are forgotten', () => {
    const many = new SeenNames();
    many.add('first', ...Array.from({ length: 10_000 }, (_, index) => `name${index}`));
    expect(many.startingWith('first')).toEqual([]);
    expect(many.startingWith('name9999')).toEqual(['name9999']);
  });
});

describe('the history of typed lines', () => {
  test.each([
    'login alice secret',
    'LOGIN alice secret',
    '/login alice secret',
    '2 alice secret',
    'signin alice secret',
    'create alice secret',
    'register alice secret',
    'takeover alice secret',
    'delete alice secret',
    'delete account secret',
    'deliver alice secret',
    'passwd old new',
    'passwd old',
    'lgoin alice secret',
    'craete alice secret',
    'takover alice secret',
  ])('never keeps %p', (line) => {
    expect(mayBeKept(line)).toBe(false);
  });

  test.each([
    'login alice',
    'create',
    'delete',
    'delete account',
    'send bob hi',
    'sned bob hi',
    'list',
    'history bob 1',
    '@bob hi',
    'what',
  ])('keeps %p', (line) => {
    expect(mayBeKept(line)).toBe(true);
  });
});

describe('a hidden password', () => {
  test.each([
    ['secret\r', 'secret'],
    ['secrex\x7ft\n', 'secret'],
    ['x\b\b\bsecret\n', 'secret'],
    ['wrong\x15secret\n', 'secret'],
    ['se\x1b[Dcret\x1bOA\n', 'secret'],
    ['pässwört 🔑\x7f!\n', 'pässwört !'],
    ['\n', ''],
    ['secret\rnext line\r', 'secret'],
  ])('the keys %p type %p', (raw, password) => {
    expect(replayKeys(raw)).toEqual({ kind: 'password', password });
  });

  test('Ctrl-C gives up, whatever was typed', () => {
    expect(replayKeys('sec\x03ret\n')).toEqual({ kind: 'interrupted' });
  });
});
