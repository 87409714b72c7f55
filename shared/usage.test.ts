import { type CommandSpec, commands } from './cmap';
import { helpLines, usageOf } from './usage';

const table: readonly CommandSpec[] = commands;

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
