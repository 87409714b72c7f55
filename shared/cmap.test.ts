import {
  type CommandSpec,
  capabilities,
  cmapVersion,
  commands,
  findCommand,
  helpLines,
  isDeviceName,
  isSendKey,
  usageOf,
} from './cmap';
import { limits } from './limits';

const table: readonly CommandSpec[] = commands;

/** Opcode, name, usage, reply and whether a login is needed, as docs/protocol.md has them. */
const rows = [
  [0, 'create', '<username> <password>', 'line', false],
  [1, 'list', '[pattern [after]]', 'usernames', false],
  [2, 'login', '<username> <password>', 'messages', false],
  [3, 'send', '<to> <body>', 'line', true],
  [4, 'delete', '<username> <password>', 'messages', false],
  [5, 'deliver', '[username [password]]', 'messages', true],
  [6, 'help', '[command]', 'text', false],
  [7, 'hello', '<version> [capability ...]', 'line', false],
  [8, 'logout', '', 'line', true],
  [9, 'ack', '<log> <seq>', 'none', true],
  [10, 'history', '<with> [before [limit]]', 'messages', true],
  [11, 'who', '[pattern]', 'usernames', true],
  [12, 'room', '<#room> [member ...]', 'line', true],
  [13, 'join', '<#room>', 'line', true],
  [14, 'leave', '<#room>', 'line', true],
  [15, 'members', '<#room>', 'usernames', true],
  [16, 'random', '<body>', 'line', true],
  [17, 'passwd', '<old> <new>', 'line', true],
  [18, 'ping', '[token]', 'line', false],
  [19, 'quit', '', 'line', false],
  [20, 'takeover', '<username> <password>', 'messages', false],
  [21, 'block', '<username>', 'line', true],
  [22, 'unblock', '<username>', 'line', true],
] as const;

describe('the table', () => {
  test('has these rows and no others', () => {
    const found = table.map((spec) => [
      spec.opcode,
      spec.name,
      usageOf(spec).slice(spec.name.length + 1),
      spec.items ?? spec.reply,
      spec.needsLogin,
    ]);
    expect(found).toEqual(rows);
  });

  test.each(table)('$name has its index for an opcode', (spec) => {
    expect(table[spec.opcode]).toBe(spec);
  });

  test('names no command twice', () => {
    expect(new Set(table.map(({ name }) => name)).size).toBe(table.length);
  });

  test.each(table)('$name is a word in lower case that no opcode can be taken for', ({ name }) => {
    expect(name).toMatch(/^[a-z]{2,16}$/);
  });

  test.each(table)('$name answers with items exactly when it answers with a block', ({ reply, items }) => {
    expect(items !== undefined).toBe(reply === 'block');
  });

  test.each(table)('$name has arguments that can be told apart', ({ arguments: given }) => {
    const fields = given.map(({ name, field }) => field ?? name);
    expect(new Set(fields).size).toBe(fields.length);
    for (const field of fields) expect(field).toMatch(/^[a-z]+$/);
    // The request has its own command there: `help send` must never be a send.
    expect(fields).not.toContain('command');
  });

  test.each(table)('$name requires nothing after what may be absent', ({ arguments: given }) => {
    const kinds = given.map(({ kind, optional }) => (optional || kind === 'words' ? 'optional' : 'required'));
    expect(kinds).toEqual([...kinds].sort().reverse());
  });

  test.each(table)('$name takes spaces in its last argument alone', ({ arguments: given }) => {
    const kinds = given.slice(0, -1).map(({ kind }) => kind);
    expect(kinds).not.toContain('body');
    expect(kinds).not.toContain('words');
  });

  test.each(table)('$name says what it does in one line', ({ help }) => {
    expect(help).toMatch(/^[a-z][ -~]+[a-z#>?*]$/);
  });

  test('a name, a key and an opcode leave room for themselves before a body', () => {
    const head = '3 #'.length + limits.nameLengthMax + 1 + limits.keyLengthMax + 1;
    expect(head).toBeLessThanOrEqual(limits.headBytesMax);
  });
});

describe('a command is found', () => {
  test.each(table)('$name by opcode and by word in any case', (spec) => {
    expect(findCommand(String(spec.opcode))).toBe(spec);
    expect(findCommand(spec.name)).toBe(spec);
    expect(findCommand(spec.name.toUpperCase())).toBe(spec);
    expect(findCommand(`${spec.name[0]?.toUpperCase()}${spec.name.slice(1)}`)).toBe(spec);
  });

  test.each(['', ' ', '23', '99', '100', '00', '03', '-1', '+3', '3.0', '1e1', '0x3', ' 3', '3 ', '3\n', '\n3', '٣'])(
    'by no other number: %j',
    (word) => expect(findCommand(word)).toBeUndefined(),
  );

  test.each(['sen', 'sends', ' send', 'send ', 'send\n', 'constructor', '__proto__', 'toString', 'length'])(
    'by no other word: %j',
    (word) => expect(findCommand(word)).toBeUndefined(),
  );
});

describe('help', () => {
  test('has a line for every command, in the order of their opcodes', () => {
    const lines = helpLines();
    expect(lines).toHaveLength(table.length);
    expect(lines.map((line) => Number.parseInt(line, 10))).toEqual(table.map(({ opcode }) => opcode));
  });

  test('shows opcode, usage and what it does in columns', () => {
    expect(helpLines('send')).toEqual([
      ' 3 send <to> <body>                   send a message to a username or a #room',
    ]);
    expect(helpLines('10')).toEqual([
      '10 history <with> [before [limit]]    messages with an account or of a #room, the newest page, oldest first',
    ]);
    expect(helpLines('Quit')).toEqual(['19 quit                               close the connection']);
  });

  test('has columns that line up', () => {
    for (const spec of table) expect(helpLines(spec.name)[0]?.indexOf(spec.help)).toBe(38);
  });

  test('has no empty line: that would end its block', () => {
    for (const line of helpLines()) expect(line).toMatch(/^[ -~]{10,}$/);
  });

  test.each(['jump', '', '23'])('has no line for what is no command: %j', (word) => {
    expect(helpLines(word)).toEqual([]);
  });
});

test('the key of a send is part of its usage where keys were negotiated', () => {
  expect(usageOf(commands[3])).toBe('send <to> <body>');
  expect(usageOf(commands[3], false)).toBe('send <to> <body>');
  expect(usageOf(commands[3], true)).toBe('send <to> <key> <body>');
});

test('this is version 2, with these capabilities', () => {
  expect(cmapVersion).toBe('2');
  expect(capabilities).toEqual(['ack', 'keys', 'receipts']);
});

describe('a device name', () => {
  test.each(['a', '-', '_', 'Phone-2_x', '0', 'x'.repeat(limits.deviceLengthMax)])('may be %j', (text) => {
    expect(isDeviceName(text)).toBe(true);
  });

  test.each(['', ' ', 'a b', 'a.b', 'é', 'a\n', '\na', 'a ', ' a', '#a', 'x'.repeat(limits.deviceLengthMax + 1)])(
    'may not be %j',
    (text) => expect(isDeviceName(text)).toBe(false),
  );
});

describe('the key of a send', () => {
  test.each(['!', '~', 'k7f3', '#"\\', 'x'.repeat(limits.keyLengthMax)])('may be %j', (text) => {
    expect(isSendKey(text)).toBe(true);
  });

  test.each(['', ' ', 'a b', 'a\n', '\na', ' a', 'a ', '\x1f', '\x7f', 'é', 'x'.repeat(limits.keyLengthMax + 1)])(
    'may not be %j',
    (text) => expect(isSendKey(text)).toBe(false),
  );
});
