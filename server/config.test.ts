import fc from 'fast-check';
import { parse } from 'smol-toml';
import { type Config, readConfig, type Startup } from './config';
import { type ConfigKey, environmentName, optionEntries, options } from './config/options';

const defaults = Object.fromEntries(optionEntries.map(([key, spec]) => [key, spec.default]));

/** Reads with these files and no others. */
function read(
  argv: string[] = [],
  environment: Record<string, string> = {},
  files: Record<string, string> = {},
): Startup {
  return readConfig(argv, environment, (path) => {
    const text = Object.hasOwn(files, path) ? files[path] : undefined;
    if (text === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
    return text;
  });
}

function configOf(startup: Startup): Config {
  if (startup.kind !== 'run') throw new Error(JSON.stringify(startup));
  return startup.config;
}

function mistakesOf(startup: Startup): readonly string[] {
  if (startup.kind !== 'mistakes') throw new Error(JSON.stringify(startup));
  return startup.lines;
}

function textOf(startup: Startup): string {
  if (startup.kind !== 'print') throw new Error(JSON.stringify(startup));
  return startup.text;
}

describe('which source holds', () => {
  test('without anything said the defaults hold, which are those of the design', () => {
    expect(read()).toEqual({ kind: 'run', config: defaults, warnings: [] });
    expect(defaults).toEqual({
      host: '127.0.0.1',
      port: 8888,
      connectionsMax: 20_000,
      grpcPort: 11_912,
      chatbotPort: 9_000,
      chatbotHost: '127.0.0.1',
      nickroomPort: 10_328,
      nickroomHost: '127.0.0.1',
      nickroomHistoryMessages: 100,
      wsOrigins: '',
      tlsCert: '',
      tlsKey: '',
      database: 'data/chateau.db',
      memory: false,
      mailboxMessagesMax: 100_000,
      historyDays: 30,
      sessionsPerAccountMax: 1,
      bcryptCost: 10,
      auth: 'password',
      ldapUrl: '',
      ldapBase: '',
      ldapFilter: '(uid={username})',
      ldapCa: '',
      ldapBindDn: '',
      ldapBindPasswordFile: '',
      logLevel: 'info',
    });
  });

  test('a flag counts more than the environment, that more than the file, that more than the default', () => {
    const files = { 'chateau.toml': 'port = 1\nhost = "::1"\nbcrypt-cost = 5' };
    const environment = { CHATEAU_PORT: '2', CHATEAU_HOST: '10.0.0.1' };
    const config = configOf(read(['--port', '3'], environment, files));
    expect(config).toEqual({ ...defaults, port: 3, host: '10.0.0.1', bcryptCost: 5 });
  });

  /** What does for one option is none for another of its kind. */
  const odd: Readonly<Record<string, string>> = {
    wsOrigins: 'https://chat.example.org, http://localhost:8080',
    auth: 'ldap',
    ldapUrl: 'ldaps://directory.example.org:6360',
    ldapBase: 'ou=people,dc=example,dc=org',
    ldapFilter: '(&(mail={username}@example.org)(memberOf=cn=chat))',
    ldapBindDn: 'cn=reader,dc=example,dc=org',
  };
  /** What must be there besides. */
  const alongside: Readonly<Record<string, Record<string, string>>> = {
    tlsCert: { tlsKey: 'key.pem' },
    tlsKey: { tlsCert: 'cert.pem' },
    auth: { ldapUrl: 'ldaps://d', ldapBase: 'dc=d' },
    ldapBindDn: { ldapBindPasswordFile: 'secret' },
    ldapBindPasswordFile: { ldapBindDn: 'cn=reader' },
  };

  test.each(optionEntries)('%s can be set by flag, environment and file alike', (key, spec) => {
    const other = odd[key] ?? { text: 'elsewhere', whole: 7, port: 7, switch: true, choice: 'warn' }[spec.kind];
    const besides = alongside[key] ?? {};
    const lines = Object.entries(besides).map(([name, value]) => {
      return `${options[name as ConfigKey].name} = ${JSON.stringify(value)}\n`;
    });
    const expected = { ...defaults, ...besides, [key]: other };
    const read = (argv: string[], environment = {}, file = ''): Startup =>
      readConfig(argv, environment, () => lines.join('') + file);
    const flag = spec.kind === 'switch' ? [`--${spec.name}`] : [`--${spec.name}`, String(other)];
    expect(configOf(read(flag))).toEqual(expected);
    expect(configOf(read([`--${spec.name}=${other}`]))).toEqual(expected);
    expect(configOf(read([], { [environmentName(spec.name)]: String(other) }))).toEqual(expected);
    expect(configOf(read([], {}, `${spec.name} = ${JSON.stringify(other)}`))).toEqual(expected);
  });

  test('of a flag given twice the last one holds', () => {
    expect(configOf(read(['--port', '1', '--port', '2'])).port).toBe(2);
  });

  test('a switch set in the file is turned off by a flag or a variable', () => {
    const files = { 'chateau.toml': 'memory = true' };
    expect(configOf(read([], {}, files)).memory).toBe(true);
    expect(configOf(read(['--no-memory'], {}, files)).memory).toBe(false);
    expect(configOf(read(['--memory=false'], {}, files)).memory).toBe(false);
    expect(configOf(read([], { CHATEAU_MEMORY: '0' }, files)).memory).toBe(false);
  });

  test('an empty variable counts as not set', () => {
    expect(configOf(read([], { CHATEAU_PORT: '', CHATEAU_CONFIG: '' }))).toEqual(defaults);
  });
});

describe('which file is read', () => {
  const files = { 'chateau.toml': 'port = 1', 'flag.toml': 'port = 2', 'variable.toml': 'port = 3' };

  test('chateau.toml, unless a variable names another, unless a flag does', () => {
    expect(configOf(read([], {}, files)).port).toBe(1);
    expect(configOf(read([], { CHATEAU_CONFIG: 'variable.toml' }, files)).port).toBe(3);
    expect(configOf(read(['--config', 'flag.toml'], { CHATEAU_CONFIG: 'variable.toml' }, files)).port).toBe(2);
  });

  test('a file that was named must be there', () => {
    expect(mistakesOf(read(['--config', 'no.toml']))).toEqual(['--config: cannot read no.toml: there is no such file']);
    expect(mistakesOf(read([], { CHATEAU_CONFIG: 'no.toml' }))).toEqual([
      'CHATEAU_CONFIG: cannot read no.toml: there is no such file',
    ]);
  });

  test('a chateau.toml that is there but cannot be read is a mistake', () => {
    const denied = () => {
      throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
    };
    expect(mistakesOf(readConfig([], {}, denied))).toEqual([
      'chateau.toml: cannot read chateau.toml: permission denied',
    ]);
  });
});

describe('mistakes', () => {
  test('all of them are told at once, each with its source and line', () => {
    const files = { 'chateau.toml': '# ours\nport = "12"\n\nbcrypt_cost = 12\nmemory = 1\n' };
    const environment = { CHATEAU_PORT: '70000', CHATEAU_LOG_LEVEL: 'loud', CHATEAU_BCRYPT_COTS: '4' };
    expect(mistakesOf(read(['--prot', '1', '--port', '-1', '--bcrypt-cost', '3.5'], environment, files))).toEqual([
      '--prot: no such flag; did you mean --port?',
      '--port: must be a whole number from 0 to 65535, not "-1"',
      '--bcrypt-cost: must be a whole number from 4 to 15, not "3.5"',
      'CHATEAU_PORT: must be a whole number from 0 to 65535, not "70000"',
      'CHATEAU_LOG_LEVEL: must be one of trace, debug, info, warn, error, fatal, silent, not "loud"',
      'chateau.toml:2: port: must be a whole number from 0 to 65535, without quotes',
      'chateau.toml:4: bcrypt_cost: no such setting; did you mean bcrypt-cost?',
      'chateau.toml:5: memory: must be true or false, not 1',
      'CHATEAU_BCRYPT_COTS: no such setting, ignored; did you mean CHATEAU_BCRYPT_COST?',
    ]);
  });

  test.each([
    ['--bcrypt-cost', '3'],
    ['--bcrypt-cost', '16'],
    ['--sessions-per-account', '0'],
    ['--sessions-per-account', '101'],
    ['--port', '65536'],
    ['--port', '0x10'],
    ['--port', '1e3'],
    ['--connections', '0'],
    ['--mailbox-messages', '0'],
    ['--host', 'two words'],
    ['--log-level', 'INFO'],
    ['--grpc-port', 'of'],
    ['--chatbot-port', '65536'],
    ['--ws-origins', 'chat.example.org'],
    ['--ws-origins', 'https://chat.example.org/page'],
    ['--ldap-url', 'http://directory'],
    ['--ldap-url', 'ldaps://reader:secret@directory'],
    ['--ldap-url', 'ldaps://directory/dc=example?uid'],
    ['--ldap-base', 'people'],
    ['--ldap-filter', '(uid=alice)'],
    ['--ldap-filter', 'uid={username}'],
  ])('%s %s is refused', (flag, value) => {
    expect(mistakesOf(read([flag, value]))).toEqual([expect.stringContaining(`${flag}: must be`)]);
  });

  test.each([
    ['--bcrypt-cost', '4'],
    ['--bcrypt-cost', '15'],
    ['--sessions-per-account', '100'],
    ['--port', '0'],
    ['--port', '65535'],
    ['--host', '::'],
    ['--host', 'fe80::1%eth0'],
    ['--host', 'chat.example.org'],
    ['--log-level', 'silent'],
    ['--grpc-port', 'off'],
    ['--nickroom-port', '0'],
    ['--ldap-url', 'ldap://[::1]:389/'],
  ])('%s %s is taken', (flag, value) => {
    expect(read([flag, value]).kind).toBe('run');
  });

  test('a URL for the database is refused with what to do instead, also :memory:', () => {
    expect(mistakesOf(read(['--database', 'postgres://chat@db/chat']))).toEqual([
      '--database: a URL is not supported yet: this version keeps its data in a SQLite file, so give a path',
    ]);
    expect(mistakesOf(read(['--database', ':memory:']))[0]).toContain('use --memory');
  });

  test('settings that do not fit together are told with where they were made', () => {
    expect(mistakesOf(read(['--tls-cert', 'c.pem', '--auth', 'ldap'], { CHATEAU_LDAP_BIND_DN: 'cn=x' }))).toEqual([
      '--tls-cert: needs --tls-key too: a certificate is of no use without its key',
      '--auth: needs --ldap-url too: the directory must be known',
      '--auth: needs --ldap-base too: it must be known where people are searched',
      'CHATEAU_LDAP_BIND_DN: needs --ldap-bind-password-file too: a bind needs a password',
    ]);
    expect(mistakesOf(read(['--print-config', '--tls-key', 'k.pem']))).toHaveLength(1);
  });

  test('a flag without its value does not take the next flag for it', () => {
    expect(mistakesOf(read(['--port', '--memory']))).toEqual(['--port: needs a value']);
    expect(mistakesOf(read(['--port']))).toEqual(['--port: needs a value']);
    expect(mistakesOf(read(['--port=']))).toEqual(['--port: needs a value']);
  });

  test('a value where none belongs is refused', () => {
    expect(mistakesOf(read(['--print-config=yes']))).toEqual(['--print-config: takes no value']);
    expect(mistakesOf(read(['--no-memory=true']))).toEqual(['--no-memory: takes no value']);
    expect(mistakesOf(read(['8888']))).toEqual(['8888: settings are given as flags, such as --port 8888']);
  });

  test('a value is shown on one line, short, and harmless to a terminal', () => {
    const [line = ''] = mistakesOf(read(['--port', `\u001b[31m\n\u202e${'9'.repeat(500)}`]));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they must not be there
    expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
    expect(line.length).toBeLessThan(140);
  });

  test('what is like no name gets no suggestion', () => {
    expect(mistakesOf(read(['--foo'], { CHATEAU_FOO: '1' }, { 'chateau.toml': 'x = 1' }))).toEqual([
      '--foo: no such flag',
      'chateau.toml:1: x: no such setting',
      'CHATEAU_FOO: no such setting, ignored',
    ]);
  });

  test('whatever the arguments and the file are, the answer is a configuration, a text or mistakes, never a crash', () => {
    const word = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('--port', '--no-memory', '--config', '--', '-', '--__proto__', '-p', '=', '--memory=', '8888'),
    );
    fc.assert(
      fc.property(fc.array(word), fc.string({ unit: 'binary' }), (argv, toml) => {
        const startup = read(argv, {}, { 'chateau.toml': toml });
        expect(['run', 'print', 'mistakes']).toContain(startup.kind);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: each mistake is one harmless line
        if (startup.kind === 'mistakes') expect(startup.lines.join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
      }),
    );
  });
});

describe('the file', () => {
  test.each([
    ['a syntax error', 'port = 1\nhost = \n', 'chateau.toml:2: not valid TOML: '],
    ['a key said twice', 'port = 1\nport = 2\n', 'chateau.toml:2: not valid TOML: '],
    ['a number too large to hold', 'port = 99999999999999999999\n', 'chateau.toml:1: not valid TOML: '],
    ['a key inside a string of many lines', 'host = """\nport = 1\n"""\nport = true\n', 'chateau.toml:4: port: '],
    ['a quoted key', '\n"port" = true\n', 'chateau.toml:2: port: '],
    ['an unknown table', 'port = 1\n[limits]\nlogins = 3\n', 'chateau.toml:2: limits: no such setting'],
    ['a table where a value belongs', '[port]\nx = 1\n', 'chateau.toml:1: port: must be'],
    ['a comment with the key before it', '# port = 1\n  port = true\n', 'chateau.toml:2: port: '],
    ['Windows line ends', 'memory = true\r\nport = true\r\n', 'chateau.toml:2: port: '],
    ['a flag that is no setting', 'config = "x"\n', 'chateau.toml:1: config: a flag only'],
  ])('%s is told with its line', (_, toml, expected) => {
    const lines = mistakesOf(read([], {}, { 'chateau.toml': toml }));
    expect(lines).toContainEqual(expect.stringContaining(expected));
    expect(lines.join('')).not.toContain('\n');
  });

  test('a key whose line cannot be found is told with the file alone', () => {
    expect(mistakesOf(read([], {}, { 'chateau.toml': '"po\\u0072t" = true\n' }))).toEqual([
      'chateau.toml: port: must be a whole number from 0 to 65535, not true',
    ]);
  });

  test('a byte order mark is no mistake', () => {
    expect(configOf(read([], {}, { 'chateau.toml': '\uFEFFport = 1\n' })).port).toBe(1);
  });
});

describe('variables that are no settings', () => {
  test('they are warned of and do not keep the server from starting', () => {
    const environment = { CHATEAU_PROT: '1', CHATEAU_SERVICE_HOST: '10.0.0.1', PATH: '/bin' };
    expect(read([], environment)).toEqual({
      kind: 'run',
      config: defaults,
      warnings: [
        'CHATEAU_PROT: no such setting, ignored; did you mean CHATEAU_PORT?',
        'CHATEAU_SERVICE_HOST: no such setting, ignored',
      ],
    });
  });
});

describe('--print-config', () => {
  const files = { 'my settings.toml': '\nlog-level = "warn"\n' };
  const argv = ['--print-config', '--config', 'my settings.toml', '--database', 'a "b" \\ü.db'];
  const environment = { CHATEAU_PORT: '0' };

  test('every setting is printed with its source', () => {
    const lines = textOf(read(argv, environment, files)).split('\n');
    expect(lines).toContain('host = "127.0.0.1"  # default');
    expect(lines).toContain('port = 0  # CHATEAU_PORT');
    expect(lines).toContain('log-level = "warn"  # my settings.toml:2');
    expect(lines).toContain('database = "a \\"b\\" \\\\ü.db"  # --database');
  });

  test('what it prints is a file that gives the same settings', () => {
    const printed = textOf(read(argv, environment, files));
    const same = configOf(read(['--config', 'printed.toml'], {}, { 'printed.toml': printed }));
    expect(same).toEqual(configOf(read(argv.slice(1), environment, files)));
  });

  test('it stays valid TOML when a path or a variable has odd characters, and shows warnings', () => {
    const odd = 'a\nb\u0007.toml';
    const printed = textOf(read(['--print-config', '--config', odd], { CHATEAU_X: '1' }, { [odd]: 'port = 1' }));
    expect(parse(printed)).toMatchObject({ port: 1 });
    expect(printed).toContain('# CHATEAU_X: no such setting');
  });

  test('with a mistake the mistake is told instead', () => {
    expect(read(['--print-config', '--port', 'x']).kind).toBe('mistakes');
  });
});
