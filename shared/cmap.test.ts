import { type CommandSpec, capabilities, cmapVersion, commands, findCommand } from './cmap';
import { limits } from './limits';
import { usageOf } from './usage';

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

  test('there is a place before a body for its command, the longest name and the longest key', () => {
    const head = 'send #'.length + limits.roomNameLengthMax + 1 + limits.keyLengthMax + 1;
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

test('this is version 2, with these capabilities', () => {
  expect(cmapVersion).toBe('2');
  expect(capabilities).toEqual(['ack', 'keys', 'receipts']);
});
