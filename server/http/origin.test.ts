import { isOriginAllowed } from './origin';

const host = 'chat.example';
const localAddress = '192.0.2.1';

test.each([
  ['no origin, as from a program', undefined, host, []],
  ['no origin and no host', undefined, undefined, []],
  ['the host itself', 'https://chat.example', host, []],
  ['the host itself, without TLS', 'http://chat.example', host, []],
  ['the host itself with a port', 'http://chat.example:8888', 'chat.example:8888', []],
  ['the host itself with its default port', 'https://chat.example', 'chat.example:443', []],
  ['the host itself in capitals', 'https://chat.example', 'Chat.Example', []],
  ['an address', 'http://[::1]:8888', '[::1]:8888', []],
  ['one of the list', 'https://other.example', host, ['https://other.example']],
  ['one of the list with a slash at its end', 'https://other.example', host, ['https://other.example/']],
])('%s is allowed', (_, origin, requested, origins) => {
  expect(isOriginAllowed({ origin, host: requested, localAddress }, origins)).toBe(true);
});

test.each([
  ['another host', 'https://evil.example', host, []],
  ['another port', 'http://chat.example:1', 'chat.example:8888', []],
  ['a host that begins like it', 'https://chat.example.evil', host, []],
  ['a user that is called like it', 'https://chat.example@evil.example', host, []],
  ['null', 'null', host, ['null']],
  ['a file', 'file://chat.example', host, []],
  ['nothing', '', host, []],
  ['any, without a host', 'https://chat.example', undefined, []],
  ['one of the list with another scheme', 'http://other.example', host, ['https://other.example']],
])('%s is refused', (_, origin, requested, origins) => {
  expect(isOriginAllowed({ origin, host: requested, localAddress }, origins)).toBe(false);
});

describe.each(['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1', undefined])('over loopback, at %s,', (loopback) => {
  function isAllowed(name: string, origins: readonly string[] = []): boolean {
    return isOriginAllowed({ origin: `http://${name}:8888`, host: `${name}:8888`, localAddress: loopback }, origins);
  }

  test.each(['localhost', 'LocalHost', '127.0.0.1', '127.9.8.7', '[::1]'])(
    'the host itself is allowed as %s',
    (name) => {
      expect(isAllowed(name)).toBe(true);
    },
  );

  test.each([
    'evil.example',
    'localhost.evil.example',
    'evil-localhost',
    '127.0.0.1.evil.example',
    '192.0.2.1',
    '[::2]',
  ])('a page whose name was made to lead here is refused as %s', (name) => {
    expect(isAllowed(name)).toBe(false);
  });

  test('the host itself is allowed by any name that the list has, and a program by none', () => {
    expect(isAllowed(host, [`http://${host}:8888`])).toBe(true);
    expect(isOriginAllowed({ origin: undefined, host, localAddress: loopback }, [])).toBe(true);
  });
});
