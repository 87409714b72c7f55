import { readArguments } from './arguments';

test.each([[], ['help'], ['--help'], ['dev-cert', '--help']])('%p asks for help', (...argv) => {
  expect(readArguments(argv)).toEqual({ kind: 'help' });
});

test('a certificate is for the hosts that are named, in data unless a folder is', () => {
  expect(readArguments(['dev-cert'])).toEqual({ kind: 'dev-cert', hosts: [], folder: 'data' });
  expect(readArguments(['dev-cert', '--host', 'a.example', '--host=::2', '--folder', 'keys'])).toEqual({
    kind: 'dev-cert',
    hosts: ['a.example', '::2'],
    folder: 'keys',
  });
});

test("a check is of one name, and what follows is the server's settings", () => {
  expect(readArguments(['auth-check', 'alice', '--ldap-url', 'ldaps://d'])).toEqual({
    kind: 'auth-check',
    username: 'alice',
    settings: ['--ldap-url', 'ldaps://d'],
  });
});

test.each([
  [['backup'], 'backup: no such command'],
  [['dev-cert', '--hots', 'x'], "Unknown option '--hots'"],
  [['dev-cert', '--host', 'a b'], '--host: a b is no host name'],
  [['dev-cert', 'x'], "Unexpected argument 'x'"],
  [['auth-check'], 'auth-check: whose password?'],
  [['auth-check', '--ldap-url', 'ldaps://d'], 'auth-check: whose password?'],
  [['auth-check', 'alice)(uid=*'], 'nobody can have this name here'],
])('%p is a mistake of one line', (argv, mistake) => {
  expect(readArguments(argv)).toEqual({ kind: 'misuse', mistake: expect.stringContaining(mistake) });
});
