import { readStart, type StartNeeds } from './options';

function start(given: Partial<StartNeeds> & { file?: string }) {
  const readFile = (path: string): string => {
    if (given.file === undefined) throw Object.assign(new Error(`no ${path}`), { code: 'ENOENT' });
    return given.file;
  };
  return readStart({ argv: [], environment: {}, readFile, ...given });
}

test('without anything the client goes to 127.0.0.1:8888', () => {
  expect(start({})).toEqual({ kind: 'run', options: { host: '127.0.0.1', port: 8888, device: undefined } });
});

test('a flag goes before the environment, that before the file', () => {
  const file = 'host = "a"\nport = 1\nbcrypt-cost = 4\n';
  expect(start({ file })).toMatchObject({ options: { host: 'a', port: 1 } });
  expect(start({ file, environment: { CHATEAU_HOST: 'b' } })).toMatchObject({ options: { host: 'b', port: 1 } });
  expect(
    start({ file, environment: { CHATEAU_HOST: 'b' }, argv: ['--host=c', '--port', '2', '--device', 'desk'] }),
  ).toEqual({
    kind: 'run',
    options: { host: 'c', port: 2, device: 'desk' },
  });
});

test('where the server listens on every address, the client goes to this machine', () => {
  expect(start({ file: 'host = "0.0.0.0"' })).toMatchObject({ options: { host: '127.0.0.1' } });
  expect(start({ file: 'host = "::"' })).toMatchObject({ options: { host: '::1' } });
});

test.each([
  ['::1', '::1', 8888],
  ['[::1]', '::1', 8888],
  ['[::1]:9000', '::1', 9000],
  ['[fe80::1%eth0]:9000', 'fe80::1%eth0', 9000],
  ['[::]:9000', '::1', 9000],
  ['127.0.0.1:9000', '127.0.0.1', 9000],
  ['chat.lan:9000', 'chat.lan', 9000],
])('the host %s is %s port %i, as a flag, in the environment and in the file', (text, host, port) => {
  for (const given of [
    { argv: ['--host', text] },
    { environment: { CHATEAU_HOST: text } },
    { file: `host = "${text}"` },
  ]) {
    expect(start(given)).toMatchObject({ kind: 'run', options: { host, port } });
  }
});

test('a port behind the host goes before a port of a lesser source, and belongs to no other host', () => {
  const environment = { CHATEAU_HOST: '[::1]:9000' };
  expect(start({ environment, file: 'port = 1' })).toMatchObject({ options: { host: '::1', port: 9000 } });
  expect(start({ environment, argv: ['--port', '2'] })).toMatchObject({ options: { host: '::1', port: 2 } });
  expect(start({ environment, argv: ['--host', 'b'] })).toMatchObject({ options: { host: 'b', port: 8888 } });
  expect(start({ argv: ['--host', 'a:9000', '--port', '9000'] })).toMatchObject({ options: { host: 'a', port: 9000 } });
  expect(start({ argv: ['--host', 'a:9000', '--port', '2'] })).toEqual({
    kind: 'mistakes',
    mistakes: ['--host: names port 9000, and --port another: give one of them'],
  });
  expect(start({ argv: ['--host', '[::1]:0'] })).toMatchObject({ kind: 'mistakes' });
});

test('a word that every object knows is a name like any other', () => {
  expect(start({ argv: ['--host', 'constructor'] })).toMatchObject({ options: { host: 'constructor' } });
  expect(start({ argv: ['--toString=x'] })).toMatchObject({
    mistakes: ['--toString: no such flag; --help lists them'],
  });
  expect(start({ environment: { CHATEAU_TLS: 'constructor' } })).toMatchObject({
    mistakes: ['CHATEAU_TLS: must be true or false, not "constructor"'],
  });
});

test('help and version are asked for', () => {
  expect(start({ argv: ['--help'] })).toEqual({ kind: 'help' });
  expect(start({ argv: ['-h'] })).toEqual({ kind: 'help' });
  expect(start({ argv: ['--version'] })).toEqual({ kind: 'version' });
});

test.each([
  [['--prot', '1'], ['--prot: no such flag; did you mean --port?']],
  [['--port'], ['--port: needs a value']],
  [['--host', '--port', '1'], ['--host: needs a value']],
  [['--port', 'x'], ['--port: must be a whole number from 1 to 65535, not "x"']],
  [
    ['--port', '70000', '--device', 'a b'],
    ['--port: must be a whole number from 1 to 65535, not 70000', '--device: must be 1 to 32 letters, digits, _ or -'],
  ],
  [['--host', 'a b'], ['--host: must be a host name or an IP address, not "a b"']],
  [['--help=yes'], ['--help: takes no value']],
  [['login'], ['login: commands are typed at the prompt, or piped in']],
  [['--tls-ca', 'none.pem', '--tls'], ['--tls-ca: cannot read none.pem: there is no such file']],
  [['--tls=yes'], ['--tls: takes no value']],
  [['--config', 'none.toml'], ['cannot read none.toml: there is no such file']],
])('%p is a mistake of one line each', (argv, mistakes) => {
  expect(start({ argv })).toEqual({ kind: 'mistakes', mistakes });
});

test('mistakes in the file and in the environment say where they are', () => {
  expect(start({ file: 'port = 0' })).toEqual({
    kind: 'mistakes',
    mistakes: [
      'chateau.toml: port: must be a whole number from 1 to 65535, not 0 (any free one; the server prints which: use --port)',
    ],
  });
  expect(start({ environment: { CHATEAU_PORT: '-1' } })).toEqual({
    kind: 'mistakes',
    mistakes: ['CHATEAU_PORT: must be a whole number from 1 to 65535, not "-1"'],
  });
  expect(start({ file: 'port = = 1' })).toMatchObject({
    kind: 'mistakes',
    mistakes: [expect.stringMatching(/^chateau.toml:1: /)],
  });
});

describe('TLS', () => {
  const file = '-----BEGIN CERTIFICATE-----\n';
  const readFile = (path: string): string => (path === 'chateau.toml' ? '' : file);

  test('is only where it was asked for, and trusts what was named', () => {
    expect(start({ argv: ['--tls'] })).toMatchObject({ options: { tls: { ca: undefined } } });
    expect(start({ environment: { CHATEAU_TLS: 'true' } })).toMatchObject({ options: { tls: { ca: undefined } } });
    expect(start({ environment: { CHATEAU_TLS: '0' } })).toMatchObject({ options: { tls: undefined } });
    expect(start({ argv: ['--tls', '--tls-ca', 'c.pem'], readFile })).toMatchObject({ options: { tls: { ca: file } } });
    const environment = { CHATEAU_TLS: '1', CHATEAU_TLS_CA: 'c.pem' };
    expect(start({ environment, readFile })).toMatchObject({ options: { tls: { ca: file } } });
  });

  test('a certificate to trust is a mistake where no TLS is asked for', () => {
    expect(start({ argv: ['--tls-ca', 'c.pem'], readFile })).toEqual({
      kind: 'mistakes',
      mistakes: ['--tls-ca: is of no use without --tls'],
    });
  });

  test('a file without a certificate and a variable that is neither true nor false are mistakes', () => {
    expect(start({ argv: ['--tls', '--tls-ca', 'c.pem'], readFile: () => '' })).toEqual({
      kind: 'mistakes',
      mistakes: ['--tls-ca: there is no certificate in c.pem'],
    });
    expect(start({ environment: { CHATEAU_TLS: 'maybe' } })).toEqual({
      kind: 'mistakes',
      mistakes: ['CHATEAU_TLS: must be true or false, not "maybe"'],
    });
  });
});
