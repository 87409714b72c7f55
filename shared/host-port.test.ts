import { formatHostPort, networkMessage, parseHostPort, urlHost, withoutBrackets } from './host-port';

test.each([
  ['127.0.0.1', '127.0.0.1:8888'],
  ['chat.lan', 'chat.lan:8888'],
  ['::1', '[::1]:8888'],
  ['2001:db8::7', '[2001:db8::7]:8888'],
  ['fe80::1%eth0', '[fe80::1%eth0]:8888'],
  ['::ffff:10.0.0.1', '[::ffff:10.0.0.1]:8888'],
])('formats host %s with a port as %s and reads it back', (host, text) => {
  expect(formatHostPort(host, 8_888)).toBe(text);
  expect(parseHostPort(text)).toEqual({ host, port: 8_888 });
  expect(parseHostPort(urlHost(host))).toEqual({ host, port: undefined });
  expect(withoutBrackets(urlHost(host))).toBe(host);
});

test.each(['::1', '2001:db8::7', '::', '1::8888', 'chat.lan', '0.0.0.0'])(
  'reads %s as a host without a port',
  (text) => {
    expect(parseHostPort(text)).toEqual({ host: text, port: undefined });
  },
);

test.each(['[chat.lan]', '[127.0.0.1]', '[::1', '::1]', '[[::1]]', '[]', '[::1]:', '[::1]:x', ':8888', 'a:123456'])(
  'does not take %s for a host in brackets or with a port',
  (text) => {
    expect(withoutBrackets(text)).toBe(text);
    expect(parseHostPort(text)).toEqual({ host: text, port: undefined });
  },
);

test('puts brackets around the IPv6 address in a message of a socket, and leaves any other message alone', () => {
  const failed = (address: string, message: string) => Object.assign(new Error(message), { address, port: 636 });
  expect(networkMessage(failed('::1', 'connect ECONNREFUSED ::1:636'))).toBe('connect ECONNREFUSED [::1]:636');
  expect(networkMessage(failed('::1', 'connect EADDRNOTAVAIL ::1:636 - Local (:::0)'))).toBe(
    'connect EADDRNOTAVAIL [::1]:636 - Local (:::0)',
  );
  expect(networkMessage(failed('10.0.0.1', 'connect ETIMEDOUT 10.0.0.1:636'))).toBe('connect ETIMEDOUT 10.0.0.1:636');
  expect(networkMessage(new Error('no ::1:636'))).toBe('no ::1:636');
});
